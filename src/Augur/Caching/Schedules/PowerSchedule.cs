using Augur.Notation;

namespace Augur.Caching.Schedules;

/// <summary>Settings of <see cref="PowerSchedule"/>.</summary>
public sealed record PowerScheduleOptions
{
    /// <summary>Computed calls; all where the run has fewer.</summary>
    [Setting("calls", 1, 1000, Unit = "calls", IsPositional = true)]
    public int Calls { get; init => field = Setting.Checked(this, value); } = 10;

    /// <summary>1 spreads the computed calls evenly; above 1 they are denser at the beginning, below 1 at the end.</summary>
    [Setting("exponent", 0.1, 10)]
    public double Exponent { get; init => field = Setting.Checked(this, value); } = 1;
}

/// <summary>
/// The i-th of n computed calls is call (i / n)^exponent · T, moved on by one where it is taken: methods look back, so that a denser end or
/// beginning buys accuracy where features move fast.
/// </summary>
public sealed record PowerSchedule(PowerScheduleOptions Options) : ICallSchedule
{
    internal static readonly SettingList<PowerScheduleOptions> Settings = new("Schedule", "power");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool[] Plan(int callCount)
    {
        var count = Math.Min(Options.Calls, callCount);
        var plan = new bool[callCount];
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            var wanted = (int)Math.Floor(Math.Pow((double)i / count, Options.Exponent) * callCount);
            next = Math.Clamp(wanted, next, callCount - (count - i)); // room for those to come
            plan[next++] = true;
        }

        return plan;
    }
}
