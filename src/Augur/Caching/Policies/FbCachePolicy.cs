using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="FbCachePolicy"/>.</summary>
public sealed record FbCacheOptions : ResidualOptions
{
    /// <summary>
    /// A call is reused if what its first block does has changed by less than this, relative to the last computed call; 0 computes all.
    /// Published: 0.05 to 0.2.
    /// </summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.08;

    /// <summary>Calls computed at the beginning.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 1;
}

/// <summary>First Block Cache (ParaAttention): <see cref="DBCachePolicy"/> with one block in front, none behind and no limits.</summary>
public sealed class FbCachePolicy(FbCacheOptions? options = null) : CachePolicy<FbCacheOptions>(Settings, options)
{
    internal static readonly SettingList<FbCacheOptions> Settings = new("Policy", "fbcache");

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => DBCachePolicy.Open(
        "fbcache",
        new DBCacheOptions
        {
            Front = 1,
            Threshold = Options.Threshold,
            Warmup = Options.Warmup,
            Draft = Options.Draft,
            State = Options.State,
            Decide = Options.Decide,
        },
        run);
}
