using Augur.Algebra;

namespace Augur.Metrics;

/// <summary>
/// Mean and covariance of a feature set, the input of <see cref="FrechetDistance"/>. Can be kept for a reference that is compared often. Immutable.
/// </summary>
public sealed class FeatureMoments
{
    private readonly double[] _mean;
    private readonly double[] _covariance;

    /// <summary>Computes the moments of a set. The covariance is the unbiased estimate (divided by rows − 1).</summary>
    /// <param name="features">At least 2 rows.</param>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    public FeatureMoments(FeatureSet features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.Count < 2)
        {
            throw new ArgumentException($"FeatureMoments: a covariance needs at least 2 rows, not {features.Count}.");
        }

        (Count, Dimensions) = (features.Count, features.Dimensions);
        _mean = MeanOf(features);
        _covariance = CovarianceOf(features, _mean);
    }

    /// <summary>Number of rows of the set.</summary>
    public int Count { get; }

    /// <summary>Number of values in a row.</summary>
    public int Dimensions { get; }

    /// <summary>Mean of each dimension. [dimensions]</summary>
    public ReadOnlySpan<double> Mean => _mean;

    /// <summary>Covariance matrix. [dimensions, dimensions]</summary>
    public ReadOnlySpan<double> Covariance => _covariance;

    private static double[] MeanOf(FeatureSet features)
    {
        var mean = new double[features.Dimensions];
        for (var row = 0; row < features.Count; row++)
        {
            VectorArithmetic.AddScaledInPlace(mean, 1, features[row]);
        }

        return Array.ConvertAll(mean, sum => sum / features.Count);
    }

    // Rows are centred first, because subtracting squared means from sums of squares loses precision.
    private static double[] CovarianceOf(FeatureSet features, double[] mean)
    {
        var order = features.Dimensions;
        var (covariance, centred) = (new double[order * order], new double[order]);
        for (var row = 0; row < features.Count; row++)
        {
            features[row].CopyTo(centred);
            VectorArithmetic.AddScaledInPlace(centred, -1, mean);
            for (var i = 0; i < order; i++)
            {
                VectorArithmetic.AddScaledInPlace(covariance.AsSpan(i * order, i + 1), centred[i] / (features.Count - 1), centred.AsSpan(0, i + 1));
            }
        }

        for (var i = 0; i < order; i++)
        {
            for (var j = 0; j < i; j++)
            {
                covariance[(j * order) + i] = covariance[(i * order) + j];
            }
        }

        return covariance;
    }
}
