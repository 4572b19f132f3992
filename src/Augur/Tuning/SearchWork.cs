namespace Augur.Tuning;

/// <summary>Stages of a search.</summary>
public enum SearchStage
{
    /// <summary>Generates the uncached calibration pictures.</summary>
    Uncached,

    /// <summary>Tries settings on the calibration pictures.</summary>
    Trying,

    /// <summary>Measures the best settings on all calibration pictures.</summary>
    Judging,

    /// <summary>Tests on held-out pictures.</summary>
    HeldOut,
}

/// <summary>Progress of a search.</summary>
/// <param name="Stage">The current stage.</param>
/// <param name="Tried">Number of settings tried.</param>
/// <param name="Limit">Largest number of settings to try.</param>
/// <param name="Share">Share of the expected work done, 0 to 1; approximately the share of time.</param>
/// <param name="Best">The best trial so far, on the pictures for comparing neighbours; null: none yet.</param>
/// <param name="IsNewBest">Whether the best trial has just been found.</param>
public sealed record SearchProgress(SearchStage Stage, int Tried, int Limit, double Share, Trial? Best, bool IsNewBest);

/// <summary>
/// Keeps account of a search's work, in units of one uncached picture, and reports progress. Pictures of one batch tell their steps on threads of
/// their own: they are counted one after the other, and whoever hears of it is called by one thread at a time.
/// </summary>
/// <param name="count">Number of calibration pictures.</param>
/// <param name="few">Number of these on which neighbours are compared.</param>
/// <param name="heldOut">Number of held-out pictures of one attempt.</param>
/// <param name="limit">Largest number of settings to try.</param>
/// <param name="guess">Initial guess of the cost of a cached picture relative to an uncached one.</param>
/// <param name="report">Receives progress; null: nobody.</param>
internal sealed class SearchWork(int count, int few, int heldOut, int limit, double guess, Action<SearchProgress>? report)
{
    public const int Finalists = 5;

    private readonly Lock _lock = new();
    private SearchStage _stage;
    private double _done;
    private double _uncached;
    private double _tried;
    private int _settings;
    private Trial? _best;

    public void Enter(SearchStage stage) => Count(() => _stage = stage);

    /// <summary>Counts a share of an uncached picture that was generated.</summary>
    public void Uncached(double pictures) => Count(() =>
    {
        _uncached += pictures;
        _done += pictures;
        Tell(isNewBest: false);
    });

    /// <summary>Counts pictures that were generated under a policy.</summary>
    public void Drawn(Trial trial) => Count(() => _done += CostOf(trial));

    /// <summary>Counts a setting that was tried.</summary>
    public void Tried(Trial trial) => Count(() =>
    {
        _settings++;
        _tried += CostOf(trial);
        _done += CostOf(trial);
        Tell(isNewBest: false);
    });

    public void Best(Trial trial) => Count(() =>
    {
        _best = trial;
        Tell(isNewBest: true);
    });

    private void Count(Action count)
    {
        lock (_lock)
        {
            count();
        }
    }

    private static double CostOf(Trial trial) => trial.Quality.Count / Math.Max(1, trial.FlopsSpeedup);

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
