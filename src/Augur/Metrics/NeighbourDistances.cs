using Augur.Algebra;

namespace Augur.Metrics;

/// <summary>
/// Distances from each row of a feature set to its nearest neighbours in the set. Balls of these radii approximate the region that the set covers;
/// <see cref="PrecisionRecall"/> and <see cref="DensityCoverage"/> count the rows inside. Immutable.
/// </summary>
public sealed class NeighbourDistances
{
    // Squared and ascending. [count, neighbours]
    private readonly double[] _squares;

    /// <summary>Computes the distances between all pairs of a set.</summary>
    /// <param name="features">More rows than neighbours.</param>
    /// <param name="neighbours">How many neighbours of each row are kept, at least 1; a row is not its own neighbour.</param>
    /// <exception cref="ArgumentException">There are too few rows or neighbours.</exception>
    public NeighbourDistances(FeatureSet features, int neighbours)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentOutOfRangeException.ThrowIfLessThan(neighbours, 1);
        if (features.Count <= neighbours)
        {
            throw new ArgumentException(
                $"NeighbourDistances: {neighbours} neighbours of each row need at least {neighbours + 1} rows, not {features.Count}.");
        }

        (Features, Neighbours) = (features, neighbours);
        _squares = new double[features.Count * neighbours];
        Parallel.For(0, features.Count, row => KeepNearest(features, row, _squares.AsSpan(row * neighbours, neighbours)));
    }

    /// <summary>The feature set.</summary>
    public FeatureSet Features { get; }

    /// <summary>Number of neighbours kept for each row.</summary>
    public int Neighbours { get; }

    /// <summary>Squared Euclidean distance from a row to its k-th nearest other row.</summary>
    /// <param name="row">0 to the number of rows less one.</param>
    /// <param name="k">1 to <see cref="Neighbours"/>.</param>
    internal double SquaredRadius(int row, int k) => _squares[(row * Neighbours) + k - 1];

    /// <summary>Throws unless two sets can be compared by their k-th neighbours.</summary>
    internal static void RequireComparable(string operation, NeighbourDistances generated, NeighbourDistances reference, int k)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(reference);
        FeatureSet.RequireComparable(operation, generated.Features, reference.Features, least: 2);
        if (k < 1 || k > Math.Min(generated.Neighbours, reference.Neighbours))
        {
            throw new ArgumentException(
                $"{operation}: k is {k}, and the distances of {generated.Neighbours} and {reference.Neighbours} neighbours are known.");
        }
    }

    private static void KeepNearest(FeatureSet features, int row, Span<double> nearest)
    {
        nearest.Fill(double.PositiveInfinity);
        for (var other = 0; other < features.Count; other++)
        {
            if (other != row)
            {
                Insert(nearest, VectorArithmetic.SquaredDistance(features[row], features[other]));
            }
        }
    }

    private static void Insert(Span<double> ascending, double value)
    {
        var place = ascending.Length;
        while (place > 0 && value < ascending[place - 1])
        {
            place--;
        }

        if (place < ascending.Length)
        {
            ascending[place..^1].CopyTo(ascending[(place + 1)..]);
            ascending[place] = value;
        }
    }
}
