using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="DeepCachePolicy"/>.</summary>
public sealed record DeepCacheOptions
{
    /// <summary>Calls from one computed call to the next; 1 computes all. The default is the released demonstration's.</summary>
    [Setting("interval", 1, 1000, Unit = "calls")]
    public int Interval { get; init => field = Setting.Checked(this, value); } = 5;

    /// <summary>
    /// The skip connection, counted from the outermost, inside of which everything is kept: 0 computes the last layer on the way up alone (released
    /// default), larger ones more. Stable Diffusion has 12.
    /// </summary>
    [Setting("branch", 0, 255, Unit = "connections")]
    public int Branch { get; init => field = Setting.Checked(this, value); }

    /// <summary>Which calls are computed in full; the word interval stands for every so many.</summary>
    [Setting("schedule", Catalog = typeof(CallSchedules), None = "interval")]
    public ICallSchedule? Schedule { get; init; }

    /// <summary>What takes the place of the kept feature; the method as published reuses it.</summary>
    [Setting("draft", Catalog = typeof(Forecasters), Shorthand = "order")]
    public IForecaster Draft { get; init; } = new ReuseForecaster();

    /// <summary>Precision of the kept feature.</summary>
    [Setting("state", Only = [DType.Float32, DType.BFloat16])]
    public DType State { get; init => field = Setting.Checked(this, value); }
}

/// <summary>
/// DeepCache (arXiv 2312.00858): between computed calls only the outermost layers of a U-Net are run, and what comes up to them from the levels
/// inside is kept, as it changes slowly from call to call while the skip connections carry what changes fast.
/// </summary>
public sealed class DeepCachePolicy(DeepCacheOptions? options = null) : CachePolicy<DeepCacheOptions>(Settings, options)
{
    internal static readonly SettingList<DeepCacheOptions> Settings = new("Policy", "deepcache");

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var plan = (Options.Schedule ?? new IntervalSchedule(Options.Interval, 1)).Plan(run.CallCount);
        if (Array.TrueForAll(plan, isFull => isFull))
        {
            return new UncachedMemory(note: null);
        }

        var site = LevelOf(run.Map, "deepcache", Options.Branch);
        var fit = MemoryFit.Of(
            "deepcache", run, Options.State, [(Options.Draft, run.RowCount * run.Map[site].Feature.ElementCount)], otherElements: 0);
        return fit.IsEnough ? new LevelMemory(site, plan, fit.Remember(0, Options.Draft), fit.Note) : new UncachedMemory(fit.Note);
    }

    /// <summary>The level of a skip connection.</summary>
    /// <exception cref="ArgumentException">The network has none.</exception>
    internal static Site LevelOf(NetworkMap map, string policy, int branch)
    {
        var count = map.Sites.Count(s => s.Site.Kind == SiteKind.Level);
        return map.Has(Site.Level(branch)) ? Site.Level(branch)
            : throw new ArgumentException(count == 0
                ? $"Policy {policy} keeps what comes up inside the levels of a U-Net, and this network has none."
                : $"Policy {policy}: branch={branch} is none of this network's {count} levels, which count from 0.");
    }
}
