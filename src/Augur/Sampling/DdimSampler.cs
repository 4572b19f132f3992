using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>Settings of <see cref="DdimSampler"/>. The defaults are those of the DiT package's <c>ddim_sample_loop</c>.</summary>
/// <remarks>
/// diffusers' DDIMScheduler is reached with <see cref="TimestepSpacing.Leading"/> (or its other spacings), <see cref="RederiveNoise"/> off,
/// and its <c>set_alpha_to_one</c>, <c>clip_sample_range</c> as <see cref="EndAtImage"/>, <see cref="DiffusionOptions.ClipRange"/>.
/// </remarks>
public sealed record DdimOptions : DiffusionOptions
{
    /// <summary>Share of the random part: 0 is none (Song et al., 2021), 1 as much as DDPM has.</summary>
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
/// Noise is drawn only by a step that adds some. The released codes draw at every step and multiply by 0; that is seen only by whoever
/// shares the generator, and here each sample owns its own.
/// </remarks>
public sealed class DdimSampler(DdimOptions? options = null) : ISampler
{
    internal static readonly SettingList<DdimOptions> Settings = new("Sampler", "ddim");

    /// <summary>The settings.</summary>
    public DdimOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        var lastAlpha = Options.EndAtImage ? 1 : Options.CreateSchedule().AlphasCumulative[0];
        return new Run(noise, DiffusionStep.Plan(Options, steps, lastAlpha), prediction, Options);
    }

    private sealed class Run(Tensor noise, DiffusionStep[] steps, Prediction prediction, DdimOptions options)
        : DiffusionRun(noise, steps, prediction, options.ClipRange)
    {
        protected override (Tensor Latent, Tensor Estimate) Take(Tensor output, Tensor? variance, INoiseSource noise)
        {
            var image = ImageFrom(output);
            var direction = options is { RederiveNoise: true, ClipRange: not null }
                ? Sum((1 / Math.Sqrt(1 - Current.Alpha), Latent), (-Math.Sqrt(Current.Alpha / (1 - Current.Alpha)), image))
                : NoiseFrom(output);

            // Song et al., 2021, equations 12 and 16.
            var randomVariance = options.Eta * options.Eta * Current.PosteriorVariance;
            var towardsImage = Math.Sqrt(Current.AlphaNext);
            var alongNoise = Math.Sqrt(Math.Max(0, 1 - Current.AlphaNext - randomVariance));
            var latent = randomVariance > 0
                ? Sum((towardsImage, image), (alongNoise, direction), (Math.Sqrt(randomVariance), Draw(noise)))
                : Sum((towardsImage, image), (alongNoise, direction));
            return (latent, image);
        }
    }
}
