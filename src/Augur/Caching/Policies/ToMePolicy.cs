using Augur.Caching.Tokens;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="ToMePolicy"/>. The defaults are those of ToMe for Stable Diffusion.</summary>
public sealed record ToMeOptions
{
    /// <summary>Share of the tokens that is merged into others, at most those that are no destination; 0 merges none.</summary>
    [Setting("ratio", 0, 1, BelowMaximum = true)]
    public double Ratio { get; init => field = Setting.Checked(this, value); } = 0.5;

    /// <summary>Rows of a window, which has one destination.</summary>
    [Setting("window_rows", 1, 64, Unit = "tokens")]
    public int WindowRows { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Columns of a window.</summary>
    [Setting("window_columns", 1, 64, Unit = "tokens")]
    public int WindowColumns { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Whether the destination of a window is drawn at each merging; otherwise it is the first.</summary>
    [Setting("random")]
    public bool IsRandom { get; init; } = true;
}

/// <summary>
/// ToMe for Stable Diffusion (arXiv 2303.17604): before self-attention at full resolution similar tokens are merged into their mean, and its output
/// goes to all of them. Nothing is kept from call to call.
/// </summary>
public sealed class ToMePolicy(ToMeOptions? options = null) : CachePolicy<ToMeOptions>(Settings, options)
{
    internal static readonly SettingList<ToMeOptions> Settings = new("Policy", "tome");

    /// <summary>Where draws come from; for replays.</summary>
    internal Func<RunInfo, IPruningDraws> Draws { get; init; } = run => new SeededPruning(run.Seed);

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        if (Options.Ratio == 0)
        {
            return new UncachedMemory(note: null);
        }

        ShrunkAttention.Require(
            run.NotNull().Map, "Policy tome merges tokens of self-attention over the whole grid, which this network cannot do.");
        var windows = TokenWindows.Of(run.Map, "Policy tome", Options.WindowRows, Options.WindowColumns);
        return new ShrunkMemory(
            run,
            new PlaceScoring(windows, Options.IsRandom ? Draws(run) : null),
            new MergeReducing(windows),
            tokens => tokens - (int)(tokens * Options.Ratio));
    }
}
