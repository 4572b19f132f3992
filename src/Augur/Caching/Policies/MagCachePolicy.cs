using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="MagCachePolicy"/>.</summary>
public sealed record MagCacheOptions : ResidualOptions
{
    /// <summary>The sum of expected relative errors of the magnitude up to which calls are reused.</summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.06;

    /// <summary>Most reused calls in a row; 0 computes all.</summary>
    [Setting("max_consecutive", 0, 1000, Unit = "calls")]
    public int MaxConsecutive { get; init => field = Setting.Checked(this, value); } = 3;

    /// <summary>Share of the run at its beginning that is computed.</summary>
    [Setting("retention", 0, 1)]
    public double Retention { get; init => field = Setting.Checked(this, value); } = 0.2;

    /// <summary>
    /// The magnitude of the blocks' change at each call, divided by that at the call before, from a calibration run of any number of calls. They
    /// belong to a network; <c>augur fit magcache</c> measures them.
    /// </summary>
    [Setting("ratios", 0, 1000, AboveMinimum = true, BelowMaximum = true, None = "none")]
    public IReadOnlyList<double> Ratios { get; init => field = Setting.Checked(this, value); } = [];
}

/// <summary>
/// MagCache (arXiv 2506.09045): how much the magnitude of the blocks' change varies from call to call is alike for all pictures of a network, so
/// that a calibration run says in advance how far a reused change will be off.
/// </summary>
public sealed class MagCachePolicy(MagCacheOptions? options = null) : CachePolicy<MagCacheOptions>(Settings, options)
{
    internal static readonly SettingList<MagCacheOptions> Settings = new("Policy", "magcache");

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        if (Options is { Ratios.Count: 0, MaxConsecutive: > 0 })
        {
            throw new ArgumentException(
                "Policy magcache needs this model's ratios; augur fit magcache measures them (ratios=1 takes the magnitude as constant).");
        }

        return Options.Open("magcache", run, new MagnitudeGate(Options), gateElements: 0);
    }
}
