namespace Augur.Caching.Schedules;

/// <summary>The first calls and then every n-th, as TaylorSeer and most methods are released.</summary>
/// <param name="Interval">Calls from one computed call to the next, at least 1; 1 computes all.</param>
/// <param name="Warmup">Calls computed at the beginning, at least 1.</param>
public sealed record IntervalSchedule(int Interval, int Warmup) : ICallSchedule
{
    /// <inheritdoc/>
    public string Name => "interval";

    /// <inheritdoc/>
    public bool[] Plan(int callCount) => [.. Enumerable.Range(0, callCount).Select(i => i < Warmup || (i - Warmup + 1) % Interval == 0)];
}
