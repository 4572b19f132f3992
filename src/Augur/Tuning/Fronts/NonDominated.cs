namespace Augur.Tuning;

/// <summary>The order of candidates in NSGA-II (Deb and others, 2002): whom nobody beats in everything, and who stands alone.</summary>
public static class NonDominated
{
    /// <summary>Whether a candidate is at least as good in every objective, and better in one.</summary>
    /// <param name="a">Objectives, the smaller the better.</param>
    /// <param name="b">As many.</param>
    public static bool Dominates(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var isBetter = false;
        for (var i = 0; i < a.NotNull().Count; i++)
        {
            if (a[i] > b.NotNull()[i])
            {
                return false;
            }

            isBetter |= a[i] < b[i];
        }

        return isBetter;
    }

    /// <summary>The front that each candidate lies on: 0 where none dominates it, 1 where those alone do, and so on (section III-A).</summary>
    /// <param name="points">Objectives of each candidate, the smaller the better; finite.</param>
    public static int[] Ranks(IReadOnlyList<double[]> points)
    {
        var ranks = new int[points.NotNull().Count];
        int[] left = [.. Enumerable.Range(0, ranks.Length)];
        for (var rank = 0; left.Length > 0; rank++)
        {
            int[] front = [.. left.Where(i => !left.Any(j => Dominates(points[j], points[i])))];
            Array.ForEach(front, i => ranks[i] = rank);
            left = [.. left.Except(front)];
        }

        return ranks;
    }

    /// <summary>
    /// How far each candidate of a front is from its neighbours: the sum over objectives of the distance between them, as a share of the front's
    /// extent; infinite at its ends (section III-B).
    /// </summary>
    /// <param name="front">Objectives of each candidate of one front.</param>
    public static double[] Crowding(IReadOnlyList<double[]> front)
    {
        var distances = new double[front.NotNull().Count];
        for (var objective = 0; front.Count > 0 && objective < front[0].Length; objective++)
        {
            int[] order = [.. Enumerable.Range(0, front.Count).OrderBy(i => front[i][objective])];
            var extent = front[order[^1]][objective] - front[order[0]][objective];
            distances[order[0]] = distances[order[^1]] = double.PositiveInfinity;
            for (var i = 1; extent > 0 && i < order.Length - 1; i++)
            {
                distances[order[i]] += (front[order[i + 1]][objective] - front[order[i - 1]][objective]) / extent;
            }
        }

        return distances;
    }

    /// <summary>The best candidates: by front, and within the last front that has no room for all by distance. Indices, the best first.</summary>
    /// <param name="points">Objectives of each candidate, the smaller the better.</param>
    /// <param name="count">How many.</param>
    public static int[] Best(IReadOnlyList<double[]> points, int count)
    {
        var ranks = Ranks(points);
        return
        [
            .. Enumerable.Range(0, ranks.Length).GroupBy(i => ranks[i]).OrderBy(front => front.Key).SelectMany(front =>
            {
                int[] members = [.. front];
                var distances = Crowding([.. members.Select(i => points[i])]);
                return members.Zip(distances).OrderByDescending(member => member.Second).Select(member => member.First);
            }).Take(count),
        ];
    }
}
