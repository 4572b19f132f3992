using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="DBCachePolicy"/>; the defaults are the released ones (F8B0).</summary>
public sealed record DBCacheOptions : ResidualOptions
{
    /// <summary>Blocks at the front that are computed at every call, and whose change decides, 1 to 1000. Default 8.</summary>
    public int Front { get; init => field = Within(value, 1, 1000); } = 8;

    /// <summary>Blocks at the back that are computed at every call, 0 to 1000. Default 0.</summary>
    public int Back { get; init => field = Within(value, 0, 1000); }

    /// <summary>Calls whose front has changed by less than this, relative to the last computed call, are reused, 0 to 1000; 0 computes all. Default 0.08.</summary>
    public double Threshold { get; init => field = Within(value, 0, 1000); } = 0.08;

    /// <summary>Calls computed at the beginning, 1 to 1000. Default 8.</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 8;

    /// <summary>Most reused calls in a row, 1 to 1000; null (default): no limit.</summary>
    public int? MaxConsecutive { get; init => field = value is { } limit ? Within(limit, 1, 1000) : null; }

    /// <summary>Most reused calls in a run, 0 to 1000; null (default): no limit.</summary>
    public int? MaxCached { get; init => field = value is { } limit ? Within(limit, 0, 1000) : null; }
}

/// <summary>
/// DBCache (cache-dit): the first blocks of every call are computed; where they do what they did at the last computed call, the change that the
/// middle blocks made then is reused, and the last blocks are computed again.
/// </summary>
public sealed class DBCachePolicy(DBCacheOptions? options = null) : CachePolicy<DBCacheOptions>(Settings, options)
{
    internal static readonly SettingList<DBCacheOptions> Settings = new(
        "Policy",
        "dbcache",
        [
            Setting<DBCacheOptions>.Integer("front", "a whole number between 1 and 1000", o => o.Front, (o, value) => o with { Front = value }),
            Setting<DBCacheOptions>.Integer("back", "a whole number between 0 and 1000", o => o.Back, (o, value) => o with { Back = value }),
            Setting<DBCacheOptions>.Number("threshold", "a number between 0 and 1000", o => o.Threshold, (o, value) => o with { Threshold = value }),
            Setting<DBCacheOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
            Setting<DBCacheOptions>.OptionalInteger("max_consecutive", "a whole number between 1 and 1000", o => o.MaxConsecutive, (o, value) => o with { MaxConsecutive = value }),
            Setting<DBCacheOptions>.OptionalInteger("max_cached", "a whole number between 0 and 1000", o => o.MaxCached, (o, value) => o with { MaxCached = value }),
            .. ResidualOptions.Settings<DBCacheOptions>(),
        ]);

    /// <inheritdoc/>
    public override bool DecidesForBatch => Options.Decide == DecisionScope.Batch;

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => Open("dbcache", Options, run);

    internal static ISampleMemory Open(string method, DBCacheOptions options, RunInfo run)
    {
        var span = GatedSpan.Of(method, run, options.Front, options.Back);
        var stream = MemoryFit.StreamElements(run);
        var fit = MemoryFit.Of(method, run, options.State, [(options.Draft, stream)], otherElements: stream);
        return !fit.IsEnough ? new UncachedMemory(fit.Note)
            : new GatedSpanMemory(
                span,
                new FrontChangeGate(options.Threshold, new ReuseLimits(options.Warmup, options.MaxConsecutive, options.MaxCached)),
                new SpanMemory(fit.Remember(0, options.Draft), isChange: true),
                fit.Note);
    }
}
