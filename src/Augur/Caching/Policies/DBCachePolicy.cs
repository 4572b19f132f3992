using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="DBCachePolicy"/>; the defaults are the released ones (F8B0).</summary>
public sealed record DBCacheOptions : ResidualOptions
{
    /// <summary>Blocks at the front that are computed at every call, and whose change decides.</summary>
    [Setting("front", 1, 1000, Unit = "blocks")]
    public int Front { get; init => field = Setting.Checked(this, value); } = 8;

    /// <summary>Blocks at the back that are computed at every call.</summary>
    [Setting("back", 0, 1000, Unit = "blocks")]
    public int Back { get; init => field = Setting.Checked(this, value); }

    /// <summary>A call is reused if what its front does has changed by less than this, relative to the last computed call; 0 computes all.</summary>
    [Setting("threshold", 0, 1000)]
    public double Threshold { get; init => field = Setting.Checked(this, value); } = 0.08;

    /// <summary>Calls computed at the beginning.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 8;

    /// <summary>Most reused calls in a row; none: no limit.</summary>
    [Setting("max_consecutive", 1, 1000, Unit = "calls")]
    public int? MaxConsecutive { get; init => field = Setting.Checked(this, value); }

    /// <summary>Most reused calls in a run; none: no limit.</summary>
    [Setting("max_cached", 0, 1000, Unit = "calls")]
    public int? MaxCached { get; init => field = Setting.Checked(this, value); }
}

/// <summary>
/// DBCache (cache-dit): the first blocks of every call are computed; where they do what they did at the last computed call, the change that the
/// middle blocks made then is reused, and the last blocks are computed again.
/// </summary>
public sealed class DBCachePolicy(DBCacheOptions? options = null) : CachePolicy<DBCacheOptions>(Settings, options)
{
    internal static readonly SettingList<DBCacheOptions> Settings = new("Policy", "dbcache");

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => Open("dbcache", Options, run);

    internal static ISampleMemory Open(string method, DBCacheOptions options, RunInfo run)
    {
        var span = GatedSpan.OrLevel(method, run, options.Front, options.Back);
        var front = run.RowCount * GatedSpan.FeatureOf(run.Map, span.Front).ElementCount;
        var fit = MemoryFit.Of(method, run, options.State, [(options.Draft, span.Elements(run))], otherElements: front);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new GatedSpanMemory(
                span,
                new FrontChangeGate(options.Threshold, new ReuseLimits(options.Warmup, options.MaxConsecutive, options.MaxCached)),
                new SpanMemory(fit.Remember(0, options.Draft), isChange: !run.Map.HasLevels), // what comes up is no change of what went down
                fit.Note);
    }
}
