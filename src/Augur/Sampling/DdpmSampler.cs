using Augur.Notation;
using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>How much noise a DDPM step adds.</summary>
public enum DdpmVariance
{
    /// <summary>What the network learned, between β̃ and β (Nichol and Dhariwal, 2021, equation 15); β where it learned none. The DiT package.</summary>
    [Word("auto")]
    Automatic,

    /// <summary>β̃, the posterior's variance.</summary>
    [Word("fixed_small")]
    FixedSmall,

    /// <summary>β.</summary>
    [Word("fixed_large")]
    FixedLarge,
}

/// <summary>Settings of <see cref="DdpmSampler"/>. The defaults are those of the DiT package's <c>p_sample_loop</c>.</summary>
public sealed record DdpmOptions : DiffusionOptions
{
    /// <summary>
    /// How much noise a step adds: what the network learned, or β where it learned none (auto), always β̃ (fixed_small), or always β
    /// (fixed_large).
    /// </summary>
    [Setting("variance")]
    public DdpmVariance Variance { get; init; }
}

/// <summary>Ancestral sampling (Ho, Jain and Abbeel, 2020), over a respaced process (Nichol and Dhariwal, 2021).</summary>
/// <remarks>The last step adds no noise and draws none; the released code draws there and multiplies by 0.</remarks>
public sealed class DdpmSampler(DdpmOptions? options = null) : ISampler
{
    internal static readonly SettingList<DdpmOptions> Settings = new("Sampler", "ddpm");

    /// <summary>The settings.</summary>
    public DdpmOptions Options { get; } = SamplerContract.Valid(options ?? new());

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public bool Accepts(Prediction prediction) => SamplerContract.IsDiffusion(prediction);

    /// <inheritdoc/>
    public ISamplerRun Begin(Tensor noise, int steps, Prediction prediction)
    {
        SamplerContract.RequireBegin(this, noise, steps, prediction);
        return new Run(noise, DiffusionStep.Plan(Options, steps, lastAlpha: 1), prediction, Options);
    }

    private sealed class Run(Tensor noise, DiffusionStep[] steps, Prediction prediction, DdpmOptions options)
        : DiffusionRun(noise, steps, prediction, options.ClipRange)
    {
        protected override (Tensor Latent, Tensor Estimate) Take(Tensor output, Tensor? variance, INoiseSource noise)
        {
            var image = ImageFrom(output);

            // Ho et al., 2020, equation 7.
            var fromImage = Math.Sqrt(Current.AlphaNext) * Current.Beta / (1 - Current.Alpha);
            var fromLatent = Math.Sqrt(1 - Current.Beta) * (1 - Current.AlphaNext) / (1 - Current.Alpha);
            if (Current.PosteriorVariance <= 0)
            {
                return (Sum((fromImage, image), (fromLatent, Latent)), image);
            }

            var (factor, drawn) = Scale(Draw(noise), variance);
            return (Sum((fromImage, image), (fromLatent, Latent), (factor, drawn)), image);
        }

        // The noise and its standard deviation; a learned one differs from element to element and is multiplied in.
        private (double Factor, Tensor Noise) Scale(Tensor noise, Tensor? variance)
        {
            switch (options.Variance)
            {
                case DdpmVariance.FixedSmall:
                    return (Math.Sqrt(Current.PosteriorVariance), noise);
                case DdpmVariance.Automatic when variance is not null:
                    // log σ² = f·log β + (1−f)·log β̃ with f = (v + 1)/2, not limited; so σ = (β·β̃)^¼ · exp(v·log(β/β̃)/4).
                    var middle = Math.Pow(Current.Beta * Current.PosteriorVariance, 0.25);
                    var spread = Math.Log(Current.Beta / Current.PosteriorVariance) / 4;
                    return (middle, Sum((spread, variance)).Activate(Activation.Exp) * noise);
                default:
                    return (Math.Sqrt(Current.Beta), noise);
            }
        }
    }
}
