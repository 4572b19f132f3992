using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// Heun's second-order steps along a rectified flow (Karras et al., 2022, algorithm 1; as diffusers' FlowMatchHeunDiscreteScheduler without churn).
/// </summary>
/// <remarks>
/// Two network calls a step: one where the step begins, one where an Euler step would end; the slope is their mean. The last step ends at σ = 0,
/// where the network is not defined, so that it is an Euler step with one call: 2·steps − 1 calls in all. Model time is σ·1000.
/// </remarks>
/// <param name="options">The settings; null: the defaults.</param>
/// <exception cref="ArgumentException">Settings that exclude each other.</exception>
public sealed class FlowHeunSampler(FlowOptions? options = null) : FlowSampler(Settings, options)
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "heun");

    private protected override int CallsFor(int steps) => (2 * steps) - 1;

    private protected override ISampler Made(FlowOptions options) => new FlowHeunSampler(options);

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas)
    {
        var last = sigmas.Length - 2;
        Tensor? image = null;
        for (var i = 0; i <= last; i++)
        {
            yield return SamplerQuestion.OnFlow(i, x, sigmas[i]) with { Estimate = image };

            var slope = answer.Output.Copy();
            var length = sigmas[i + 1] - sigmas[i];
            image = Sum((1, x), (-sigmas[i], slope));
            var end = Sum((1, x), (length, slope));
            if (i < last)
            {
                yield return SamplerQuestion.OnFlow(i, end, sigmas[i + 1]) with { Estimate = image, Kept = [x, slope] };

                image = Sum((1, end), (-sigmas[i + 1], answer.Output));
                end = Sum((1, x), (length / 2, slope), (length / 2, answer.Output));
            }

            x = end;
        }

        yield return SamplerQuestion.Result(sigmas.Length - 1, x, image);
    }
}
