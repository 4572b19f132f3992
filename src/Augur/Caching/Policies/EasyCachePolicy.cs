using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="EasyCachePolicy"/>.</summary>
public sealed record EasyCacheOptions
{
    /// <summary>The accumulated expected change of the output at which a call is computed, 0 to 1000; 0 computes all. Default 0.025 (HunyuanVideo).</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.025;

    /// <summary>Calls computed at the beginning, 1 to 1000 (<c>ret_steps</c>). Default 5.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 5;

    /// <summary>Who shares a decision. Default sample; the released code takes one scalar over the batch.</summary>
    public DecisionScope Decide { get; init; }
}

/// <summary>
/// EasyCache (arXiv 2507.02860): the network's output changes in proportion to its input, at a rate that computed calls measure; until the
/// changes expected by it add up to the threshold, the last difference of output and input is reused, and the network is not run.
/// </summary>
public sealed class EasyCachePolicy(EasyCacheOptions? options = null) : CachePolicy<EasyCacheOptions>(Settings, options)
{
    internal static readonly SettingList<EasyCacheOptions> Settings = new(
        "Policy",
        "easycache",
        [
            Setting<EasyCacheOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            Setting<EasyCacheOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            Setting<EasyCacheOptions>.Choice("decide", [("sample", DecisionScope.Sample), ("batch", DecisionScope.Batch)], o => o.Decide, (o, value) => o with { Decide = value }),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        run.Map.RequireSignal("Policy easycache", Site.Output, Signal.NetworkInput);
        var fit = MemoryFit.Of("easycache", run, Tensors.DType.Float32, [], otherElements: 3 * MemoryFit.OutputElements(run));
        return fit.IsEnough ? new OutputRateMemory(Options) : new UncachedMemory(fit.Note);
    }
}
