using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>How much noise a DDPM step adds.</summary>
public enum DdpmVariance
{
    /// <summary>
    /// The learned variance, interpolated between β̃ and β (Nichol and Dhariwal, 2021, equation 15); β if the network learned none. As the DiT
    /// package.
    /// </summary>
    [Word("auto")]
    Automatic,

    /// <summary>Always β̃, the variance of the posterior q(x_{t−1} | x_t, x₀).</summary>
    [Word("fixed_small")]
    FixedSmall,

    /// <summary>Always β, the variance of the forward step.</summary>
    [Word("fixed_large")]
    FixedLarge,
}

/// <summary>Settings of <see cref="DdpmSampler"/>. The defaults are those of the DiT package's <c>p_sample_loop</c>.</summary>
public sealed record DdpmOptions : DiffusionOptions
{
    /// <summary>
    /// Variance of the noise that a step adds: the learned one, or β if the network learned none (auto); always β̃ (fixed_small); or always β
    /// (fixed_large).
    /// </summary>
    [Setting("variance")]
    public DdpmVariance Variance { get; init; }
}

/// <summary>Ancestral sampling (Ho, Jain and Abbeel, 2020), over a respaced process (Nichol and Dhariwal, 2021).</summary>
/// <remarks>
/// The last step neither adds nor draws noise; the released code draws and multiplies by 0. Under every spacing a step leads to the noise level of
/// the next visited timestep, as in diffusers' DDPMScheduler.
/// </remarks>
public sealed class DdpmSampler(DdpmOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<DdpmOptions> Settings = new("Sampler", "ddpm");

    /// <summary>The settings.</summary>
    public DdpmOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new DdpmSampler((DdpmOptions)options);

    /// <inheritdoc/>
    public bool AddsNoise => true;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        var times = DiffusionPlan.Timesteps(Options, steps);
        var plan = DiffusionPlan.Usable(DiffusionPlan.Through(times, Options.CreateSchedule().AlphasCumulative, lastAlpha: 1), prediction);
        return new SamplerRun(noise, steps, steps, (x, answer) => Walk(x, answer, plan, prediction));
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        Tensor? image = null;
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = image };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);

            // Ho et al., 2020, equation 7.
            var fromImage = Math.Sqrt(step.AlphaNext) * step.Beta / (1 - step.Alpha);
            var fromLatent = Math.Sqrt(1 - step.Beta) * (1 - step.AlphaNext) / (1 - step.Alpha);
            x = step.PosteriorVariance > 0
                ? Sum((fromImage, image), (fromLatent, x), Scale(answer.DrawNoise(), answer.Variance, step))
                : Sum((fromImage, image), (fromLatent, x));
        }

        yield return SamplerQuestion.Result(plan.Length, x, image);
    }

    // The noise and its standard deviation. A learned deviation differs from element to element, so that it is multiplied into the noise and the
    // factor is 1.
    private (double Factor, Tensor Noise) Scale(Tensor noise, Tensor? variance, DiffusionStep step)
    {
        switch (Options.Variance)
        {
            case DdpmVariance.FixedSmall:
                return (Math.Sqrt(step.PosteriorVariance), noise);
            case DdpmVariance.Automatic when variance is not null:
                // log σ² = f·log β + (1−f)·log β̃ with f = (v + 1)/2, not limited; so σ = (β·β̃)^¼ · exp(v·log(β/β̃)/4).
                var middle = Math.Pow(step.Beta * step.PosteriorVariance, 0.25);
                var spread = Math.Log(step.Beta / step.PosteriorVariance) / 4;
                return (middle, Sum((spread, variance)).Activate(Activation.Exp) * noise);
            default:
                return (Math.Sqrt(step.Beta), noise);
        }
    }
}
