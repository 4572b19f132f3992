using Augur.Algebra;
using Augur.Caching.Policies;
using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>
/// A closed loop in second moments, without a network call: what a fit would be at each computed call, what it would miss, and how the network's
/// answer would follow what was missed, as it does where pictures are Gaussian in each direction of a token.
/// </summary>
/// <remarks>
/// Everything that a run under a fit knows is a combination of the recorded vectors (noise, answers and latents of the uncached runs, and the mean of
/// their results); their inner products say how large any such combination is. Heads are left out.
/// </remarks>
/// <param name="calls">Calls of a run.</param>
/// <param name="rows">Guidance rows.</param>
/// <param name="gram">Inner products, [groups][vectors, vectors]: the noise, all rows of all calls, the latents of calls 1 to the end.</param>
/// <param name="slopes">How much an answer moves with the latent, [groups][calls].</param>
internal sealed class ForecastSimulation(int calls, int rows, double[][,] gram, double[][] slopes)
{
    private const double Ridge = 1e-8;

    /// <summary>The expected squared error of the result.</summary>
    /// <param name="plan">Computed calls, ascending.</param>
    public double ErrorOf(int[] plan) => Enumerable.Range(0, gram.Length).AsParallel().AsOrdered()
        .Select(group => ErrorOf(plan, gram[group], slopes[group])).Sum();

    /// <summary>
    /// How much an answer moves with the latent where pictures have a given variance: the best answer is linear then, and shrinks the latent.
    /// </summary>
    /// <param name="variance">Of pictures in the direction.</param>
    /// <param name="noiseToSignal">Of the latent; infinite where it is noise alone.</param>
    /// <param name="prediction">What the network predicts.</param>
    public static double SlopeOf(double variance, double noiseToSignal, Prediction prediction)
    {
        if (!double.IsFinite(noiseToSignal))
        {
            return prediction == Prediction.Image ? 0 : 1;
        }

        // x = signal · (image + r · noise), so that the best image is share · x / signal, and the best noise (1 − share) · x / (signal · r).
        var r = noiseToSignal;
        var share = variance / (variance + (r * r));
        var diffusion = Math.Sqrt(1 + (r * r)); // 1 / signal
        return prediction switch
        {
            Prediction.Image => share * diffusion,
            Prediction.Flow => (1 + r) * ((r > 0 ? (1 - share) / r : 0) - share),
            Prediction.Velocity => (r > 0 ? (1 - share) / r : 0) - (share * r),
            _ => r > 0 ? (1 - share) * diffusion / r : 0,
        };
    }

    // Vectors are combinations of the recorded ones; beside each stand its inner products with all of these.
    private double ErrorOf(int[] plan, double[,] products, double[] slope)
    {
        var size = products.GetLength(0);
        var count = ForecastPlan.FeatureCount(plan.Length, rows);
        var features = new List<Vector>(count);
        var matrix = new double[count, count];
        Add(features, matrix, new(Unit(size, 0), Row(products, 0)));
        Add(features, matrix, new(Unit(size, size - 1), Row(products, size - 1)));
        var (latent, error) = plan[0] == 0 ? (features[0], 0.0) : Fit(features, matrix, products, Place(plan[0]));
        for (var i = 0; i < plan.Length; i++)
        {
            for (var row = 0; row < rows; row++)
            {
                Add(features, matrix, Answer(products, latent, plan[i], row, slope[plan[i]]));
            }

            (latent, error) = Fit(features, matrix, products, Place(i + 1 < plan.Length ? plan[i + 1] : calls));
        }

        return error;
    }

    // The recorded answer, and how it follows the latent's difference from the recorded one.
    private Vector Answer(double[,] products, Vector latent, int call, int row, double slope)
    {
        var recorded = 1 + (call * rows) + row;
        var (weights, known) = (new double[latent.Weights.Length], Row(products, recorded));
        if (call > 0)
        {
            var place = Place(call);
            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] = slope * latent.Weights[i];
                known[i] += slope * (latent.Products[i] - products[place, i]);
            }

            weights[place] -= slope;
        }

        weights[recorded]++;
        return new(weights, known);
    }

    private static void Add(List<Vector> features, double[,] matrix, Vector feature)
    {
        var at = features.Count;
        features.Add(feature);
        for (var i = 0; i <= at; i++)
        {
            matrix[at, i] = matrix[i, at] = Dot(features[i].Weights, feature.Products);
        }
    }

    private static (Vector Latent, double Error) Fit(List<Vector> features, double[,] matrix, double[,] products, int target)
    {
        var n = features.Count;
        var (system, cross) = (new double[n, n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            cross[i] = features[i].Products[target];
            for (var j = 0; j < n; j++)
            {
                system[i, j] = matrix[i, j];
            }

            system[i, i] *= 1 + Ridge;
        }

        var solved = LinearSystem.Solve(system, cross);
        var latent = new Vector(new double[features[0].Weights.Length], new double[features[0].Weights.Length]);
        var error = products[target, target];
        for (var i = 0; i < n; i++)
        {
            error -= 2 * solved[i] * cross[i];
            for (var j = 0; j < n; j++)
            {
                error += solved[i] * solved[j] * matrix[i, j];
            }

            AddTo(latent.Weights, solved[i], features[i].Weights);
            AddTo(latent.Products, solved[i], features[i].Products);
        }

        return (latent, double.IsFinite(error) ? Math.Max(0, error) : double.MaxValue / 1e6);
    }

    private int Place(int call) => call == 0 ? 0 : (calls * rows) + call;

    private static double[] Unit(int size, int at)
    {
        var unit = new double[size];
        unit[at] = 1;
        return unit;
    }

    private static double[] Row(double[,] products, int row)
    {
        var values = new double[products.GetLength(1)];
        Buffer.BlockCopy(products, row * values.Length * sizeof(double), values, 0, values.Length * sizeof(double));
        return values;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }

    private static void AddTo(Span<double> sum, double factor, ReadOnlySpan<double> x)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += factor * x[i];
        }
    }

    private readonly record struct Vector(double[] Weights, double[] Products);
}
