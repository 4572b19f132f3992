using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="FbCachePolicy"/>.</summary>
public sealed record FbCacheOptions : ResidualOptions
{
    /// <summary>Calls whose first block has changed by less than this, relative to the last computed call, are reused, 0 to 1000; 0 computes all. Default 0.08 (published 0.05 to 0.2).</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.08;

    /// <summary>Calls computed at the beginning, 1 to 1000. Default 1.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 1;
}

/// <summary>First Block Cache (ParaAttention): <see cref="DBCachePolicy"/> with one block in front, none behind and no limits.</summary>
public sealed class FbCachePolicy(FbCacheOptions? options = null) : CachePolicy<FbCacheOptions>(Settings, options)
{
    internal static readonly SettingList<FbCacheOptions> Settings = new(
        "Policy",
        "fbcache",
        [
            Setting<FbCacheOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            Setting<FbCacheOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            .. ResidualOptions.Settings<FbCacheOptions>(),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => DBCachePolicy.Open(
        "fbcache",
        new DBCacheOptions { Front = 1, Threshold = Options.Threshold, Warmup = Options.Warmup, Draft = Options.Draft, State = Options.State, Decide = Options.Decide },
        run);
}
