using Augur.Sampling;

namespace Augur.Tuning;

/// <summary>
/// A closed loop in second moments, without a network call: what a fit would be at each computed call, what it would miss, and how the network's
/// answer would follow what was missed, as it does where pictures are Gaussian in each direction of a token.
/// </summary>
/// <remarks>
/// Everything that a run under a fit knows is a combination of the recorded vectors (noise, answers and latents of the uncached runs); their inner
/// products say how large any such combination is.
/// </remarks>
/// <param name="calls">Calls of a run.</param>
/// <param name="rows">Guidance rows.</param>
/// <param name="gram">Inner products, [groups][vectors, vectors]: the noise, all rows of all calls, the latents of calls 1 to the end.</param>
/// <param name="slopes">How much an answer moves with the latent, [groups][calls].</param>
internal sealed class ForecastSimulation(int calls, int rows, double[][,] gram, double[][] slopes)
{
    private const double Ridge = 1e-8;

    /// <summary>The expected squared error of the result.</summary>
    /// <param name="plan">Computed calls, ascending from 0.</param>
    public double ErrorOf(int[] plan) => Enumerable.Range(0, gram.Length).Sum(group => ErrorOf(plan, gram[group], slopes[group]));

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

    private double ErrorOf(int[] plan, double[,] products, double[] slope)
    {
        var size = products.GetLength(0);
        var features = new List<double[]> { Unit(size, 0) };
        var (known, matrix) = (new List<double[]> { Times(products, features[0]) }, new double[1 + (rows * plan.Length), 1 + (rows * plan.Length)]);
        matrix[0, 0] = Dot(features[0], known[0]);
        var (latent, error) = (features[0], 0.0);
        for (var i = 0; i < plan.Length; i++)
        {
            for (var row = 0; row < rows; row++)
            {
                Add(features, known, matrix, products, Answer(latent, plan[i], row, slope[plan[i]]));
            }

            (latent, error) = Fit(features, known, matrix, products, Place(i + 1 < plan.Length ? plan[i + 1] : calls));
        }

        return error;
    }

    private double[] Answer(double[] latent, int call, int row, double slope)
    {
        var answer = call == 0 ? new double[latent.Length] : Array.ConvertAll(latent, v => slope * v);
        if (call > 0)
        {
            answer[Place(call)] -= slope;
        }

        answer[1 + (call * rows) + row]++;
        return answer;
    }

    private static void Add(List<double[]> features, List<double[]> known, double[,] matrix, double[,] products, double[] feature)
    {
        var (times, at) = (Times(products, feature), features.Count);
        features.Add(feature);
        known.Add(times);
        for (var i = 0; i <= at; i++)
        {
            matrix[at, i] = matrix[i, at] = Dot(features[i], times);
        }
    }

    private static (double[] Latent, double Error) Fit(
        List<double[]> features, List<double[]> known, double[,] matrix, double[,] products, int target)
    {
        var n = features.Count;
        var (system, cross) = (new double[n, n], new double[n]);
        for (var i = 0; i < n; i++)
        {
            cross[i] = known[i][target];
            for (var j = 0; j < n; j++)
            {
                system[i, j] = matrix[i, j];
            }

            system[i, i] *= 1 + Ridge;
        }

        var weights = LinearSystem.Solve(system, cross);
        var (latent, error) = (new double[features[0].Length], products[target, target]);
        for (var i = 0; i < n; i++)
        {
            error -= 2 * weights[i] * cross[i];
            for (var j = 0; j < n; j++)
            {
                error += weights[i] * weights[j] * matrix[i, j];
            }

            for (var at = 0; at < latent.Length; at++)
            {
                latent[at] += weights[i] * features[i][at];
            }
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

    private static double[] Times(double[,] products, double[] vector)
    {
        var result = new double[vector.Length];
        for (var j = 0; j < vector.Length; j++)
        {
            for (var i = 0; vector[j] != 0 && i < result.Length; i++)
            {
                result[i] += vector[j] * products[j, i];
            }
        }

        return result;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += a[i] * b[i];
        }

        return sum;
    }
}
