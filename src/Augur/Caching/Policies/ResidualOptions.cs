using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings that methods share which keep what a span of blocks did.</summary>
public abstract record ResidualOptions
{
    /// <summary>How the change that the span makes is forecast. Default reuse, as published.</summary>
    public IForecaster Draft { get; init; } = new ReuseForecaster();

    /// <summary>Precision of the kept change: float32 (default) or bfloat16. What decides is float32 in either case.</summary>
    public DType State { get; init => field = value is DType.Float32 or DType.BFloat16 ? value : throw new ArgumentException($"State is {value}; it is Float32 or BFloat16."); }

    /// <summary>Who shares a decision. Default sample; the released codes take one scalar over the batch.</summary>
    public DecisionScope Decide { get; init; }

    /// <summary>A cache of the change that all blocks make, behind a gate.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="run">Sizes, and the budget.</param>
    /// <param name="gate">Decides; the cache's to dispose.</param>
    /// <param name="gateElements">Float32 elements that the gate keeps.</param>
    internal ISampleMemory Open(string method, RunInfo run, IGate gate, long gateElements)
    {
        var fit = MemoryFit.Of(method, run, State, [(Draft, MemoryFit.StreamElements(run))], gateElements);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new GatedSpanMemory(GatedSpan.Of(method, run, 0, 0), gate, new SpanMemory(fit.Remember(0, Draft), isChange: true), fit.Note);
    }

    internal static IEnumerable<Setting<TOptions>> Settings<TOptions>()
        where TOptions : ResidualOptions =>
        [
            new("draft", Forecasters.Catalog.Words, o => o.Draft.Name, (o, text) => o with { Draft = Forecasters.Parse(text) }),
            Setting<TOptions>.Choice("state", [("float32", DType.Float32), ("bfloat16", DType.BFloat16)], o => o.State, (o, value) => o with { State = value }),
            Setting<TOptions>.Choice("decide", [("sample", DecisionScope.Sample), ("batch", DecisionScope.Batch)], o => o.Decide, (o, value) => o with { Decide = value }),
        ];
}
