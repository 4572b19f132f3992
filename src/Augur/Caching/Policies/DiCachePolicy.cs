using Augur.Notation;

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
    /// <summary>Blocks of the probe, which are computed at every call. Published: 1 to 5.</summary>
    [Setting("probe", 1, 1000, Unit = "blocks")]
    public int Probe { get; init => field = Setting.Checked(this, value); } = 1;

    /// <summary>
    /// What is added up: the relative change of the probe, or how far that is from the relative change of the input. The second is published with
    /// threshold 0.08 and retention 0.
    /// </summary>
    [Setting("indicator")]
    public DiCacheIndicator Indicator { get; init; }

    /// <summary>The sum of relative changes at which a call is computed; 0 computes all.</summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.4;

    /// <summary>Share of the run at its beginning that is computed; the first call always is.</summary>
    [Setting("retention", 0, 1)]
    public double Retention { get; init => field = Setting.Checked(this, value); } = 0.2;

    /// <summary>Whether each sample decides for itself, or all samples of a batch together, as the released code does.</summary>
    [Setting("decide")]
    public DecisionScope Decide { get; init; }
}

/// <summary>
/// DiCache (arXiv 2508.17356): the first blocks of every call are computed as a probe; how much it changes says when the others are due, and
/// where it stands between the probes of the last two computed calls says how their changes are combined.
/// </summary>
public sealed class DiCachePolicy(DiCacheOptions? options = null) : CachePolicy<DiCacheOptions>(Settings, options)
{
    internal static readonly SettingList<DiCacheOptions> Settings = new("Policy", "dicache");

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var span = GatedSpan.Of("dicache", run, Options.Probe, 0);
        var fit = MemoryFit.Of("dicache", run, Tensors.DType.Float32, [], otherElements: 6 * MemoryFit.StreamElements(run));
        if (!fit.IsEnough)
        {
            return new UncachedSample(fit.Note);
        }

        var probe = new ProbeGate(Options);
        return new SpanCache(span, probe, probe, fit.Note);
    }
}
