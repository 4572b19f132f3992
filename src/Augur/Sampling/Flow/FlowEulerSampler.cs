using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Euler steps along a rectified flow (Liu et al., 2022; as diffusers' FlowMatchEulerDiscreteScheduler and FLUX's own code).</summary>
/// <remarks>Model time is σ·1000. Deterministic: no noise is drawn.</remarks>
public sealed class FlowEulerSampler : ISampler
{
    internal static readonly SettingList<FlowOptions> Settings = new("Sampler", "euler");

    /// <summary>A sampler with these settings, or the defaults.</summary>
    /// <exception cref="ArgumentException">Settings that exclude each other.</exception>
    public FlowEulerSampler(FlowOptions? options = null)
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
