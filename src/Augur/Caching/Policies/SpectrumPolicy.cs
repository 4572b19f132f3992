using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="SpectrumPolicy"/>; the defaults are the released ones.</summary>
public sealed record SpectrumOptions : IntervalOptions
{
    /// <summary>Defaults.</summary>
    public SpectrumOptions() => (Schedule, Draft, Granularity) = (new GrowingSchedule(new()), new SpectrumForecaster(), Granularity.Output);

    /// <summary>Calls from the last one of the warm-up to the next computed one.</summary>
    [Setting("window", 1, 1000, Unit = "calls")]
    public double Window
    {
        get => Growing.Window;
        init => Schedule = new GrowingSchedule(Growing with { Window = Setting.Checked(this, value) });
    }

    /// <summary>What each computed call adds to it; the window is rounded down. Published: 0.75 for 14 of 50 calls, 3 for 10.</summary>
    [Setting("growth", 0, 1000, Unit = "calls")]
    public double Growth
    {
        get => Growing.Growth;
        init => Schedule = new GrowingSchedule(Growing with { Growth = Setting.Checked(this, value) });
    }

    /// <summary>Calls computed at the beginning; five give the published numbers of computed calls.</summary>
    [Setting("first", 1, 1000, Unit = "calls")]
    public int First
    {
        get => Growing.Warmup;
        init => Schedule = new GrowingSchedule(Growing with { Warmup = Setting.Checked(this, value) });
    }

    private GrowingScheduleOptions Growing => Schedule is GrowingSchedule own ? own.Options : new();
}

/// <summary>
/// Spectrum (arXiv 2603.01623): the network's output is fitted by Chebyshev polynomials over many calls and computed at ever longer gaps.
/// </summary>
/// <param name="options">The settings.</param>
/// <exception cref="ArgumentException">They do not fit each other.</exception>
public sealed class SpectrumPolicy(SpectrumOptions? options = null) : IntervalPolicy<SpectrumOptions>("spectrum", Settings, options)
{
    // The schedule is Spectrum's.
    internal static readonly SettingList<SpectrumOptions> Settings = new("Policy", "spectrum", "interval", "warmup", "schedule");
}
