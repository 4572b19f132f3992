using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;
using static Augur.Notation.Ranges;

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

    /// <summary>The paper's algorithm: strict, every draft verified on all tokens in the last block, branches forecast. Its thresholds are not published; these are a beginning.</summary>
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

/// <summary>Settings of <see cref="SpeCaPolicy"/>. Errors and thresholds are dimensionless, relative to the computed feature unless the metric says otherwise.</summary>
public sealed record SpeCaOptions : DraftOptions
{
    private static readonly SettingList<Sampled> s_sampled = new(
        "Verification", "sampled", [Setting<Sampled>.Number("share", "a number above 0 and at most 1", o => o.Share, (o, value) => o with { Share = value }) with { IsPositional = true }]);

    private static readonly Catalog<Sampled> s_verifications = new(
        "Verification",
        Catalog<Sampled>.Entry("Verification", "all", "Every token.", () => new Sampled { Share = 1 }),
        Catalog<Sampled>.Entry("sampled", "A drawn share of the tokens.", s_sampled, o => o));

    /// <summary>Defaults of the product: strict, per sample.</summary>
    public SpeCaOptions() => (Granularity, Order) = (Granularity.Block, 3);

    /// <summary>What a failed verification leads to. Default strict.</summary>
    public SpeCaMode Mode { get; init; }

    /// <summary>Error allowed at pure noise, 0 to 100; 0, with no floor, drafts nothing. The paper gives no value; see docs/methods/speca.md.</summary>
    public double Base { get; init => field = Within(value, 0, 100); } = 0.00018;

    /// <summary>The allowed error has changed by this factor at the end of the run, 1e-6 to 1e6. Default 150 (searched); the paper's β lies below 1.</summary>
    public double Decay { get; init => field = Within(value, 1e-6, 1e6); } = 150;

    /// <summary>
    /// The block that is verified, from 0; negative counts from the end. Default −1, the last block on the drafted stream (as published). Block 0
    /// reads the true stream, so its error also contains what the drafted stream gets wrong, which the last block cannot see.
    /// </summary>
    public int Layer { get; init => field = Within(value, -1000, 1000); } = -1;

    /// <summary>The allowed error never falls below this, 0 to 100. Default 0; released DiT 0.01, FLUX and HunyuanVideo 0.1.</summary>
    public double Floor { get; init => field = Within(value, 0, 100); }

    /// <summary>The allowed error never rises above this, 0 to 100; matters where <see cref="Decay"/> lies above 1. Default 100.</summary>
    public double Ceiling { get; init => field = Within(value, 0, 100); } = 100;

    /// <summary>Drafts after a computed call that are not verified, 0 to 1000. Default 3 (released DiT); the paper verifies all.</summary>
    public int Min { get; init => field = Within(value, 0, 1000); } = 3;

    /// <summary>Most drafts in a row, 1 to 1000 (the paper's K). Default 4.</summary>
    public int Max { get; init => field = Within(value, 1, 1000); } = 4;

    /// <summary>Calls computed at the beginning, 1 to 1000. Default 1; released 3. In the deferred form a draft follows every computed call, also these.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 1;

    /// <summary>How the draft's error is measured. Default norm-ratio, ‖draft − computed‖ / ‖computed‖ over the sample's rows (the paper).</summary>
    public ErrorMeasure Metric { get; init; } = ErrorMeasure.NormRatio;

    /// <summary>Share of the tokens that a verification computes, in (0, 1]; their keys and values come from all tokens. Default 0.1; published: all.</summary>
    public double Sample { get; init => field = Within(value, double.Epsilon, 1); } = 0.1;

    /// <summary>Who shares a decision. Default sample; the released code: batch.</summary>
    public DecisionScope Decide { get; init; }

    /// <summary>Whether the drafts before <see cref="Min"/> are verified too, without consequence (released HunyuanVideo).</summary>
    public bool VerifyAlways { get; init; }

