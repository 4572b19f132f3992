using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="MagCachePolicy"/>.</summary>
public sealed record MagCacheOptions : ResidualOptions
{
    /// <summary>The accumulated error of the magnitude up to which calls are reused, 0 to 1000. Default 0.06.</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.06;

    /// <summary>Most reused calls in a row, 0 to 1000; 0 computes all. Default 3.</summary>
    public int MaxConsecutive { get; init => field = Within(value, 0, 1000); } = 3;

    /// <summary>Share of the run at its beginning that is computed, 0 to 1. Default 0.2.</summary>
    public double Retention { get; init => field = Within(value, 0, 1); } = 0.2;

    /// <summary>
    /// Magnitude of the blocks' change at each call over that at the call before, of a calibration run of any number of calls. No default: they belong to a
    /// network, and <c>augur fit magcache</c> measures them.
    /// </summary>
    public IReadOnlyList<double> Ratios
    {
        get;
        init => field = value.All(r => r is > 0 and < 1000) ? value : throw new ArgumentException("Ratios lie above 0 and below 1000, each.");
    } = [];
}

/// <summary>
/// MagCache (arXiv 2506.09045): how much the magnitude of the blocks' change varies from call to call is alike for all pictures of a network, so
/// that a calibration run says in advance how far a reused change will be off.
/// </summary>
public sealed class MagCachePolicy(MagCacheOptions? options = null) : CachePolicy<MagCacheOptions>(Settings, options)
{
    internal static readonly SettingList<MagCacheOptions> Settings = new(
        "Policy",
        "magcache",
        [
            Setting<MagCacheOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            Setting<MagCacheOptions>.Integer("max_consecutive", "a whole number between 0 and 1000", o => o.MaxConsecutive, (o, value) => o with { MaxConsecutive = value }),
            Setting<MagCacheOptions>.Number("retention", "a number between 0 and 1", o => o.Retention, (o, value) => o with { Retention = value }),
            Setting<MagCacheOptions>.Numbers("ratios", "numbers separated by spaces, or none", o => o.Ratios, (o, value) => o with { Ratios = value }),
            .. ResidualOptions.Settings<MagCacheOptions>(),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        if (Options is { Ratios.Count: 0, MaxConsecutive: > 0 })
        {
            throw new ArgumentException("Policy magcache needs this model's ratios; augur fit magcache measures them (ratios=1 takes the magnitude as constant).");
        }

        return Options.Open("magcache", run, new MagnitudeGate(Options), gateElements: 0);
    }
}
