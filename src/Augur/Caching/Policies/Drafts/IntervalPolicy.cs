using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of methods that compute at fixed calls.</summary>
public abstract record IntervalOptions : DraftOptions
{
    /// <summary>Calls from one computed call to the next; 1 computes all.</summary>
    [Setting("interval", 1, 1000, Unit = "calls")]
    public int Interval { get; init => field = Setting.Checked(this, value); } = 4;

    /// <summary>Calls computed at the beginning (<c>first_enhance</c> in the released code).</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>Which calls are computed; the word interval stands for those that interval and warm-up give.</summary>
    [Setting("schedule", Catalog = typeof(CallSchedules), None = "interval")]
    public ICallSchedule? Schedule { get; init; }
}

/// <summary>Computes the first calls and then every n-th, or those of another schedule; forecasts the others without looking.</summary>
/// <remarks>
/// The released schedule of TaylorSeer: nothing forces the last call to be computed. Under another schedule every computed call counts from the
/// first on.
/// </remarks>
public abstract class IntervalPolicy<TOptions> : CachePolicy<TOptions>
    where TOptions : IntervalOptions, new()
{
    private protected IntervalPolicy(string name, SettingList<TOptions> settings, TOptions? options)
        : base(settings, options) => Options.RequireSense(name);

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run)
    {
        var draft = new DraftModel(Options.DraftSettings, run, verified: null);
        var plan = (Options.Schedule ?? new IntervalSchedule(Options.Interval, Options.Warmup)).Plan(run.NotNull().CallCount);
        return draft.IsEnough ? new ScheduledMemory(draft, plan, Options.Schedule is null ? Options.Warmup : 1) : UncachedMemory.InPlaceOf(draft);
    }
}
