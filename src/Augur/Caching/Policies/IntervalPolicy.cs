using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Policies;

/// <summary>Settings of methods that compute at fixed calls.</summary>
public abstract record IntervalOptions : DraftOptions
{
    /// <summary>Calls from one computed call to the next, 1 to 1000; 1 computes all.</summary>
    public int Interval { get; init => field = Within(value, 1, 1000); } = 4;

    /// <summary>Calls computed at the beginning, 1 to 1000 (<c>first_enhance</c>).</summary>
    public int Warmup { get; init => field = Within(value, 1, 1000); } = 2;

    /// <summary>Which calls are computed; null (default): by interval and warm-up.</summary>
    public ICallSchedule? Schedule { get; init; }

    internal static IEnumerable<Setting<TOptions>> IntervalSettings<TOptions>()
        where TOptions : IntervalOptions =>
    [
        Setting<TOptions>.Integer("interval", "a whole number between 1 and 1000", o => o.Interval, (o, value) => o with { Interval = value }),
        Setting<TOptions>.Integer("warmup", "a whole number between 1 and 1000", o => o.Warmup, (o, value) => o with { Warmup = value }),
        new("schedule", $"interval, {CallSchedules.Catalog.Words}", o => o.Schedule?.Name ?? "interval", (o, text) => o with { Schedule = text == "interval" ? null : CallSchedules.Parse(text) }),
    ];
}

/// <summary>Computes the first calls and then every n-th, or those of another schedule; forecasts the others without looking.</summary>
/// <remarks>The released schedule of TaylorSeer: nothing forces the last call to be computed. Under another schedule every computed call counts from the first on.</remarks>
public abstract class IntervalPolicy<TOptions> : CachePolicy<TOptions>
    where TOptions : IntervalOptions, new()
{
    private protected IntervalPolicy(string name, SettingList<TOptions> settings, TOptions? options)
        : base(settings, options) => Options.RequireSense(name);

    /// <inheritdoc/>
    public override ISampleMemory Open(RunInfo run) => new ScheduledMemory(
        new DraftModel(Options.DraftSettings, run, verified: null),
        (Options.Schedule ?? new IntervalSchedule(Options.Interval, Options.Warmup)).Plan(run.CallCount),
        Options.Schedule is null ? Options.Warmup : 1);
}
