using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// DPM-Solver++ (2S) of the stochastic equation (Lu et al., 2022; k-diffusion's sample_dpmpp_sde, diffusers' DPMSolverSDEScheduler): a call where a
/// step begins and one half way in log σ, each followed by an ancestral step with fresh noise.
/// </summary>
/// <remarks>
/// The released code draws the noise of both from one Brownian path, so that the draws of a seed agree for different numbers of steps. Here they are
/// independent, as the distribution of a run with a fixed number of steps does not depend on it.
/// </remarks>
public sealed class DpmSdeSampler(SigmaOptions? options = null) : SigmaSampler(Settings, options)
{
    internal static readonly SettingList<SigmaOptions> Settings = new("Sampler", "dpm++sde");

    /// <inheritdoc/>
    public override bool AddsNoise => true;

    private protected override ISampler Made(SigmaOptions options) => new DpmSdeSampler(options);

    private protected override int CallsFor(SigmaStep[] steps) => steps.Sum(step => step.SigmaNext > 0 ? 2 : 1);

    private protected override IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, SigmaPlan plan, Prediction prediction)
    {
        Tensor? image = null;
        foreach (var step in plan.Steps)
        {
            yield return step.Ask(x) with { Estimate = image };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            if (step.SigmaNext == 0)
            {
                x = step.Towards(x, image, 0, 0, 0, answer.DrawNoise);
                continue;
            }

            var between = Math.Sqrt(step.Sigma * step.SigmaNext);
            var middle = new SigmaStep(step.Index, plan.TimeOf(between), between, step.SigmaNext);
            var (down, up) = Ancestral(step.Sigma, between);
            var half = step.Towards(x, image, down, up, between, answer.DrawNoise);
            yield return middle.Ask(half) with { Estimate = image, Kept = [x] };

            image = middle.ImageFrom(half, answer.Output, prediction, Options.ClipRange);
            (down, up) = Ancestral(step.Sigma, step.SigmaNext);
            x = step.Towards(x, image, down, up, step.SigmaNext, answer.DrawNoise);
        }

        yield return SamplerQuestion.Result(plan.Steps.Length, x, image);
    }
}
