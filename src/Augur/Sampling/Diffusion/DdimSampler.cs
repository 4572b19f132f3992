using Augur.Notation;
using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="DdimSampler"/>. The defaults are those of the DiT package's <c>ddim_sample_loop</c>.</summary>
/// <remarks>
/// diffusers' DDIMScheduler is reached with <see cref="TimestepSpacing.Leading"/> or <see cref="TimestepSpacing.Trailing"/>,
/// <see cref="RederiveNoise"/> off, and its <c>set_alpha_to_one</c>, <c>clip_sample_range</c> as <see cref="EndAtImage"/>,
/// <see cref="DiffusionOptions.ClipRange"/>. diffusers steps back by ⌊1000/steps⌋ from each timestep, which under trailing spacing differs from the
/// next visited timestep by at most one. Under <see cref="TimestepSpacing.Linspace"/> that step would miss the next visited timestep by tens, so that
/// the latent's noise level would not match the time that the network is told; this sampler steps to the visited timestep there.
/// </remarks>
public sealed record DdimOptions : DiffusionOptions
{
    /// <summary>Amount of fresh noise per step, η of Song et al. (2021): 0 is deterministic, 1 adds as much as DDPM.</summary>
    [Setting("eta", 0, 1)]
    public double Eta { get; init => field = Setting.Checked(this, value); }

    /// <summary>Whether the last step leads to the image (ᾱ = 1) rather than to the first trained timestep.</summary>
    [Setting("end_at_image")]
    public bool EndAtImage { get; init; } = true;

    /// <summary>
    /// Whether ε is computed again from the limited estimate of x₀ (DiT), rather than left as predicted (diffusers). It matters only with
    /// <see cref="DiffusionOptions.ClipRange"/>.
    /// </summary>
    [Setting("rederive_noise")]
    public bool RederiveNoise { get; init; } = true;
}

/// <summary>Denoising diffusion implicit models (Song, Meng and Ermon, 2021): deterministic at <see cref="DdimOptions.Eta"/> 0.</summary>
/// <remarks>
/// A step draws noise only if it adds some. The released implementations draw at every step and multiply by 0, which matters only where samples share
/// a generator; here every sample has its own.
/// </remarks>
public sealed class DdimSampler(DdimOptions? options = null) : IDiffusionSampler
{
    internal static readonly SettingList<DdimOptions> Settings = new("Sampler", "ddim");

    /// <summary>The settings.</summary>
    public DdimOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    DiffusionOptions IDiffusionSampler.Options => Options;

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    ISampler IDiffusionSampler.With(DiffusionOptions options) => new DdimSampler((DdimOptions)options);

    /// <inheritdoc/>
    public bool AddsNoise => Options.Eta > 0;

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise.NotNull(), steps, prediction);
        SamplerContract.RequireSkip(Options, steps);
        var plan = DiffusionPlan.Usable(DiffusionPlan.Remaining(Options, Plan(steps)), prediction);
        return new SamplerRun(noise, plan.Length, plan.Length, (x, answer) => Walk(x, answer, plan, prediction));
    }

    internal DiffusionStep[] Plan(int count)
    {
        var times = DiffusionPlan.Timesteps(Options, count);
        var alphas = Options.CreateSchedule().AlphasCumulative;
        var lastAlpha = Options.EndAtImage ? 1 : alphas[0];
        return Options.Timesteps is null && Options.Spacing is TimestepSpacing.Leading or TimestepSpacing.Trailing
            ? DiffusionPlan.Striding(times, alphas, lastAlpha)
            : DiffusionPlan.Through(times, alphas, lastAlpha);
    }

    private IEnumerable<SamplerQuestion> Walk(Tensor x, NetworkAnswer answer, DiffusionStep[] plan, Prediction prediction)
    {
        Tensor? image = null;
        foreach (var step in plan)
        {
            yield return step.Ask(x) with { Estimate = image };

            image = step.ImageFrom(x, answer.Output, prediction, Options.ClipRange);
            var direction = Options is { RederiveNoise: true, ClipRange: not null }
                ? step.NoiseBeside(x, image)
                : step.NoiseFrom(x, answer.Output, prediction);

            // Song et al., 2021, equations 12 and 16.
            var variance = Options.Eta * Options.Eta * step.PosteriorVariance;
            var towardsImage = Math.Sqrt(step.AlphaNext);
            var alongNoise = Math.Sqrt(Math.Max(0, 1 - step.AlphaNext - variance));
            x = variance > 0
                ? Sum((towardsImage, image), (alongNoise, direction), (Math.Sqrt(variance), answer.DrawNoise()))
                : Sum((towardsImage, image), (alongNoise, direction));
        }

        yield return SamplerQuestion.Result(plan.Length, x, image);
    }
}
