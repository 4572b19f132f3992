namespace Augur.Tuning;

/// <summary>Dynamic programming over computed calls, where what a gap costs depends on the two computed calls before it.</summary>
internal static class CheapestPath
{
    /// <summary>Of every choice of computed calls the one whose gaps cost least together.</summary>
    /// <param name="calls">Calls of a run.</param>
    /// <param name="count">Computed calls, at least 1 and at most <paramref name="calls"/>.</param>
    /// <param name="starts">What it costs that the first computed call is call 0, 1, …</param>
    /// <param name="cost">Of the gap from a computed call to the next, or to the end of the run: the one before (−1: none), it, the next.</param>
    public static int[] Of(int calls, int count, IReadOnlyList<double> starts, Func<int, int, int, double> cost)
    {
        var longest = Math.Min(calls, (int)Math.Ceiling(2.5 * calls / count));
        List<Dictionary<(int Before, int At), (double Cost, int Parent)>> levels =
            [starts.Take(calls - count + 1).Index().ToDictionary(start => (-1, start.Index), start => (start.Item, -1))];
        for (var level = 1; level < count; level++)
        {
            var next = new Dictionary<(int Before, int At), (double Cost, int Parent)>();
            foreach (var ((before, at), (sum, _)) in levels[^1])
            {
                for (var to = at + 1; to <= Math.Min(at + longest, calls - (count - level)); to++)
                {
                    var total = sum + cost(before, at, to);
                    if (!next.TryGetValue((at, to), out var known) || total < known.Cost)
                    {
                        next[(at, to)] = (total, before);
                    }
                }
            }

            levels.Add(next);
        }

        var (state, _) = levels[^1].Select(s => (s.Key, s.Value.Cost + cost(s.Key.Before, s.Key.At, calls))).MinBy(s => s.Item2);
        var path = new int[count];
        for (var level = count - 1; level >= 0; level--)
        {
            path[level] = state.At;
            state = (levels[level][state].Parent, state.Before);
        }

        return path;
    }
}
