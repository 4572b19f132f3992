using System.Globalization;
using Augur.Notation;
using static Augur.Notation.Ranges;

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
}

/// <summary>Which value norms count for more.</summary>
public enum ValueNormOrder
{
    /// <summary>Σ over heads of 1 − ‖v‖: tokens with short values are read most (DuCa as released).</summary>
    SmallFirst,

    /// <summary>The mean of ‖v‖ over heads (the FLUX file of the ToCa repository).</summary>
    LargeFirst,
}

/// <summary>How the share of computed tokens varies over blocks and calls. s counts down to 0 from T − 1, l is the block, L the last one.</summary>
public enum FreshSchedule
{
    /// <summary>ratio · (3 − 4s/T) · (0.8 + 0.4·l/L) · 2.5: released for DiT with DDIM of 50 steps.</summary>
    Ddim50,

    /// <summary>ratio · (1.4 − 0.8·s/T) · (1.8 − 1.6·l/L) · 2.5: released for DiT with DDPM of 250 steps; also called linear-layerwise.</summary>
    Ddpm250,

    /// <summary>ratio · (1.9 − 1.8·s/T).</summary>
    Linear,

    /// <summary>ratio · 0.9^(s/T).</summary>
    Exponential,

    /// <summary>ratio.</summary>
    Constant,
}

/// <summary>What the two guidance rows of a sample, twins, have to do with each other.</summary>
public enum TwinAlignment
{
    /// <summary>Each chooses its own tokens (DiT as released).</summary>
    None,

    /// <summary>Both choose by the mean of their scores (as released for networks with cross-attention).</summary>
    Average,

    /// <summary>Both choose by the conditional row's score.</summary>
    Copy,
}

/// <summary>Settings of <see cref="ToCaTokens"/>; the defaults are the released ones for DiT-XL/2 with DDIM of 50 steps.</summary>
public record ToCaTokensOptions
{
    /// <summary>What makes a token worth computing. Default attention.</summary>
    public TokenScore Score { get; init; }

    /// <summary>Share of the tokens before the schedule's factors, 0 to 1 (<c>fresh_ratio</c>). Default 0.07.</summary>
    public double Ratio { get; init => field = Within(value, 0, 1); } = 0.07;

    /// <summary>How the share varies. Default ddim50.</summary>
    public FreshSchedule Schedule { get; init; }

    /// <summary>The block at which the schedule's layer factor ends, 1 to 1000; null (default): the network's last. The released code says 27 whatever the depth.</summary>
    public int? LastLayer { get; init => field = value is { } layer ? Within(layer, 1, 1000) : null; }

    /// <summary>Calls of a cycle, 1 to 1000 (<c>fresh_threshold</c>): staleness is counted in cycles. Default 3.</summary>
    public int Interval { get; init => field = Within(value, 1, 1000); } = 3;

    /// <summary>Added to a token's score for each cycle that it was not computed, 0 to 100 (<c>soft_fresh_weight</c>). Default 0.25.</summary>
    public double Staleness { get; init => field = Within(value, 0, 100); } = 0.25;

    /// <summary>By what share of itself the largest score of each window is raised, 0 to 100. Default 0.6.</summary>
    public double Bonus { get; init => field = Within(value, 0, 100); } = 0.6;

    /// <summary>Side of a window in tokens, 1 to 256; windows at the picture's edge may be smaller. Default 2.</summary>
    public int Window { get; init => field = Within(value, 1, 256); } = 2;

    /// <summary>What guidance rows have to do with each other. Default none.</summary>
    public TwinAlignment Twins { get; init; }

    /// <summary>Which value norms count for more, for the score value-norm. Default small first.</summary>
    public ValueNormOrder Values { get; init; }

    /// <summary>Tokens of each row that a branch computes: ⌊share · tokens⌋, in single precision as the released code does.</summary>
    internal int FreshCount(int layer, NetworkCall call, int depth, int tokens)
    {
        var progress = (call.CallCount - 1 - call.CallIndex) / (double)call.CallCount;
        var height = layer / (double)(LastLayer ?? Math.Max(1, depth - 1));
        var share = Schedule switch
        {
            FreshSchedule.Ddim50 => Ratio * (0.8 + (0.4 * height)) * (3 - (4 * progress)) * 2.5,
            FreshSchedule.Ddpm250 => Ratio * (1.8 - (1.6 * height)) * (1.4 - (0.8 * progress)) * 2.5,
            FreshSchedule.Linear => Ratio * (1.9 - (1.8 * progress)),
            FreshSchedule.Exponential => Ratio * Math.Pow(0.9, progress),
            _ => Ratio,
        };
        return (int)(tokens * (float)Math.Clamp(share, 0, 1));
    }

    internal static IEnumerable<Setting<TOptions>> Settings<TOptions>()
        where TOptions : ToCaTokensOptions =>
    [
        Setting<TOptions>.Integer("interval", "a whole number between 1 and 1000", o => o.Interval, (o, value) => o with { Interval = value }),
        Setting<TOptions>.Number("ratio", "a number between 0 and 1", o => o.Ratio, (o, value) => o with { Ratio = value }),
        Setting<TOptions>.Choice(
            "schedule",
            [
                ("ddim50", FreshSchedule.Ddim50), ("ddpm250", FreshSchedule.Ddpm250), ("linear-layerwise", FreshSchedule.Ddpm250),
                ("linear", FreshSchedule.Linear), ("exp", FreshSchedule.Exponential), ("constant", FreshSchedule.Constant),
            ],
            o => o.Schedule,
            (o, value) => o with { Schedule = value }),
        new(
            "layers",
            "a whole number between 1 and 1000, or depth",
            o => o.LastLayer?.ToString(CultureInfo.InvariantCulture) ?? "depth",
            (o, text) => text == "depth" ? o with { LastLayer = null }
                : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? o with { LastLayer = value } : null),
        Setting<TOptions>.Choice(
            "score",
            [
                ("attention", TokenScore.Attention), ("random", TokenScore.Random), ("similarity", TokenScore.Similarity), ("norm", TokenScore.Norm),
                ("value-norm", TokenScore.ValueNorm),
            ],
            o => o.Score,
            (o, value) => o with { Score = value }),
        Setting<TOptions>.Choice("values", [("small", ValueNormOrder.SmallFirst), ("large", ValueNormOrder.LargeFirst)], o => o.Values, (o, value) => o with { Values = value }),
        Setting<TOptions>.Number("staleness", "a number between 0 and 100", o => o.Staleness, (o, value) => o with { Staleness = value }),
        Setting<TOptions>.Number("bonus", "a number between 0 and 100", o => o.Bonus, (o, value) => o with { Bonus = value }),
        Setting<TOptions>.Integer("window", "a whole number between 1 and 256", o => o.Window, (o, value) => o with { Window = value }),
        Setting<TOptions>.Choice(
            "twins", [("none", TwinAlignment.None), ("average", TwinAlignment.Average), ("copy", TwinAlignment.Copy)], o => o.Twins, (o, value) => o with { Twins = value }),
    ];
}
