using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>Settings of reductions that keep the leader of each window.</summary>
public sealed record WindowReductionOptions
{
    /// <summary>Rows of a window.</summary>
    [Setting("rows", 1, 64, Unit = "tokens")]
    public int Rows { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Columns of a window.</summary>
    [Setting("columns", 1, 64, Unit = "tokens")]
    public int Columns { get; init => field = Setting.Checked(this, value); } = 2;
}

/// <summary>
/// The token of the largest score of each window is a base and stays; of the others those go that some base resembles most (DaTo, arXiv 2501.00375).
/// Fewer than one of each window cannot stay.
/// </summary>
internal sealed record PruneReduction(WindowReductionOptions Options) : ITokenReduction
{
    internal static readonly SettingList<WindowReductionOptions> Settings = new("Reduce", "prune");

    public string Name => Settings.Format(Options);

    public bool IsOfInput => true;

    public bool IsMerging => false;

    public ITokenReducing Open(RunInfo run, double share) =>
        new PruneReducing(TokenWindows.Of(run.NotNull().Map, "Reduce prune", Options.Rows, Options.Columns), roundsNorms: false);
}

/// <summary>Prunes; for one sample.</summary>
/// <param name="windows">Of the branch's grid.</param>
/// <param name="roundsNorms">Whether norms are rounded to half precision before similarities are formed.</param>
internal sealed class PruneReducing(TokenWindows windows, bool roundsNorms) : ITokenReducing
{
    public TokenPlan Reduce(TokenView view, float[] scores, int count) => Prune(view, scores, count);

    /// <summary>The same, with what was pruned.</summary>
    public TokenPruning Prune(TokenView view, float[] scores, int count) =>
        TokenPruning.Of(view.Input, windows.Leaders(scores, view.Tokens), view.Tokens - count, roundsNorms);

    public void Dispose()
    {
    }
}

/// <summary>
/// The token of the largest score of each window is a destination; of the others those that resemble one most are merged into it (ToMe, arXiv
/// 2303.17604).
/// </summary>
internal sealed record MergeReduction(WindowReductionOptions Options) : ITokenReduction
{
    internal static readonly SettingList<WindowReductionOptions> Settings = new("Reduce", "merge");

    public string Name => Settings.Format(Options);

    public bool IsOfInput => true;

    public bool IsMerging => true;

    public ITokenReducing Open(RunInfo run, double share) =>
        new MergeReducing(TokenWindows.Of(run.NotNull().Map, "Reduce merge", Options.Rows, Options.Columns));
}

/// <summary>Merges; for one sample.</summary>
internal sealed class MergeReducing(TokenWindows windows) : ITokenReducing
{
    public TokenPlan Reduce(TokenView view, float[] scores, int count) =>
        TokenMerging.Of(view.Input, windows.Leaders(scores, view.Tokens), view.Tokens - count);

    public void Dispose()
    {
    }
}
