namespace Augur.Metrics;

/// <summary>The best trade-offs between speed and quality.</summary>
public static class ParetoFront
{
    /// <summary>
    /// The points that no other point dominates. A point dominates another if it is at least as fast and at least as good, and better in one of the
    /// two.
    /// </summary>
    /// <param name="points">Speed (higher is better) and quality. A point with a NaN is not on the front.</param>
    /// <param name="isHigherBetter">Whether more quality is better; false for an error.</param>
    /// <returns>Indices of these points, from the slowest to the fastest; equal points are all included.</returns>
    public static IReadOnlyList<int> Of(IReadOnlyList<(double Speed, double Quality)> points, bool isHigherBetter = true)
    {
        ArgumentNullException.ThrowIfNull(points);
        double Goodness(int i) => isHigherBetter ? points[i].Quality : -points[i].Quality;
        var front = new List<int>();
        foreach (var i in Enumerable.Range(0, points.Count)
            .Where(i => !double.IsNaN(points[i].Speed) && !double.IsNaN(points[i].Quality))
            .OrderByDescending(i => points[i].Speed).ThenByDescending(Goodness))
        {
            if (front.Count == 0 || Goodness(i) > Goodness(front[^1]) || points[i] == points[front[^1]])
            {
                front.Add(i);
            }
        }

        front.Reverse();
        return front;
    }
}
