using Augur.Algebra;

namespace Augur.Metrics;

/// <summary>
/// Kernel distance of two feature sets, KID (Bińkowski, Sutherland, Arbel and Gretton, "Demystifying MMD GANs", arXiv 1801.01401): the squared
/// maximum mean discrepancy under the kernel (x·y / dimensions + 1)³. Unlike <see cref="FrechetDistance"/> it is unbiased, so few pictures suffice.
/// </summary>
/// <param name="Mean">Mean of the subsets' distances.</param>
/// <param name="StandardDeviation">
/// Standard deviation of the subsets' distances (population form). Subsets overlap, so that this is not a confidence interval.
/// </param>
public sealed record KernelDistance(double Mean, double StandardDeviation)
{
    /// <summary>The unbiased estimate from whole sets: around 0 for sets of one distribution, so that it can be negative.</summary>
    /// <param name="generated">At least 2 rows.</param>
    /// <param name="reference">At least 2 rows of the same length.</param>
    /// <exception cref="ArgumentException">The sets have different dimensions, or one has fewer than 2 rows.</exception>
    public static double Between(FeatureSet generated, FeatureSet reference)
    {
        FeatureSet.RequireComparable("KernelDistance.Between", generated, reference, least: 2);
        return Estimate(generated, [.. Enumerable.Range(0, generated.Count)], reference, [.. Enumerable.Range(0, reference.Count)]);
    }

    /// <summary>Mean and standard deviation over random subsets of equal size, as papers report it.</summary>
    /// <param name="generated">At least as many rows as a subset.</param>
    /// <param name="reference">At least as many rows as a subset, of the same length.</param>
    /// <param name="seed">The same seed draws the same subsets.</param>
    /// <param name="subsetSize">Rows of a subset, drawn without repetition from each set, at least 2. Default 1000, as the paper's program.</param>
    /// <param name="subsets">Number of subsets, at least 1. Default 100.</param>
    /// <exception cref="ArgumentException">The sets have different dimensions or fewer rows than a subset, or a number is out of range.</exception>
    public static KernelDistance OverSubsets(FeatureSet generated, FeatureSet reference, int seed, int subsetSize = 1000, int subsets = 100)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(subsetSize, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(subsets, 1);
        FeatureSet.RequireComparable("KernelDistance.OverSubsets", generated, reference, least: subsetSize);
        var random = new Random(seed);
        var rows = Enumerable.Range(0, subsets).Select(_ => (Draw(random, generated.Count, subsetSize), Draw(random, reference.Count, subsetSize)));
        return OverRows(generated, reference, [.. rows]);
    }

    /// <summary>Mean and standard deviation over given subsets of rows.</summary>
    internal static KernelDistance OverRows(FeatureSet generated, FeatureSet reference, IReadOnlyList<(int[] Generated, int[] Reference)> subsets)
    {
        var distances = subsets.Select(rows => Estimate(generated, rows.Generated, reference, rows.Reference)).ToArray();
        var mean = distances.Average();
        return new KernelDistance(mean, Math.Sqrt(distances.Average(distance => (distance - mean) * (distance - mean))));
    }

    // The unbiased estimator: pairs of a row with itself are left out within a set, and there are none between sets.
    private static double Estimate(FeatureSet a, int[] rowsA, FeatureSet b, int[] rowsB) =>
        MeanWithin(a, rowsA) + MeanWithin(b, rowsB) - (2 * MeanBetween(a, rowsA, b, rowsB));

    private static double MeanWithin(FeatureSet set, int[] rows)
    {
        var sums = new double[rows.Length];
        Parallel.For(0, rows.Length, i =>
        {
            for (var j = 0; j < i; j++)
            {
                sums[i] += Kernel(set[rows[i]], set[rows[j]]);
            }
        });
        return 2 * sums.Sum() / ((double)rows.Length * (rows.Length - 1));
    }

    private static double MeanBetween(FeatureSet a, int[] rowsA, FeatureSet b, int[] rowsB)
    {
        var sums = new double[rowsA.Length];
        Parallel.For(0, rowsA.Length, i =>
        {
            foreach (var row in rowsB)
            {
                sums[i] += Kernel(a[rowsA[i]], b[row]);
            }
        });
        return sums.Sum() / ((double)rowsA.Length * rowsB.Length);
    }

    private static double Kernel(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var linear = (VectorArithmetic.Dot(x, y) / x.Length) + 1;
        return linear * linear * linear;
    }

    // Draws rows without replacement, by a partial shuffle.
    private static int[] Draw(Random random, int count, int size)
    {
        var rows = Enumerable.Range(0, count).ToArray();
        for (var i = 0; i < size; i++)
        {
            var other = random.Next(i, count);
            (rows[i], rows[other]) = (rows[other], rows[i]);
        }

        return rows[..size];
    }
}
