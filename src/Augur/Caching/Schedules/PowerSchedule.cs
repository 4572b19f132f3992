using Augur.Notation;
using static Augur.Notation.Ranges;

namespace Augur.Caching.Schedules;

/// <summary>Settings of <see cref="PowerSchedule"/>.</summary>
public sealed record PowerScheduleOptions
{
    /// <summary>Computed calls, 1 to 1000; as many as there are where the run has fewer. Default 10.</summary>
    public int Calls { get; init => field = Within(value, 1, 1000); } = 10;

    /// <summary>1 (default) spreads them evenly; above 1 the beginning is denser, below 1 the end. 0.1 to 10.</summary>
    public double Exponent { get; init => field = Within(value, 0.1, 10); } = 1;
}

/// <summary>The i-th of n computed calls is call (i / n)^exponent · T, moved on by one where it is taken: methods look back, so that a denser end or beginning buys accuracy where features move fast.</summary>
public sealed record PowerSchedule(PowerScheduleOptions Options) : ICallSchedule
{
    internal static readonly SettingList<PowerScheduleOptions> Settings = new(
        "Schedule",
        "power",
        [
            Setting<PowerScheduleOptions>.Integer("calls", "a whole number between 1 and 1000", o => o.Calls, (o, value) => o with { Calls = value }) with { IsPositional = true },
            Setting<PowerScheduleOptions>.Number("exponent", "a number between 0.1 and 10", o => o.Exponent, (o, value) => o with { Exponent = value }),
        ]);

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
