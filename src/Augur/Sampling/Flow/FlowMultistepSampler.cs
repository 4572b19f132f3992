using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// Second-order multistep along a rectified flow: k-diffusion's DPM-Solver++(2M) in λ = −log σ, which Stable Diffusion 3.5 Large was released with.
/// Its first and last steps are of first order.
/// </summary>
/// <remarks>Model time is σ·1000. Deterministic: no noise is drawn.</remarks>
public sealed class FlowMultistepSampler : ISampler
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "dpm++2m");

    /// <summary>A sampler with these settings, or the defaults.</summary>
    /// <exception cref="ArgumentException">Settings that exclude each other.</exception>
    public FlowMultistepSampler(FlowOptions? options = null)
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
        return new SamplerRun(noise, steps, steps, (x, answer) => Walk(x, answer, sigmas));
    }

    private static IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, double[] sigmas)
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
