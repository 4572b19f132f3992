using Augur.Algebra;

namespace Augur.Metrics;

/// <summary>
/// Density and coverage of a feature set (Naeem, Oh, Uh, Choi and Yoo, "Reliable fidelity and diversity metrics for generative models", arXiv
/// 2002.09797). Like <see cref="PrecisionRecall"/>, but balls are placed around the reference rows only, and density counts in how many of them a
/// picture lies, so that outliers have little influence.
/// </summary>
/// <param name="Density">
/// Mean number of the reference's balls that a generated row lies in, over k: 0 upwards, around 1 for sets of one distribution; it may exceed 1.
/// </param>
/// <param name="Coverage">Share of the reference's balls with a generated row in them, 0 to 1.</param>
/// <remarks>A row on the border counts as outside, as in the authors' program: a set compared with itself then has density 1.</remarks>
public sealed record DensityCoverage(double Density, double Coverage)
{
    /// <summary>Default k: 5, as in the paper's experiments.</summary>
    public const int DefaultNeighbour = 5;

    /// <summary>Compares two sets.</summary>
    /// <param name="generated">At least 1 row.</param>
    /// <param name="reference">More than k rows of the same length.</param>
    /// <param name="k">The neighbour whose distance is a ball's radius, at least 1.</param>
    /// <exception cref="ArgumentException">The sets have different dimensions, or the reference has too few rows for k.</exception>
    public static DensityCoverage Between(FeatureSet generated, FeatureSet reference, int k = DefaultNeighbour)
    {
        FeatureSet.RequireComparable("DensityCoverage.Between", generated, reference, least: 1);
        return Between(generated, new NeighbourDistances(reference, k), k);
    }

    /// <summary>The same, with precomputed neighbours of the reference.</summary>
    /// <exception cref="ArgumentException">The sets have different dimensions, or the reference has not kept k neighbours.</exception>
    public static DensityCoverage Between(FeatureSet generated, NeighbourDistances reference, int k = DefaultNeighbour)
    {
        ArgumentNullException.ThrowIfNull(reference);
        FeatureSet.RequireComparable("DensityCoverage.Between", generated, reference.Features, least: 1);
        if (k < 1 || k > reference.Neighbours)
        {
            throw new ArgumentException($"DensityCoverage.Between: k is {k}, and the distances of {reference.Neighbours} neighbours are known.");
        }

        var visitors = new int[reference.Features.Count];
        Parallel.For(0, visitors.Length, row => visitors[row] = CountInside(generated, reference.Features[row], reference.SquaredRadius(row, k)));
        return new DensityCoverage(
            visitors.Sum(count => (long)count) / ((double)k * generated.Count),
            visitors.Count(count => count > 0) / (double)visitors.Length);
    }

    private static int CountInside(FeatureSet points, ReadOnlySpan<double> centre, double squaredRadius)
    {
        var inside = 0;
        for (var row = 0; row < points.Count; row++)
        {
            inside += VectorArithmetic.SquaredDistance(points[row], centre) < squaredRadius ? 1 : 0;
        }

        return inside;
    }
}
