using Augur.Algebra;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>The arithmetic of one step of UniPC (Zhao et al., 2023, section 3, algorithms 1 and 2).</summary>
/// <param name="options">Variant, and what is extrapolated.</param>
/// <param name="plan">All steps.</param>
/// <param name="step">This one.</param>
/// <param name="order">Outputs that its predictor uses.</param>
internal sealed class UniPcStep(UniPcOptions options, DiffusionStep[] plan, DiffusionStep step, int order)
{
    // λ = −log σ grows from noise to image.
    private readonly double _h = Math.Log(step.Sigma) - Math.Log(step.SigmaNext);

    private double SignedH => options.PredictsImage ? -_h : _h;

    private double Phi1 => ExpMinusOne(SignedH);

    private double B => options.Variant == UniPcVariant.Exponential ? Phi1 : SignedH;

    /// <summary>The latent where the step ends.</summary>
    /// <param name="x">Where it begins.</param>
    /// <param name="known">Outputs at the calls so far, the newest first.</param>
    public Tensor Predict(Tensor x, List<Tensor> known)
    {
        var weights = order == 1 ? [] : order == 2 ? [0.5] : Solve(order - 1);
        return Sum([.. Base(x, known[0], out var scale), .. Slopes(known, weights, scale)]);
    }

    /// <summary>The same latent, corrected by the output that the network gave there.</summary>
    /// <param name="x">Where the step began.</param>
    /// <param name="known">Outputs before it, the newest first.</param>
    /// <param name="fresh">Output at its end.</param>
    public Tensor Correct(Tensor x, List<Tensor> known, Tensor fresh)
    {
        var weights = order == 1 ? [0.5] : Solve(order);
        var parts = Base(x, known[0], out var scale);
        return Sum([.. parts, .. Slopes(known, weights[..^1], scale), (scale * weights[^1], fresh), (-scale * weights[^1], known[0])]);
    }

    // Of first order, and the factor of what is added to it.
    private (double Factor, Tensor Term)[] Base(Tensor x, Tensor newest, out double scale)
    {
        double alpha = Math.Sqrt(step.Alpha), alphaNext = Math.Sqrt(step.AlphaNext);
        double sigma = Math.Sqrt(1 - step.Alpha), sigmaNext = Math.Sqrt(1 - step.AlphaNext);
        var (own, factor) = options.PredictsImage ? (sigmaNext / sigma, alphaNext) : (alphaNext / alpha, sigmaNext);
        scale = -factor * B;
        return [(own, x), (-factor * Phi1, newest)];
    }

    // Σ weight · (older − newest) / ratio.
    private (double Factor, Tensor Term)[] Slopes(List<Tensor> known, double[] weights, double scale) =>
    [
        .. weights.SelectMany((weight, i) =>
        {
            var factor = scale * weight / Ratio(i + 1);
            return new[] { (factor, known[i + 1]), (-factor, known[0]) };
        }),
    ];

    // How far back a call lies, in lengths of this step: negative.
    private double Ratio(int back) => (Math.Log(step.Sigma) - Math.Log(plan[step.Index - back].Sigma)) / _h;

    // Σ over i of ratioᵢ^(k−1) · weightᵢ = bₖ for k = 1 … count; the last ratio is 1, the step's end, and stands in full systems only.
    private double[] Solve(int count)
    {
        double[] ratios = [.. Enumerable.Range(1, order - 1).Select(Ratio), 1];
        var (matrix, right) = (new double[count, count], new double[count]);
        var (phi, factorial) = ((Phi1 / SignedH) - 1, 1.0);
        for (var k = 0; k < count; k++)
        {
            for (var i = 0; i < count; i++)
            {
                matrix[k, i] = Math.Pow(ratios[i], k);
            }

            right[k] = phi * factorial / B;
            factorial *= k + 2;
            phi = (phi / SignedH) - (1 / factorial);
        }

        return LinearSystem.Solve(matrix, right);
    }

    // e^x − 1 without cancellation near 0.
    private static double ExpMinusOne(double x) =>
        Math.Abs(x) > 1e-5 ? Math.Exp(x) - 1 : x + (x * x / 2) + (x * x * x / 6);
}
