using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>What a failed verification leads to.</summary>
public enum SpeCaMode
{
    /// <summary>The paper: the draft is discarded and the same call is computed.</summary>
    Strict,

    /// <summary>The released code: the draft is kept and the next call is computed.</summary>
    Deferred,
}

/// <summary>Published settings.</summary>
public enum SpeCaPreset
{
    /// <summary>None: the product's own defaults.</summary>
    None,

    /// <summary>
    /// The paper's algorithm: strict, every draft verified on all tokens in the last block, branches forecast. Its thresholds are not published;
    /// these are a beginning.
    /// </summary>
    Paper,

    /// <summary>DiT, script for single images (this and those below: the deferred form).</summary>
    Dit,

    /// <summary>DiT, script for the published tables.</summary>
    DitTables,

    /// <summary>FLUX.1.</summary>
    Flux,

    /// <summary>HunyuanVideo.</summary>
    HunyuanVideo,
}

/// <summary>Who shares a decision.</summary>
public enum DecisionScope
{
    /// <summary>Every sample decides for itself; its guidance rows are one unit.</summary>
    Sample,

    /// <summary>One scalar over all rows of the batch, as released.</summary>
    Batch,
}

/// <summary>
/// Settings of <see cref="SpeCaPolicy"/>. Errors and thresholds are dimensionless, relative to the computed feature unless the metric says
/// otherwise.
/// </summary>
public sealed record SpeCaOptions : DraftOptions
{
    /// <summary>Defaults of the product: strict, per sample.</summary>
    public SpeCaOptions() => (Granularity, Order) = (Granularity.Block, 3);

    /// <summary>
    /// What a failed verification leads to: strict computes the same call after all (the paper), deferred keeps the draft and computes the next
    /// call (the released code).
    /// </summary>
    [Setting("mode")]
    public SpeCaMode Mode { get; init; }

    /// <summary>
    /// Error allowed at the beginning of the run, at pure noise; 0 without a floor drafts nothing. The paper gives no value; see
    /// docs/methods/speca.md.
    /// </summary>
    [Setting("base", 0, 100)]
    public double Base { get; init => field = Setting.Checked(this, value); } = 0.00018;

    /// <summary>By this factor the allowed error has changed at the end of the run. The default was searched; the paper's β lies below 1.</summary>
    [Setting("decay", 1e-6, 1e6)]
    public double Decay { get; init => field = Setting.Checked(this, value); } = 150;

    /// <summary>The allowed error never falls below this. Released: 0.01 for DiT, 0.1 for FLUX and HunyuanVideo.</summary>
    [Setting("floor", 0, 100)]
    public double Floor { get; init => field = Setting.Checked(this, value); }

    /// <summary>The allowed error never rises above this; it matters where <see cref="Decay"/> lies above 1.</summary>
    [Setting("ceiling", 0, 100)]
    public double Ceiling { get; init => field = Setting.Checked(this, value); } = 100;

