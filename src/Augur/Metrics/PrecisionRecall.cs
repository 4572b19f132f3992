using Augur.Algebra;

namespace Augur.Metrics;

/// <summary>
/// Precision and recall of a feature set (Kynkäänniemi, Karras, Laine, Lehtinen and Aila, "Improved precision and recall metric for assessing
/// generative models", arXiv 1904.06991). The region of a set is the union of closed balls around its rows that reach to their k-th neighbours.
/// </summary>
/// <param name="Precision">Share of the generated rows in the region of the reference, 0 to 1: are the pictures plausible?</param>
/// <param name="Recall">Share of the reference's rows in the region of the generated, 0 to 1: is everything drawn that should be?</param>
/// <remarks>
/// An outlier has a large ball, which inflates the figures; <see cref="DensityCoverage"/> is more robust. Both figures depend on the numbers of rows.
/// </remarks>
public sealed record PrecisionRecall(double Precision, double Recall)
{
    /// <summary>Default k: 3, as in the paper.</summary>
    public const int DefaultNeighbour = 3;

    /// <summary>Compares two sets.</summary>
    /// <param name="generated">More than k rows.</param>
    /// <param name="reference">More than k rows of the same length.</param>
    /// <param name="k">The neighbour whose distance is a ball's radius, at least 1.</param>
    /// <exception cref="ArgumentException">The sets have different dimensions, or one has too few rows for k.</exception>
    public static PrecisionRecall Between(FeatureSet generated, FeatureSet reference, int k = DefaultNeighbour)
    {
        FeatureSet.RequireComparable("PrecisionRecall.Between", generated, reference, least: k + 1);
        return Between(new NeighbourDistances(generated, k), new NeighbourDistances(reference, k), k);
    }

    /// <summary>The same, with precomputed neighbours.</summary>
    /// <exception cref="ArgumentException">The sets have different dimensions, or one has not kept k neighbours.</exception>
    public static PrecisionRecall Between(NeighbourDistances generated, NeighbourDistances reference, int k = DefaultNeighbour)
    {
        NeighbourDistances.RequireComparable("PrecisionRecall.Between", generated, reference, k);
        return new PrecisionRecall(ShareInside(generated.Features, reference, k), ShareInside(reference.Features, generated, k));
    }

    private static double ShareInside(FeatureSet points, NeighbourDistances region, int k)
    {
        var inside = new bool[points.Count];
        Parallel.For(0, points.Count, row => inside[row] = IsInside(points[row], region, k));
        return inside.Count(isInside => isInside) / (double)points.Count;
    }

    private static bool IsInside(ReadOnlySpan<double> point, NeighbourDistances region, int k)
    {
        for (var row = 0; row < region.Features.Count; row++)
        {
            if (VectorArithmetic.SquaredDistance(point, region.Features[row]) <= region.SquaredRadius(row, k))
            {
                return true;
            }
        }

        return false;
    }
}
