using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// Euler steps between noise levels of a diffusion (Karras et al., 2022, algorithm 2 without churn; diffusers' EulerDiscreteScheduler).
/// </summary>
public sealed class EulerSampler(SigmaOptions? options = null) : SigmaSampler(Settings, options)
{
    internal static readonly SettingList<SigmaOptions> Settings = new("Sampler", "k-euler");

    /// <inheritdoc/>
    public override bool AddsNoise => false;

    private protected override ISampler Made(SigmaOptions options) => new EulerSampler(options);

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, SigmaPlan plan, Prediction prediction)
    {
        Tensor? image = null;
        foreach (var step in plan.Steps)
        {
            yield return step.Ask(x) with { Estimate = image };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            x = step.Towards(x, image, step.SigmaNext, 0, step.SigmaNext, answer.DrawNoise);
        }

        yield return SamplerQuestion.Result(plan.Steps.Length, x, image);
    }
}

/// <summary>Euler steps below the next noise level, with fresh noise up to it (k-diffusion; diffusers' EulerAncestralDiscreteScheduler).</summary>
public sealed class EulerAncestralSampler(SigmaOptions? options = null) : SigmaSampler(Settings, options)
{
    internal static readonly SettingList<SigmaOptions> Settings = new("Sampler", "euler-a");

    /// <inheritdoc/>
    public override bool AddsNoise => true;

    private protected override ISampler Made(SigmaOptions options) => new EulerAncestralSampler(options);

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, SigmaPlan plan, Prediction prediction)
    {
        Tensor? image = null;
        foreach (var step in plan.Steps)
        {
            yield return step.Ask(x) with { Estimate = image };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            var (down, up) = Ancestral(step.Sigma, step.SigmaNext);
            x = step.Towards(x, image, down, up, step.SigmaNext, answer.DrawNoise);
        }

        yield return SamplerQuestion.Result(plan.Steps.Length, x, image);
    }
}