    /// <summary>Whether the threshold's progress runs from 1/T to 1 (released DiT) rather than from 0 to (T − 1)/T (the paper, FLUX, HunyuanVideo).</summary>
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
            SpeCaPreset.Paper => new SpeCaOptions { Base = 0.1, Decay = 0.5, Min = 0, Max = 8, Order = 4, Warmup = 3, Sample = 1, Granularity = Granularity.Branch },
            SpeCaPreset.Dit => released with { Base = 0.1, Decay = 0.01, Floor = 0.01, Min = 2, Max = 5, Order = 4, ProgressFromOne = true },
            SpeCaPreset.DitTables => released with { Base = 0.3, Decay = 0.05, Floor = 0.01, Min = 3, Max = 8, Order = 4, ProgressFromOne = true },
            SpeCaPreset.Flux => released with { Base = 7, Decay = 0.3, Floor = 0.1, Min = 2, Max = 8, Order = 2 },
            SpeCaPreset.HunyuanVideo => released with { Base = 1, Decay = 0.1, Floor = 0.1, Min = 4, Max = 12, Order = 1, Warmup = 1, VerifyAlways = true },
            _ => new SpeCaOptions(),
        };
    }

    /// <summary>Whether no error is ever allowed, so that nothing need be drafted.</summary>
    internal bool AllowsNothing => this is { Base: 0, Floor: 0 };

    /// <summary>The error allowed at a call: base · decay^progress, at most the ceiling, at least the floor.</summary>
    public double ThresholdAt(NetworkCall call) =>
        Math.Max(Math.Min(Base * Math.Pow(Decay, (call.CallIndex + (ProgressFromOne ? 1.0 : 0.0)) / call.CallCount), Ceiling), Floor);

    private sealed record Sampled
    {
        public double Share { get; init => field = Within(value, double.Epsilon, 1); } = double.Epsilon;
    }

    internal static SettingList<SpeCaOptions> Settings { get; } = new(
        "Policy",
        "speca",
        [
            Setting<SpeCaOptions>.Preset(
                "none, paper, dit, dit-tables, flux or hunyuan-video",
                ("paper", Released(SpeCaPreset.Paper)),
                ("dit", Released(SpeCaPreset.Dit)),
                ("dit-tables", Released(SpeCaPreset.DitTables)),
                ("flux", Released(SpeCaPreset.Flux)),
                ("hunyuan-video", Released(SpeCaPreset.HunyuanVideo))),
            Setting<SpeCaOptions>.Choice("mode", [("strict", SpeCaMode.Strict), ("deferred", SpeCaMode.Deferred)], o => o.Mode, (o, value) => o with { Mode = value }),
            Setting<SpeCaOptions>.Number("base", "a number between 0 and 100", o => o.Base, (o, value) => o with { Base = value }),
            Setting<SpeCaOptions>.Number("decay", "a number between 1e-6 and 1e6", o => o.Decay, (o, value) => o with { Decay = value }),
            Setting<SpeCaOptions>.Number("floor", "a number between 0 and 100", o => o.Floor, (o, value) => o with { Floor = value }),
            Setting<SpeCaOptions>.Number("ceiling", "a number between 0 and 100", o => o.Ceiling, (o, value) => o with { Ceiling = value }),
            Setting<SpeCaOptions>.Integer("min", "a whole number between 0 and 1000", o => o.Min, (o, value) => o with { Min = value }),
            Setting<SpeCaOptions>.Integer("max", "a whole number between 1 and 1000", o => o.Max, (o, value) => o with { Max = value }),
            Setting<SpeCaOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            Setting<SpeCaOptions>.Integer("layer", "a whole number between -1000 and 1000", o => o.Layer, (o, value) => o with { Layer = value }),
            Setting<SpeCaOptions>.Choice(
                "metric",
                [
                    ("norm-ratio", ErrorMeasure.NormRatio), ("l1", ErrorMeasure.L1), ("l2", ErrorMeasure.L2), ("relative-l1", ErrorMeasure.RelativeL1),
                    ("relative-l2", ErrorMeasure.RelativeL2), ("cosine", ErrorMeasure.Cosine), ("l1-ratio", ErrorMeasure.L1Ratio),
                ],
                o => o.Metric,
                (o, value) => o with { Metric = value }),
            new(
                "verify",
                s_verifications.Words,
                o => o.Sample == 1 ? "all" : s_sampled.Format(new() { Share = o.Sample }),
                (o, text) => o with { Sample = s_verifications.Parse(text).Share }),
            Setting<SpeCaOptions>.Choice("decide", [("sample", DecisionScope.Sample), ("batch", DecisionScope.Batch)], o => o.Decide, (o, value) => o with { Decide = value }),
            Setting<SpeCaOptions>.Flag("verify_always", o => o.VerifyAlways, (o, value) => o with { VerifyAlways = value }),
            Setting<SpeCaOptions>.Flag("progress_from_one", o => o.ProgressFromOne, (o, value) => o with { ProgressFromOne = value }),
            .. DraftOptions.Settings<SpeCaOptions>(),
        ]);
}
