using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tuning;

/// <summary>
/// How the latents of a run follow from the noise and the network's outputs: latent_j = noise_j · noise + Σ weight_{j,m} · output_m. Measured by
/// runs with unit answers, so that it holds for every sampler that is linear in them.
/// </summary>
/// <param name="Noise">Factor of the noise in the latent of each call and in the result. [calls + 1]</param>
/// <param name="Outputs">Weights of the guided outputs of earlier calls. [calls + 1][calls]</param>
internal sealed record SamplerPath(double[] Noise, double[][] Outputs)
{
    private const double Tolerance = 1e-3;

    /// <summary>Measures a sampler.</summary>
    /// <exception cref="ArgumentException">It adds noise, or limits the estimate of the image, so that no such weights exist.</exception>
    public static SamplerPath Of(ISampler sampler, Shape latent, int steps, Prediction prediction, IBackend backend)
    {
        if (sampler.AddsNoise)
        {
            throw new ArgumentException($"Forecasts cannot be fitted to {sampler.Name}: it adds fresh noise at each step, which no forecast knows.");
        }

        double[] Walk(float noise, Func<int, float> answer)
        {
            using var scope = TensorScope.Begin();
            using var run = sampler.Begin(Tensor.Full(backend, latent.OfOne(), noise), steps, prediction);
            var latents = new List<double>();
            while (!run.IsFinished)
            {
                using var step = TensorScope.Begin();
                latents.Add(run.Latent.ToArray()[0]);
                run.Advance(Tensor.Full(backend, latent.OfOne(), answer(run.CallIndex)), null, new GivenNoise(default));
            }

            return [.. latents, run.Latent.ToArray()[0]];
        }

        var ofNoise = Walk(1, _ => 0);
        var calls = ofNoise.Length - 1;
        double[][] ofCalls = [.. Enumerable.Range(0, calls).Select(m => Walk(0, call => call == m ? 1 : 0))];
        double[][] outputs = [.. Enumerable.Range(0, calls + 1).Select(j => Array.ConvertAll(ofCalls, walk => walk[j]))];
        var all = Walk(3, call => 2 + (call % 3));
        for (var j = 0; j <= calls; j++)
        {
            var expected = (3 * ofNoise[j]) + outputs[j].Select((weight, m) => (2 + (m % 3)) * weight).Sum();
            if (!(Math.Abs(all[j] - expected) <= Tolerance * (1 + Math.Abs(expected))))
            {
                throw new ArgumentException($"Forecasts cannot be fitted to {sampler.Name}: its latents are no linear function of the outputs.");
            }
        }

        return new SamplerPath(ofNoise, outputs);
    }
}
