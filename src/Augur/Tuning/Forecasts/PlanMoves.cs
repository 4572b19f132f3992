namespace Augur.Tuning;

/// <summary>Computed calls of a plan, one or several in a row, that come earlier or later.</summary>
/// <param name="First">Index of the first that moves.</param>
/// <param name="Last">Index of the last.</param>
/// <param name="By">Calls, negative: earlier.</param>
internal readonly record struct PlanMove(int First, int Last, int By)
{
    /// <summary>The moved plan; null: it would meet others, or leave the run.</summary>
    /// <param name="plan">Computed calls, ascending.</param>
    /// <param name="calls">Calls of a run.</param>
    public int[]? Of(int[] plan, int calls)
    {
        var (first, last, by) = this;
        int[] moved = [.. plan.Select((call, i) => i >= first && i <= last ? call + by : call)];
        var isBehind = moved[first] > (first == 0 ? -1 : moved[first - 1]);
        return isBehind && moved[^1] < calls && (last + 1 == moved.Length || moved[last + 1] > moved[last]) ? moved : null;
    }
}

/// <summary>The moves that searches try.</summary>
internal static class PlanMoves
{
    /// <summary>One call, two in a row, or all from one on.</summary>
    /// <param name="count">Calls of the plan.</param>
    public static IEnumerable<PlanMove> All(int count) =>
        from first in Enumerable.Range(0, count)
        from shift in (int[])[-1, 1, -2, 2]
        from last in ((int[])[first, Math.Min(first + 1, count - 1), count - 1]).Distinct()
        select new PlanMove(first, last, shift);

    /// <summary>One call, or all from one on; the last calls first.</summary>
    /// <param name="count">Calls of the plan.</param>
    public static IEnumerable<PlanMove> LateFirst(int count) =>
        from first in Enumerable.Range(0, count).Reverse()
        from last in ((int[])[first, count - 1]).Distinct()
        from shift in last == first ? (int[])[-1, 1, -2, 2] : [-1, 1]
        select new PlanMove(first, last, shift);
}
