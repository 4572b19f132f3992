using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>
/// Heun's second-order steps between noise levels of a diffusion (Karras et al., 2022, algorithm 1; diffusers' HeunDiscreteScheduler): two network
/// calls a step, and one where the step leads to the image, at which the slope is not defined.
/// </summary>
public sealed class HeunSampler(SigmaOptions? options = null) : SigmaSampler(Settings, options)
{
    internal static readonly SettingList<SigmaOptions> Settings = new("Sampler", "k-heun");

    /// <inheritdoc/>
    public override bool AddsNoise => false;

    private protected override ISampler Made(SigmaOptions options) => new HeunSampler(options);

    private protected override int CallsFor(SigmaStep[] steps) => (2 * steps.Length) - 1;

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, SigmaPlan plan, Prediction prediction)
    {
        Tensor? image = null;
        var last = plan.Steps.Length - 1;
        foreach (var step in plan.Steps)
        {
            yield return step.Ask(x) with { Estimate = image };

            var first = image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            var end = step.Towards(x, first, step.SigmaNext, 0, step.SigmaNext, answer.DrawNoise);
            if (step.Index < last)
            {
                var next = plan.Steps[step.Index + 1] with { Index = step.Index };
                yield return next.Ask(end) with { Estimate = first, Kept = [x] };

                image = next.ImageFrom(end, answer.Output, prediction, Options.ClipRange);
                var half = (step.SigmaNext - step.Sigma) / 2;
                end = Sum(
                    (step.Scale * (1 + (half / step.Sigma)) / step.ScaleNext, x),
                    (-half / step.Sigma / step.ScaleNext, first),
                    (half / step.SigmaNext, end), // its own scale is the result's
                    (-half / step.SigmaNext / step.ScaleNext, image));
            }

            x = end;
        }

        yield return SamplerQuestion.Result(plan.Steps.Length, x, image);
    }
}
