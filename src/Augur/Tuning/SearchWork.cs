namespace Augur.Tuning;

/// <summary>What a search is doing.</summary>
public enum SearchStage
{
    /// <summary>Draws the pictures to choose on without a method.</summary>
    Uncached,

    /// <summary>Tries settings.</summary>
    Trying,

    /// <summary>Judges the best of them on all pictures.</summary>
    Judging,

    /// <summary>Draws pictures that the search never saw.</summary>
    HeldOut,
}

/// <summary>How far a search is.</summary>
/// <param name="Stage">What it is doing.</param>
/// <param name="Tried">Settings tried.</param>
/// <param name="Limit">Most settings that it tries.</param>
/// <param name="Share">Of the expected work, 0 to 1; not the share of time, but nearly.</param>
/// <param name="Best">The best so far, on the pictures that neighbours are compared on; null: none yet.</param>
/// <param name="IsNewBest">Whether it has just been found.</param>
public sealed record SearchProgress(SearchStage Stage, int Tried, int Limit, double Share, Trial? Best, bool IsNewBest);

/// <summary>Keeps account of a search's work, in uncached pictures, and tells of it.</summary>
/// <param name="count">Pictures to choose on.</param>
/// <param name="few">Of these, the pictures that neighbours are compared on.</param>
/// <param name="heldOut">Pictures to state on.</param>
/// <param name="limit">Most settings to try.</param>
/// <param name="guess">Cost of a picture under a method over that of an uncached one, before anything is known.</param>
/// <param name="report">Is told; null: nobody.</param>
internal sealed class SearchWork(int count, int few, int heldOut, int limit, double guess, Action<SearchProgress>? report)
{
    public const int Finalists = 5;

    private SearchStage _stage;
    private double _done;
    private double _uncached;
    private double _tried;
    private int _settings;
    private Trial? _best;

    public void Enter(SearchStage stage) => _stage = stage;

    /// <summary>Share of one uncached picture that was drawn.</summary>
    public void Uncached(double pictures)
    {
        _uncached += pictures;
        _done += pictures;
        Tell(isNewBest: false);
    }

    /// <summary>Pictures that a method drew.</summary>
    public void Drawn(Trial trial) => _done += CostOf(trial);

    /// <summary>One setting was tried.</summary>
    public void Tried(Trial trial)
    {
        _settings++;
        _tried += CostOf(trial);
        _done += CostOf(trial);
        Tell(isNewBest: false);
    }

    public void Best(Trial trial)
    {
        _best = trial;
        Tell(isNewBest: true);
    }

    private static double CostOf(Trial trial) => trial.Psnr.Count / Math.Max(1, trial.FlopsSpeedup);

    private void Tell(bool isNewBest)
    {
        var perSetting = _settings == 0 ? few * guess : _tried / _settings;
        var cost = perSetting / few;
        var settings = _stage <= SearchStage.Trying ? (limit - _settings) * perSetting : 0;
        var judging = _stage <= SearchStage.Trying ? Finalists * (count - few) * cost : 0;
        var uncached = Math.Max(0, count + heldOut - _uncached);
        var ahead = settings + judging + uncached + (heldOut * cost);
        report?.Invoke(new(_stage, _settings, limit, _done / (_done + ahead), _best, isNewBest));
    }
}
