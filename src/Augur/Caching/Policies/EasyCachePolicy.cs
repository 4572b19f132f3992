using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="EasyCachePolicy"/>.</summary>
public sealed record EasyCacheOptions
{
    /// <summary>
    /// The sum of expected relative changes of the output at which a call is computed; 0 computes all. The default is HunyuanVideo's.
    /// </summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.025;

    /// <summary>Calls computed at the beginning (<c>ret_steps</c> in the released code).</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 5;

    /// <summary>Whether each sample decides for itself, or all samples of a batch together, as the released code does.</summary>
    [Setting("decide")]
    public DecisionScope Decide { get; init; }
}

/// <summary>
/// EasyCache (arXiv 2507.02860): the network's output changes in proportion to its input, at a rate that computed calls measure; until the
/// changes expected by it add up to the threshold, the last difference of output and input is reused, and the network is not run.
/// </summary>
public sealed class EasyCachePolicy(EasyCacheOptions? options = null) : CachePolicy<EasyCacheOptions>(Settings, options)
{
    internal static readonly SettingList<EasyCacheOptions> Settings = new("Policy", "easycache");

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var fit = MemoryFit.Of("easycache", run, Tensors.DType.Float32, [], otherElements: 3 * MemoryFit.OutputElements(run));
        return fit.IsEnough ? new OutputRateCache(Options) : new UncachedSample(fit.Note);
    }
}
