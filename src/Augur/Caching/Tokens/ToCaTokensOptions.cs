using Augur.Notation;

namespace Augur.Caching.Tokens;

/// <summary>What makes a token worth computing.</summary>
public enum TokenScore
{
    /// <summary>How much it is read by all tokens: the column sums of the attention of the last full computation (ToCa's s₁).</summary>
    Attention,

    /// <summary>A uniform draw, the same for both guidance rows (DuCa, second version).</summary>
    Random,

    /// <summary>How far it points away from its kept feature: 1 − cos(token, feature).</summary>
    Similarity,

    /// <summary>Its Euclidean norm.</summary>
    Norm,

    /// <summary>The norms of its values at the last full computation (DuCa, first version; <c>kv-norm</c> in the released code).</summary>
    ValueNorm,

    /// <summary>
    /// How evenly it reads the text: 1 + the entropy of its cross-attention when it was last computed (ToCa's s₂; PixArt as released).
    /// </summary>
    [Word("text-entropy")]
    TextEntropy,
}

/// <summary>Which way the formulas count steps, T in all.</summary>
public enum StepCounting
{
    /// <summary>From T − 1 down to 0 (DiT as released).</summary>
    Down,

    /// <summary>From 0 up to T − 1 (PixArt as released).</summary>
    Up,
}

/// <summary>Which value norms count for more.</summary>
public enum ValueNormOrder
{
    /// <summary>Σ over heads of 1 − ‖v‖: tokens with short values are read most (DuCa as released).</summary>
    [Word("small")]
    SmallFirst,

    /// <summary>The mean of ‖v‖ over heads (the FLUX file of the ToCa repository).</summary>
    [Word("large")]
    LargeFirst,
}

/// <summary>How the share of computed tokens varies over blocks and calls. s counts steps, l is the block, L the last one.</summary>
public enum FreshSchedule
{
    /// <summary>ratio · (3 − 4s/T) · (0.8 + 0.4·l/L) · 2.5: released for DiT with DDIM of 50 steps.</summary>
    Ddim50,

    /// <summary>ratio · (1.4 − 0.8·s/T) · (1.8 − 1.6·l/L) · 2.5: released for DiT with DDPM of 250 steps; also called linear-layerwise.</summary>
    [Word("ddpm250", "linear-layerwise")]
    Ddpm250,

    /// <summary>ratio · (1.9 − 1.8·s/T).</summary>
    Linear,

    /// <summary>ratio · 0.9^(s/T).</summary>
    [Word("exp")]
    Exponential,

    /// <summary>The ratio itself.</summary>
    Constant,

    /// <summary>
    /// ratio · (1.9 − 1.8·s/T) · (1.6 − 1.2·l/L), times 1.6 in feed-forward branches and 0.6 in cross-attention: PixArt as released.
    /// </summary>
    [Word("pixart")]
    PixArt,

    /// <summary>
    /// ratio · (1.5 − l/L), times 0.4 in double blocks and 1.6 in single ones, each kind counted from 0: FLUX as released.
    /// </summary>
    Flux,
}

/// <summary>What the two guidance rows of a sample, twins, have to do with each other.</summary>
public enum TwinAlignment
{
    /// <summary>Each chooses its own tokens (DiT as released).</summary>
    None,

    /// <summary>Both choose by the mean of what was measured (as released for networks with cross-attention).</summary>
    Average,

    /// <summary>Both choose by the conditional row's score.</summary>
    Copy,
}

