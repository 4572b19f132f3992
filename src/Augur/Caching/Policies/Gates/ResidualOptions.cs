using Augur.Caching.Forecasting;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings that methods share which keep what a span of blocks did.</summary>
public abstract record ResidualOptions
{
    /// <summary>How the change that the span of blocks makes is forecast. Published: reuse.</summary>
    [Setting("draft", Catalog = typeof(Forecasters))]
    public IForecaster Draft { get; init; } = new ReuseForecaster();

    /// <summary>Precision of the kept change. What decides is float32 in either case.</summary>
    [Setting("state", Only = [DType.Float32, DType.BFloat16])]
    public DType State { get; init => field = Setting.Checked(this, value); }

    /// <summary>Whether each sample decides for itself, or all samples of a batch together, as the released codes do.</summary>
    [Setting("decide")]
    public DecisionScope Decide { get; init; }

    /// <summary>A cache of the change that all blocks make, behind a gate.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="run">Sizes, and the budget.</param>
    /// <param name="gate">Decides; the cache's to dispose.</param>
    /// <param name="gateElements">Float32 elements that the gate keeps.</param>
    internal ISampleMemory Open(string method, RunInfo run, IGate gate, long gateElements)
    {
        run.Map.RequireChain($"Policy {method}");
        var fit = MemoryFit.Of(method, run, State, [(Draft, MemoryFit.StreamElements(run))], gateElements);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new GatedSpanMemory(GatedSpan.Of(method, run, 0, 0), gate, new SpanMemory(fit.Remember(0, Draft), isChange: true), fit.Note);
    }
}
