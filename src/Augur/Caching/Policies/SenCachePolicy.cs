using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>
/// Settings of <see cref="SenCachePolicy"/>. Thresholds are root mean squares of the expected change of the network's output, in its own units.
/// </summary>
public sealed record SenCacheOptions : ResidualOptions
{
    /// <summary>The expected change of the output below which a call is reused. Released: 0.07 for Wan2.1.</summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.07;

    /// <summary>The same at the beginning of the run, where errors last longest. Released: 0.005 for Wan2.1.</summary>
    [Setting("early_threshold", 0, 1000)]
    public double EarlyThreshold { get; init => field = Setting.Checked(this, value); } = 0.005;

    /// <summary>Share of the run for which the early threshold holds.</summary>
    [Setting("early_share", 0, 1)]
    public double EarlyShare { get; init => field = Setting.Checked(this, value); } = 0.2;

    /// <summary>Most reused calls in a row (the paper's n, the code's K); 0 computes all.</summary>
    [Setting("max_consecutive", 0, 1000, Unit = "calls")]
    public int MaxConsecutive { get; init => field = Setting.Checked(this, value); } = 10;

    /// <summary>Share of the run that is computed at its beginning, and as much at its end.</summary>
    [Setting("retention", 0, 0.5)]
    public double Retention { get; init => field = Setting.Checked(this, value); } = 0.02;

    /// <summary>
    /// Model times at which the sensitivities below were measured. All three lists belong to a network; <c>augur fit sencache</c> measures them.
    /// </summary>
    [Setting("times", 0, 1_000_000, MostNumbers = 10_000, None = "none")]
    public IReadOnlyList<double> Times { get; init => field = Setting.Checked(this, value); } = [];

    /// <summary>J_z: change of the output by change of the latent at a fixed time, for each of the times.</summary>
    [Setting("by_latent", 0, 1_000_000, MostNumbers = 10_000, None = "none")]
    public IReadOnlyList<double> ByLatent { get; init => field = Setting.Checked(this, value); } = [];

    /// <summary>J_t: change of the output by change of the model time at a fixed latent, for each of the times.</summary>
    [Setting("by_time", 0, 1_000_000, MostNumbers = 10_000, None = "none")]
    public IReadOnlyList<double> ByTime { get; init => field = Setting.Checked(this, value); } = [];
}

/// <summary>
/// SenCache (arXiv 2602.24208): how much a network's output changes with its latent and with its time is measured once; in a run the distance from
/// the last computed call, weighed by these sensitivities, says for each sample how far a reused change would be off.
/// </summary>
public sealed class SenCachePolicy : CachePolicy<SenCacheOptions>
{
    internal static readonly SettingList<SenCacheOptions> Settings = new("Policy", "sencache");

    /// <summary>Checks that the settings fit each other.</summary>
    /// <exception cref="ArgumentException">The table's lists differ in length.</exception>
    public SenCachePolicy(SenCacheOptions? options = null)
        : base(Settings, options)
    {
        if (Options.ByLatent.Count != Options.Times.Count || Options.ByTime.Count != Options.Times.Count)
        {
            throw new ArgumentException(
                $"Policy sencache: times, by_latent and by_time have {Options.Times.Count}, {Options.ByLatent.Count} and {Options.ByTime.Count} "
                + "numbers; they are columns of one table.");
        }
    }

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        run.NotNull().Map.RequireSignal("Policy sencache", Site.Output, Signal.NetworkInput);
        if (Options is { Times.Count: 0, MaxConsecutive: > 0 })
        {
            throw new ArgumentException(
                "Policy sencache needs this model's sensitivities (times, by_latent, by_time); augur fit sencache measures them.");
        }

        return Options.Open("sencache", run, new SensitivityGate(Options, run.Map.LatentShare), MemoryFit.OutputElements(run));
    }
}
