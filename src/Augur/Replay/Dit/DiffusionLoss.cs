using Augur.Caching;
using Augur.Models;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>The training losses of a network with learned variance, per row, for given noise.</summary>
/// <param name="Noised">x_t, the network's input.</param>
/// <param name="SquaredError">Mean squared error of the predicted noise.</param>
/// <param name="VariationalBound">
/// Term of the variational bound in bits per dimension, with the gradient of its mean detached (Nichol and Dhariwal, 2021, equation 16).
/// </param>
internal sealed record DiffusionLoss(float[] Noised, float[] SquaredError, float[] VariationalBound)
{
    /// <summary>Measures both losses on the 1000-step linear schedule.</summary>
    /// <param name="model">A network that learned its variance.</param>
    /// <param name="image">x₀, [batch, channels, height, width].</param>
    /// <param name="noise">ε, the same shape.</param>
    /// <param name="timesteps">Timestep of each row.</param>
    /// <param name="labels">Class of each row.</param>
    public static DiffusionLoss Measure(INetwork model, Tensor image, Tensor noise, float[] timesteps, int[] labels)
    {
        using var scope = TensorScope.Begin();
        var schedule = NoiseSchedule.Create(BetaSchedule.Linear);
        float[] x0 = image.ToArray(), epsilon = noise.ToArray(), noised = new float[image.Shape.ElementCount];
        var size = x0.Length / timesteps.Length;
        for (var i = 0; i < noised.Length; i++)
        {
            var bar = schedule.AlphasCumulative[(int)timesteps[i / size]];
            noised[i] = (float)((Math.Sqrt(bar) * x0[i]) + (Math.Sqrt(1 - bar) * epsilon[i]));
        }

        var input = NetworkInput.OfClasses(model, Tensor.From(model.Backend, noised, image.Shape), timesteps, labels);
        var output = model.Predict(input, ComputeEverything.Instance).ToArray();
        var squared = new float[timesteps.Length];
        var bound = new float[timesteps.Length];
        for (var row = 0; row < timesteps.Length; row++)
        {
            var at = new Step(schedule, (int)timesteps[row]);
            double squares = 0, bits = 0;
            for (var i = 0; i < size; i++)
            {
                double predicted = output[(row * 2 * size) + i], v = output[(((row * 2) + 1) * size) + i];
                squares += Math.Pow(epsilon[(row * size) + i] - predicted, 2);
                bits += at.Bits(x0[(row * size) + i], noised[(row * size) + i], predicted, v);
            }

            (squared[row], bound[row]) = ((float)(squares / size), (float)(bits / size));
        }

        return new DiffusionLoss(noised, squared, bound);
    }

    /// <summary>The posterior q(x_{t−1} | x_t, x₀) of one timestep.</summary>
    private sealed class Step(NoiseSchedule schedule, int t)
    {
        private readonly double _bar = schedule.AlphasCumulative[t];
        private readonly double _before = schedule.AlphaCumulativeBefore(t);
        private readonly double _beta = schedule.Betas[t];
        private readonly double _logPosterior = Math.Log(schedule.PosteriorVariance(Math.Max(t, 1)));

        public double Bits(double x0, double xt, double epsilon, double v)
        {
            var logVariance = ((v + 1) / 2 * Math.Log(_beta)) + ((1 - v) / 2 * _logPosterior);
            var guess = (xt - (Math.Sqrt(1 - _bar) * epsilon)) / Math.Sqrt(_bar);
            var nats = t == 0
                ? -LogLikelihood(x0, Mean(guess, xt), 0.5 * logVariance)
                : Divergence(Mean(x0, xt), Mean(guess, xt), logVariance);
            return nats / Math.Log(2);
        }

        private double Mean(double start, double xt) =>
            (_beta * Math.Sqrt(_before) / (1 - _bar) * start) + ((1 - _before) * Math.Sqrt(1 - _beta) / (1 - _bar) * xt);

        // KL divergence of the true from the predicted posterior, both Gaussian.
        private double Divergence(double trueMean, double mean, double logVariance) =>
            0.5 * (-1 + logVariance - _logPosterior + Math.Exp(_logPosterior - logVariance)
                + (Math.Pow(trueMean - mean, 2) * Math.Exp(-logVariance)));

        // log P of an 8-bit value scaled to [−1, 1] under a Gaussian rounded to its bins; the CDF is the tanh approximation that the original uses.
        private static double LogLikelihood(double x, double mean, double logDeviation)
        {
            static double Cumulative(double z) => 0.5 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (z + (0.044715 * z * z * z))));
            static double Log(double p) => Math.Log(Math.Max(p, 1e-12));
            var inverse = Math.Exp(-logDeviation);
            double upper = Cumulative((x - mean + (1 / 255.0)) * inverse), lower = Cumulative((x - mean - (1 / 255.0)) * inverse);
            return x < -0.999 ? Log(upper) : x > 0.999 ? Log(1 - lower) : Log(upper - lower);
        }
    }
}
