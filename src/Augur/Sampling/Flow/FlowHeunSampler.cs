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
public sealed class FlowHeunSampler : ISampler
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "heun");

    /// <summary>A sampler with these settings, or the defaults.</summary>
    /// <exception cref="ArgumentException">Settings that exclude each other.</exception>
    public FlowHeunSampler(FlowOptions? options = null)
    {
        Options = options ?? new();
        Options.Validate();
    }

    /// <summary>The settings.</summary>
    public FlowOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool AddsNoise => false;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => prediction == Prediction.Flow;

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        var sigmas = Options.Sigmas(noise.Shape, steps);
        return new SamplerRun(noise, steps, (2 * steps) - 1, (x, answer) => Walk(x, answer, sigmas));
    }

    private static IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas)
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
