using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="AugurPolicy"/>.</summary>
public sealed record AugurOptions : IntervalOptions
{
    /// <summary>Defaults: ten computed calls, between them the network's output by FoCa's rule.</summary>
    public AugurOptions() => (Schedule, Draft, Granularity) = (new AugurSchedule(10), new FoCaForecaster(), Granularity.Output);

    /// <summary>Computed calls; all where the run has fewer. Ten of 50 are a fifth of the FLOPs.</summary>
    [Setting("calls", 1, 1000, Unit = "calls", IsPositional = true)]
    public int Calls
    {
        get => Schedule is AugurSchedule own ? own.Calls : 0;
        init => Schedule = new AugurSchedule(Setting.Checked(this, value));
    }
}

/// <summary>
/// What the search over the whole space of settings ended in: which calls are computed decides most at a given cost, then the rule of
/// extrapolation; verification and computed tokens cost more than they bring
/// where the schedule is right. Found by <c>augur tune</c> on the built-in model; another model is worth a search of its own.
/// </summary>
/// <param name="options">The settings.</param>
/// <exception cref="ArgumentException">They do not fit each other.</exception>
public sealed class AugurPolicy(AugurOptions? options = null) : IntervalPolicy<AugurOptions>("augur", Settings, options)
{
    // The schedule is the searched one.
    internal static readonly SettingList<AugurOptions> Settings = new("Policy", "augur", "interval", "warmup", "schedule");
}

/// <summary>Searched schedules, stretched to the number of computed calls and the length of the run.</summary>
/// <param name="Calls">Computed calls, at least 1.</param>
internal sealed record AugurSchedule(int Calls) : ICallSchedule
{
    // By augur tune on the built-in model, DDIM in 50 steps: of so many computed calls.
    private const int Of = 50;
    private static readonly int[][] s_found =
    [
        [0, 8, 17, 25, 33, 41, 47],
        [0, 5, 12, 19, 25, 32, 40, 47],
        [0, 5, 12, 18, 24, 30, 36, 42, 47],
        [0, 4, 10, 16, 21, 26, 31, 37, 43, 47],
        [0, 1, 5, 9, 13, 17, 19, 23, 27, 31, 36, 40, 45, 48],
    ];

    /// <inheritdoc/>
    public string Name => "augur";

    /// <inheritdoc/>
    public bool[] Plan(int callCount)
    {
        var count = Math.Min(Calls, callCount);
        var nearest = s_found.MinBy(found => Math.Abs(Math.Log((double)found.Length / count)))!;
        var plan = new bool[callCount];
        foreach (var call in CallSchedules.Resample(nearest, Of, count, callCount))
        {
            plan[call] = true;
        }

        return plan;
    }
}
