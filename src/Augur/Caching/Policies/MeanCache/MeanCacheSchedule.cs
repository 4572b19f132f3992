using Augur.Caching.Schedules;

namespace Augur.Caching.Policies;

/// <summary>The released schedules of Qwen-Image, stretched to the number of computed calls and the length of the run.</summary>
/// <param name="Calls">Computed calls, at least 1.</param>
internal sealed record MeanCacheSchedule(int Calls) : ICallSchedule
{
    private const int Of = 50;
    private static readonly int[][] s_released =
    [
        [0, 1, 3, 7, 14, 21, 28, 35, 42, 49],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 17, 24, 31, 38, 45, 48, 49],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 24, 32, 40, 43, 45, 47, 48, 49],
    ];

    /// <inheritdoc/>
    public string Name => "meancache";

    /// <inheritdoc/>
    public bool[] Plan(int callCount)
    {
        var count = Math.Min(Calls, callCount);
        var plan = new bool[callCount];
        foreach (var call in CallSchedules.Resample(s_released.MinBy(r => Math.Abs(Math.Log((double)r.Length / count)))!, Of, count, callCount))
        {
            plan[call] = true;
        }

        return plan;
    }
}
