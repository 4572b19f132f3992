using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>What <see cref="DiCachePolicy"/> adds up.</summary>
public enum DiCacheIndicator
{
    /// <summary>The relative change of the probe.</summary>
    Probe,

    /// <summary>How far that is from the relative change of the input.</summary>
    Difference,
}

/// <summary>Settings of <see cref="DiCachePolicy"/>.</summary>
public sealed record DiCacheOptions
{
    /// <summary>Blocks of the probe, computed at every call, 1 to 1000. Default 1 (published 1 to 5).</summary>
    public int Probe { get; init => field = Within(value, 1, 1000); } = 1;

    /// <summary>What is added up. Default probe; difference is published with threshold 0.08 and retention 0.</summary>
    public DiCacheIndicator Indicator { get; init; }

    /// <summary>The accumulated change at which a call is computed, 0 to 1000; 0 computes all. Default 0.4.</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.4;

    /// <summary>Share of the run at its beginning that is computed, 0 to 1; the first call always is. Default 0.2.</summary>
    public double Retention { get; init => field = Within(value, 0, 1); } = 0.2;

    /// <summary>Who shares a decision. Default sample; the released code takes one scalar over the batch.</summary>
    public DecisionScope Decide { get; init; }
}

/// <summary>
/// DiCache (arXiv 2508.17356): the first blocks of every call are computed as a probe; how much it changes says when the others are due, and
/// where it stands between the probes of the last two computed calls says how their changes are combined.
/// </summary>
public sealed class DiCachePolicy(DiCacheOptions? options = null) : CachePolicy<DiCacheOptions>(Settings, options)
{
    internal static readonly SettingList<DiCacheOptions> Settings = new(
        "Policy",
        "dicache",
        [
            Setting<DiCacheOptions>.Integer("probe", "a whole number between 1 and 1000", o => o.Probe, (o, value) => o with { Probe = value }),
            Setting<DiCacheOptions>.Choice(
                "indicator", [("probe", DiCacheIndicator.Probe), ("difference", DiCacheIndicator.Difference)], o => o.Indicator, (o, value) => o with { Indicator = value }),
            Setting<DiCacheOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            Setting<DiCacheOptions>.Number("retention", "a number between 0 and 1", o => o.Retention, (o, value) => o with { Retention = value }),
            Setting<DiCacheOptions>.Choice("decide", [("sample", DecisionScope.Sample), ("batch", DecisionScope.Batch)], o => o.Decide, (o, value) => o with { Decide = value }),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var span = GatedSpan.Of("dicache", run, Options.Probe, 0);
        var fit = MemoryFit.Of("dicache", run, Tensors.DType.Float32, [], otherElements: 6 * MemoryFit.StreamElements(run));
        if (!fit.IsEnough)
        {
            return new UncachedMemory(fit.Note);
        }

        var probe = new ProbeGate(Options);
        return new GatedSpanMemory(span, probe, probe, fit.Note);
    }
}