    /// <summary>Drafts after a computed call that are not verified. The default is released for DiT; the paper verifies all.</summary>
    [Setting("min", 0, 1000, Unit = "calls")]
    public int Min { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>Most drafts in a row (the paper's K).</summary>
    [Setting("max", 1, 1000, Unit = "calls")]
    public int Max { get; init => field = Setting.Checked(this, value); } = 4;

    /// <summary>Calls computed at the beginning. Released: 3. In the deferred form a draft follows every computed call, also these.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>
    /// The block that is verified, counted from 0; negative numbers count from the end. Published is −1, the last block on the drafted stream. Block
    /// 0 reads the true stream, so that its error also contains what the drafted stream gets wrong, which the last block cannot see. Of a U-Net −1
    /// are the outermost layers, −2 one skip connection further in, and so on.
    /// </summary>
    [Setting("layer", -1000, 1000, Unit = "blocks")]
    public int Layer { get; init => field = Setting.Checked(this, value); } = -1;

    /// <summary>How the draft's error is measured. The paper's is norm-ratio, ‖draft − computed‖ / ‖computed‖ over the rows of the sample.</summary>
    [Setting("metric")]
    public ErrorMeasure Metric { get; init; } = ErrorMeasure.NormRatio;

    /// <summary>
    /// The tokens that a verification computes, as a share; their keys and values come from all tokens. Published: all. Where the whole network is
    /// verified (granularity output, U-Nets) all are.
    /// </summary>
    [Setting("verify", 0, 1, AboveMinimum = true, Catalog = typeof(Verifications))]
    public double Sample { get; init => field = Setting.Checked(this, value); } = 0.1;

    /// <summary>Whether each sample decides for itself, or all samples of a batch together, as the released code does.</summary>
    [Setting("decide")]
    public DecisionScope Decide { get; init; }

    /// <summary>Whether the drafts before <see cref="Min"/> are verified too, without consequence, as released for HunyuanVideo.</summary>
    [Setting("verify_always")]
    public bool VerifyAlways { get; init; }

    /// <summary>
    /// Whether a block of one fused branch is verified by that branch before its gate (granularity branch; released for FLUX and
    /// HunyuanVideo); otherwise a block is verified by the stream behind it.
    /// </summary>
    [Setting("verify_fused")]
    public bool VerifyFused { get; init; }

    /// <summary>
    /// Whether the threshold's progress runs from 1/T to 1 (released for DiT) or from 0 to (T − 1)/T (the paper, FLUX, HunyuanVideo).
    /// </summary>
    [Setting("progress_from_one")]
    public bool ProgressFromOne { get; init; }

    /// <summary>A published setting.</summary>
    public static SpeCaOptions Released(SpeCaPreset preset)
    {
        var released = new SpeCaOptions
        {
            Mode = SpeCaMode.Deferred,
            Decide = DecisionScope.Batch,
            Metric = ErrorMeasure.RelativeL1,
            Granularity = Granularity.Branch,
            Sample = 1,
            Warmup = 3,
        };
        return preset switch
        {
            SpeCaPreset.Paper => new SpeCaOptions
            {
                Base = 0.1,
                Decay = 0.5,
                Min = 0,
                Max = 8,
                Order = 4,
                Warmup = 3,
                Sample = 1,
                Granularity = Granularity.Branch,
            },
            SpeCaPreset.Dit => released with { Base = 0.1, Decay = 0.01, Floor = 0.01, Min = 2, Max = 5, Order = 4, ProgressFromOne = true },
            SpeCaPreset.DitTables => released with { Base = 0.3, Decay = 0.05, Floor = 0.01, Min = 3, Max = 8, Order = 4, ProgressFromOne = true },
            SpeCaPreset.Flux => released with { Base = 7, Decay = 0.3, Floor = 0.1, Min = 2, Max = 8, Order = 2, VerifyFused = true },
            SpeCaPreset.HunyuanVideo => released with
            {
                Base = 1,
                Decay = 0.1,
                Floor = 0.1,
                Min = 4,
                Max = 12,
                Order = 1,
                Warmup = 1,
                VerifyAlways = true,
                VerifyFused = true,
            },
            _ => new SpeCaOptions(),
        };
    }

    /// <summary>Whether no error is ever allowed, so that nothing need be drafted.</summary>
    internal bool AllowsNothing => this is { Base: 0, Floor: 0 };

    /// <summary>The error allowed at a call: base · decay^progress, at most the ceiling, at least the floor.</summary>
    public double ThresholdAt(NetworkCall call) =>
        Math.Max(Math.Min(Base * Math.Pow(Decay, (call.CallIndex + (ProgressFromOne ? 1.0 : 0.0)) / call.CallCount), Ceiling), Floor);

    internal static SettingList<SpeCaOptions> Settings { get; } =
        new SettingList<SpeCaOptions>("Policy", "speca").WithPresets<SpeCaPreset>(Released);
}
