using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Notation;

namespace Augur.Caching.Policies;

/// <summary>Settings of <see cref="AugurPolicy"/>.</summary>
public sealed record AugurOptions : IntervalOptions
{
    /// <summary>Defaults: ten computed calls, a straight line between the last two at the stream behind the last block.</summary>
    public AugurOptions() => (Schedule, Draft, Granularity) = (new AugurSchedule(10), new TaylorForecaster(1), Granularity.Block);

    /// <summary>Computed calls, 1 to 1000; as many as there are where the run has fewer. Default 10, 5 times fewer FLOPs in 50 steps.</summary>
    public int Calls
    {
        get => Schedule is AugurSchedule own ? own.Calls : 0;
        init => Schedule = new AugurSchedule(Ranges.Within(value, 1, 1000));
    }
}

/// <summary>
/// What the search over the whole space of settings ended in: neither the rule of extrapolation nor a verification decides at a given cost, but which calls are computed. They lie closer together at the
/// beginning and reach nearly to the end. Found by <c>augur tune</c> on the built-in model; a model of its own is worth a search of its own.
/// </summary>
/// <param name="options">The settings.</param>
/// <exception cref="ArgumentException">They do not fit each other.</exception>
public sealed class AugurPolicy(AugurOptions? options = null) : IntervalPolicy<AugurOptions>("augur", Settings, options)
{
    internal static readonly SettingList<AugurOptions> Settings = new(
        "Policy",
        "augur",
        [
            Setting<AugurOptions>.Integer("calls", "a whole number between 1 and 1000", o => o.Calls, (o, value) => o with { Calls = value }) with { IsPositional = true },
            .. DraftOptions.Settings<AugurOptions>(),
        ]);
}

/// <summary>Searched schedules, stretched to the number of computed calls and the length of the run.</summary>
/// <param name="Calls">Computed calls, at least 1.</param>
internal sealed record AugurSchedule(int Calls) : ICallSchedule
{
    // By augur tune on the built-in model, DDIM in 50 steps: of so many computed calls.
    private const int Of = 50;
    private static readonly int[][] s_found =
    [
        [0, 6, 13, 20, 29, 39, 47],
        [0, 4, 11, 16, 24, 32, 39, 46],
        [0, 4, 9, 13, 19, 25, 30, 36, 42, 47],
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
