using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="CgTaylorPolicy"/>; the defaults are those of the released README for DiT.</summary>
public sealed record CgTaylorOptions
{
    /// <summary>Error of the first block's forecast below which the last block's is trusted, 0 to 1000; 0 computes all. Default 0.008.</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.008;

    /// <summary>Rule by which the first block's output is forecast, to be held against the real one. Default taylor(order=3).</summary>
    public IForecaster Gate { get; init; } = new TaylorForecaster(3);

    /// <summary>Rule by which the last block's output is forecast. Default taylor(order=1).</summary>
    public IForecaster Draft { get; init; } = new TaylorForecaster(1);

    /// <summary>Calls computed at the beginning, 1 to 1000 (the released <c>mid_cor</c> + 1). Default 3.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 3;

    /// <summary>Precision of the kept outputs: float32 (default) or bfloat16.</summary>
    public DType State { get; init => field = value is DType.Float32 or DType.BFloat16 ? value : throw new ArgumentException($"State is {value}; it is Float32 or BFloat16."); }

    /// <summary>Who shares a decision. Default sample; batch is the released scalar.</summary>
    public DecisionScope Decide { get; init; }
}

/// <summary>
/// CG-Taylor (arXiv 2508.02240): the first block of every call is computed, and how well its output could have been forecast says whether the
/// last block's output may be, so that the blocks in between are skipped.
/// </summary>
public sealed class CgTaylorPolicy(CgTaylorOptions? options = null) : CachePolicy<CgTaylorOptions>(Settings, options)
{
    internal static readonly SettingList<CgTaylorOptions> Settings = new(
        "Policy",
        "cg-taylor",
        [
            Setting<CgTaylorOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            new("gate", Forecasters.Catalog.Words, o => o.Gate.Name, (o, text) => o with { Gate = Forecasters.Parse(text) }),
            new("draft", Forecasters.Catalog.Words, o => o.Draft.Name, (o, text) => o with { Draft = Forecasters.Parse(text) }),
            Setting<CgTaylorOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            Setting<CgTaylorOptions>.Choice("state", [("float32", DType.Float32), ("bfloat16", DType.BFloat16)], o => o.State, (o, value) => o with { State = value }),
            Setting<CgTaylorOptions>.Choice("decide", [("sample", DecisionScope.Sample), ("batch", DecisionScope.Batch)], o => o.Decide, (o, value) => o with { Decide = value }),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var span = GatedSpan.Of("cg-taylor", run, 1, 0);
        var stream = MemoryFit.StreamElements(run);
        var fit = MemoryFit.Of("cg-taylor", run, Options.State, [(Options.Gate, stream), (Options.Draft, stream)], otherElements: 0);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new GatedSpanMemory(span, new FrontForecastGate(Options, fit.Remember(0, Options.Gate)), new SpanMemory(fit.Remember(1, Options.Draft), isChange: false), fit.Note);
    }
}
