using Augur.Notation;

namespace Augur.Caching.Schedules;

/// <summary>Settings of <see cref="GrowingSchedule"/>.</summary>
public sealed record GrowingScheduleOptions
{
    /// <summary>Calls from the last one of the warm-up to the next computed one.</summary>
    [Setting("window", 1, 1000, Unit = "calls", IsPositional = true)]
    public double Window { get; init => field = Setting.Checked(this, value); } = 2;

    /// <summary>What each computed call adds to it; the window is rounded down. Published: 0.75 for 14 of 50 calls, 3 for 10.</summary>
    [Setting("growth", 0, 1000, Unit = "calls")]
    public double Growth { get; init => field = Setting.Checked(this, value); } = 0.75;

    /// <summary>Calls computed at the beginning; five give the published numbers of computed calls.</summary>
    [Setting("warmup", 1, 1000, Unit = "calls")]
    public int Warmup { get; init => field = Setting.Checked(this, value); } = 5;
}

/// <summary>Computed calls that lie ever further apart: the schedule of Spectrum (arXiv 2603.01623).</summary>
public sealed record GrowingSchedule(GrowingScheduleOptions Options) : ICallSchedule
{
    internal static readonly SettingList<GrowingScheduleOptions> Settings = new("Schedule", "growing");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool[] Plan(int callCount)
    {
        var plan = new bool[callCount];
        var (window, last) = (Options.Window, 0);
        for (var call = 0; call < callCount; call++)
        {
            if (call < Options.Warmup)
            {
                (plan[call], last) = (true, call);
            }
            else if (call - last >= (int)window)
            {
                (plan[call], last, window) = (true, call, window + Options.Growth);
            }
        }

        return plan;
    }
}