/// <summary>Settings of <see cref="ToCaTokens"/>; the defaults are the released ones for DiT-XL/2 with DDIM of 50 steps.</summary>
public record ToCaTokensOptions
{
    /// <summary>
    /// Calls of a cycle, from one full call to the next (<c>fresh_threshold</c> in the released code); staleness is counted in cycles.
    /// </summary>
    [Setting("interval", 1, 1000, Unit = "calls")]
    public int Interval { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>Share of the tokens that is computed, before the factors of the schedule (<c>fresh_ratio</c> in the released code).</summary>
    [Setting("ratio", 0, 1)]
    public double Ratio { get; init => field = Setting.Checked(this, value); } = 0.07;

    /// <summary>How the share of computed tokens varies over blocks and calls.</summary>
    [Setting("schedule")]
    public FreshSchedule Schedule { get; init; }

    /// <summary>
    /// The block at which the schedule's layer factor ends; depth is the network's last. The released code says 27 whatever the depth.
    /// </summary>
    [Setting("layers", 1, 1000, Unit = "blocks", None = "depth")]
    public int? LastLayer { get; init => field = Setting.Checked(this, value); }

    /// <summary>Which way the schedule counts steps.</summary>
    [Setting("count")]
    public StepCounting Counting { get; init; }

    /// <summary>Whether tokens of cross-attention branches are computed too, by a choice of their own; otherwise these branches are reused.</summary>
    [Setting("cross")]
    public bool Cross { get; init; }

    /// <summary>What makes a token worth computing.</summary>
    [Setting("score")]
    public TokenScore Score { get; init; }

    /// <summary>Which value norms count for more, with the score <see cref="TokenScore.ValueNorm"/>.</summary>
    [Setting("values")]
    public ValueNormOrder Values { get; init; }

    /// <summary>Added to a token's score for each cycle in which it was not computed (<c>soft_fresh_weight</c> in the released code).</summary>
    [Setting("staleness", 0, 100)]
    public double Staleness { get; init => field = Setting.Checked(this, value); } = 0.25;

    /// <summary>By what share of itself the largest score of each window is raised.</summary>
    [Setting("bonus", 0, 100)]
    public double Bonus { get; init => field = Setting.Checked(this, value); } = 0.6;

    /// <summary>Side of a window; windows at the picture's edge may be smaller.</summary>
    [Setting("window", 1, 256, Unit = "tokens")]
    public int Window { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>How much the scores of tokens in and around the region are raised that a request changes; the word none for not at all.</summary>
    [Setting("region", Catalog = typeof(RegionWeights), None = "none")]
    public RegionWeights? Region { get; init; }

    /// <summary>What the choices of a sample's two guidance rows have to do with each other.</summary>
    [Setting("twins")]
    public TwinAlignment Twins { get; init; }

    /// <summary>A call's step, as the formulas count.</summary>
    internal int StepOf(int callIndex, int callCount) => Counting == StepCounting.Up ? callIndex : callCount - 1 - callIndex;

    /// <summary>Whether tokens of a branch are computed in calls that are run in part.</summary>
    internal bool Refreshes(Site site) => site.Kind == SiteKind.Mlp || (Cross && site.Kind == SiteKind.CrossAttention);

    /// <summary>Tokens of each row that a branch computes: ⌊share · tokens⌋, in single precision as the released code does.</summary>
    /// <param name="site">The branch, or its hidden layer.</param>
    /// <param name="call">Of the run.</param>
    /// <param name="blocks">How many there are: in the network, for <see cref="FreshSchedule.Flux"/> of the site's kind.</param>
    /// <param name="tokens">Of the branch.</param>
    /// <param name="first">The first of these blocks.</param>
    internal int FreshCount(Site site, NetworkCall call, int blocks, int tokens, int first = 0)
    {
        var progress = StepOf(call.CallIndex, call.CallCount) / (double)call.CallCount;
        var height = (site.Layer - first) / (double)(LastLayer ?? Math.Max(1, blocks - 1));
        var share = Schedule switch
        {
            FreshSchedule.Ddim50 => Ratio * (0.8 + (0.4 * height)) * (3 - (4 * progress)) * 2.5,
            FreshSchedule.Ddpm250 => Ratio * (1.8 - (1.6 * height)) * (1.4 - (0.8 * progress)) * 2.5,
            FreshSchedule.Linear => Ratio * (1.9 - (1.8 * progress)),
            FreshSchedule.Exponential => Ratio * Math.Pow(0.9, progress),
            FreshSchedule.PixArt => Ratio * (1.6 - (1.2 * height)) * (1.9 - (1.8 * progress)) * (site.Kind == SiteKind.CrossAttention ? 0.6 : 1.6),
            FreshSchedule.Flux => Ratio * (1.5 - height) * (site.IsPart ? 1.6 : 0.4),
            _ => Ratio,
        };
        return (int)(tokens * (float)Math.Clamp(share, 0, 1));
    }
}
