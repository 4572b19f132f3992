using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>Settings of <see cref="EEditTokens"/>; the defaults are the released ones for edits by a mask.</summary>
public sealed record EEditTokensOptions
{
    /// <summary>
    /// Steps from one full step to the next (<c>fresh_threshold</c> in the released code); staleness is counted in these. Where edits do not follow
    /// the prompt, the authors take 2.
    /// </summary>
    [Setting("interval", 1, 1000, Unit = "steps")]
    public int Interval { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>Share of the tokens that is computed (<c>fresh_ratio</c> in the released code).</summary>
    [Setting("ratio", 0, 1)]
    public double Ratio { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>Added to a token's draw for each interval in which it was not computed (<c>soft_fresh_weight</c> in the released code).</summary>
    [Setting("staleness", 0, 100)]
    public double Staleness { get; init => field = Setting.Checked(this, value); } = 0.25;

    /// <summary>How much more tokens in and around the region count that the request changes; the word none for all alike.</summary>
    [Setting("region", Catalog = typeof(RegionWeights), None = "none")]
    public RegionWeights? Region { get; init; } = new(RegionRule.Mask, new());
}

/// <summary>
/// EEdit's tokens (arXiv 2503.10270): drawn at random, stale ones more likely, those in and around the region that changes more likely still. Nothing
/// of the features is looked at, so that the choice can be made before the run.
/// </summary>
public sealed record EEditTokens(EEditTokensOptions Options) : ITokenSelector
{
    internal static readonly SettingList<EEditTokensOptions> Settings = new("Tokens", "eedit");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <summary>
    /// Which steps are computed in full, one entry per step, where that is known before the run: then all tokens are chosen before it, for all steps,
    /// whether the sampler calls in them or not. Null: they are chosen on the way.
    /// </summary>
    internal bool[]? FullSteps { get; init; }

    /// <summary>Whether the two maps of a fused branch have choices of their own, as released.</summary>
    internal bool HasTwoLists { get; init; }

    /// <summary>Whether numbers of the picture's tokens are taken for places in text and picture together, text first, as released.</summary>
    internal bool IsShifted { get; init; }

    /// <summary>Text tokens that are candidates, from the first on; null: all. The released on-line form takes as many as the picture has.</summary>
    internal int? TextCandidates { get; init; }

    /// <summary>Where draws come from, if not from the run's seed.</summary>
    internal IUniformDraws? Draws { get; init; }

    /// <summary>Is shown each choice: step, site with the group that it was made for, tokens as drawn, ascending; for parity checks.</summary>
    internal Action<int, Site, int[]>? OnChoice { get; init; }

    /// <inheritdoc/>
    public ITokenSelection Open(RunInfo run) => new EEditSelection(this, run.NotNull());
}
