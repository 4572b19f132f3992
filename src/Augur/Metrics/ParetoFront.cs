namespace Augur.Metrics;

/// <summary>What is worth choosing among things that are fast and things that are good.</summary>
public static class ParetoFront
{
    /// <summary>The points that no other beats, where to beat is to be at least as fast and at least as good, and better in one of the two.</summary>
    /// <param name="points">Speed, of which more is better, and quality. A point with a NaN is not on the front.</param>
    /// <param name="isHigherBetter">Whether more quality is better; false for an error.</param>
    /// <returns>Their positions, from the slowest to the fastest; equal points are all there.</returns>
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
