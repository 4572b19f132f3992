using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// Second-order multistep along a rectified flow: k-diffusion's DPM-Solver++(2M) in λ = −log σ, which Stable Diffusion 3.5 Large was released with.
/// Its first and last steps are of first order.
/// </summary>
/// <remarks>Model time is σ·1000. Deterministic: no noise is drawn.</remarks>
/// <param name="options">The settings; null: the defaults.</param>
/// <exception cref="ArgumentException">Settings that exclude each other.</exception>
public sealed class FlowMultistepSampler(FlowOptions? options = null) : FlowSampler(Settings, options)
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "dpm++2m");

    private protected override ISampler Made(FlowOptions options) => new FlowMultistepSampler(options);

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas)
    {
        Tensor? before = null;
        for (var i = 0; i < sigmas.Length - 1; i++)
        {
            yield return SamplerQuestion.OnFlow(i, x, sigmas[i]) with { Estimate = before };

            var image = Sum((1, x), (-sigmas[i], answer.Output));
            var rest = sigmas[i + 1] / sigmas[i];
            if (before is null || sigmas[i + 1] == 0)
            {
                x = Sum((rest, x), (1 - rest, image));
            }
            else
            {
                // D = (1 + 1/2r)·image − 1/2r·image before, with r = h_before / h and h = log σ − log σ_next.
                var half = Math.Log(sigmas[i] / sigmas[i + 1]) / Math.Log(sigmas[i - 1] / sigmas[i]) / 2;
                x = Sum((rest, x), ((1 - rest) * (1 + half), image), (-(1 - rest) * half, before));
            }

            before = image;
        }

        yield return SamplerQuestion.Result(sigmas.Length - 1, x, before);
    }
}
