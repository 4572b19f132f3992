using Augur.Algebra;

namespace Augur.Metrics;

/// <summary>
/// Fréchet distance of two feature sets, each taken as a normal distribution (Heusel, Ramsauer, Unterthiner, Nessler and Hochreiter, "GANs trained by
/// a two time-scale update rule converge to a local Nash equilibrium", arXiv 1706.08500; the formula is Dowson and Landau's, 1982): ‖μ₁ − μ₂‖² +
/// tr(Σ₁ + Σ₂ − 2 (Σ₁Σ₂)^½).
/// </summary>
/// <remarks>
/// The estimate is biased upwards by roughly 1/rows, so that only figures for equal numbers of rows are comparable. Fewer rows than dimensions are
/// allowed; the bias is then large.
/// </remarks>
public static class FrechetDistance
{
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>The distance: 0 (equal means and covariances) upwards, in squared units of the features.</summary>
    /// <param name="generated">At least 2 rows.</param>
    /// <param name="reference">At least 2 rows of the same length.</param>
    /// <exception cref="ArgumentException">The sets have different dimensions, or one has fewer than 2 rows.</exception>
    public static double Between(FeatureSet generated, FeatureSet reference)
    {
        FeatureSet.RequireComparable("FrechetDistance.Between", generated, reference, least: 2);
        return Between(new FeatureMoments(generated), new FeatureMoments(reference));
    }

    /// <summary>The same, from precomputed moments.</summary>
    /// <exception cref="ArgumentException">The moments have different dimensions.</exception>
    public static double Between(FeatureMoments generated, FeatureMoments reference)
    {
        ArgumentNullException.ThrowIfNull(generated);
        ArgumentNullException.ThrowIfNull(reference);
        if (generated.Dimensions != reference.Dimensions)
        {
            throw new ArgumentException(
                $"FrechetDistance.Between: features of {generated.Dimensions} and {reference.Dimensions} dimensions cannot be compared.");
        }

        var means = VectorArithmetic.SquaredDistance(generated.Mean, reference.Mean);
        var covariances = Trace(generated) + Trace(reference) - (2 * TraceOfRoot(generated, reference));
        return Math.Max(0, means + covariances); // only rounding can make it negative
    }

    private static double Trace(FeatureMoments moments)
    {
        var trace = 0.0;
        for (var i = 0; i < moments.Dimensions; i++)
        {
            trace += moments.Covariance[i * (moments.Dimensions + 1)];
        }

        return trace;
    }

    // The trace of (Σ₁Σ₂)^½ is that of (Σ₁^½ Σ₂ Σ₁^½)^½. With Σ₁ = FᵀF and Σ₂ = GᵀG, both of full row rank, the inner matrix has the eigenvalues of
    // (F·Gᵀ)(F·Gᵀ)ᵀ and zeros. Working with the factors keeps these zeros exact; a square root would turn an error of 1e-16 into one of 1e-8.
    private static double TraceOfRoot(FeatureMoments generated, FeatureMoments reference)
    {
        var (f, g) = (Factor(generated), Factor(reference));
        if (f.Length > g.Length)
        {
            (f, g) = (g, f);
        }

        if (f.Length == 0)
        {
            return 0;
        }

        var product = Array.ConvertAll(f, row => Array.ConvertAll(g, other => VectorArithmetic.Dot(row, other)));
        var gram = new double[f.Length * f.Length];
        for (var i = 0; i < f.Length; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                gram[(i * f.Length) + j] = gram[(j * f.Length) + i] = VectorArithmetic.Dot(product[i], product[j]);
            }
        }

        return SymmetricEigen.ValuesInPlace(gram, f.Length).Sum(value => Math.Sqrt(Math.Max(0, value)));
    }

    // Σ = FᵀF: eigenvectors scaled by the square roots of their eigenvalues, for eigenvalues above rounding error. [rank][dimensions]
    private static double[][] Factor(FeatureMoments moments)
    {
        var order = moments.Dimensions;
        var eigen = SymmetricEigen.DecomposeInPlace(moments.Covariance.ToArray(), order);
        var least = order * Epsilon * Math.Max(0, eigen.Values[0]);
        var rank = eigen.Values.Count(value => value > least);
        var factor = new double[rank][];
        for (var i = 0; i < rank; i++)
        {
            factor[i] = new double[order];
            VectorArithmetic.AddScaledInPlace(factor[i], Math.Sqrt(eigen.Values[i]), eigen.Vectors.AsSpan(i * order, order));
        }

        return factor;
    }
}
