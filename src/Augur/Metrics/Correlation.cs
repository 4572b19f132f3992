namespace Augur.Metrics;

/// <summary>Correlation coefficients of two series: −1 to 1, dimensionless.</summary>
internal static class Correlation
{
    /// <summary>Pearson's correlation, of the values. Null for fewer than three pairs, or if one series is constant.</summary>
    /// <exception cref="ArgumentException">The series differ in length.</exception>
    public static double? Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count != y.Count)
        {
            throw new ArgumentException($"Correlation: {x.Count} and {y.Count} values cannot be paired.");
        }

        if (x.Count < 3)
        {
            return null;
        }

        double meanX = x.Average(), meanY = y.Average(), xx = 0, yy = 0, xy = 0;
        for (var i = 0; i < x.Count; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }

        return xx > 0 && yy > 0 ? Math.Clamp(xy / Math.Sqrt(xx * yy), -1, 1) : null;
    }

    /// <summary>Spearman's correlation, of the ranks; equal values share their mean rank.</summary>
    /// <inheritdoc cref="Pearson"/>
    public static double? Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y) => Pearson(Ranks(x), Ranks(y));

    private static double[] Ranks(IReadOnlyList<double> values)
    {
        var ranks = new double[values.Count];
        var below = 0;
        foreach (var equals in Enumerable.Range(0, values.Count).GroupBy(i => values[i]).OrderBy(g => g.Key))
        {
            var count = equals.Count();
            foreach (var i in equals)
            {
                ranks[i] = below + ((count - 1) / 2.0);
            }

            below += count;
        }

        return ranks;
    }
}
