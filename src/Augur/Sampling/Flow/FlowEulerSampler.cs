using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Euler steps along a rectified flow (Liu et al., 2022; as diffusers' FlowMatchEulerDiscreteScheduler and FLUX's own code).</summary>
/// <remarks>Model time is σ·1000. Deterministic: no noise is drawn.</remarks>
/// <param name="options">The settings; null: the defaults.</param>
/// <exception cref="ArgumentException">Settings that exclude each other.</exception>
public sealed class FlowEulerSampler(FlowOptions? options = null) : FlowSampler(Settings, options)
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "euler");

    private protected override ISampler Made(FlowOptions options) => new FlowEulerSampler(options);

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas)
    {
        Tensor? image = null;
        for (var i = 0; i < sigmas.Length - 1; i++)
        {
            yield return SamplerQuestion.OnFlow(i, x, sigmas[i]) with { Estimate = image };

            image = Sum((1, x), (-sigmas[i], answer.Output));
            x = Sum((1, x), (sigmas[i + 1] - sigmas[i], answer.Output));
        }

        yield return SamplerQuestion.Result(sigmas.Length - 1, x, image);
    }
}
