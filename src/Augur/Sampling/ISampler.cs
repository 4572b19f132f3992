using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>What the network's output means.</summary>
public enum Prediction
{
    /// <summary>The noise ε in x_t = √ᾱ·x₀ + √(1−ᾱ)·ε.</summary>
    Epsilon,

    /// <summary>v = √ᾱ·ε − √(1−ᾱ)·x₀ (Salimans and Ho, 2022).</summary>
    Velocity,

    /// <summary>dx/dσ of the straight path x = (1−σ)·x₀ + σ·ε: noise minus image (rectified flow).</summary>
    Flow,

    /// <summary>The image x₀ itself; what diffusers calls <c>sample</c>.</summary>
    Image,

    /// <summary>
    /// Logits of the token at each place of a text, [batch, tokens, vocabulary]; the latent is the tokens, −1 where one is not known.
    /// </summary>
    Tokens,
}

/// <summary>
/// A sampling algorithm (the solver that leads from noise to an image) with its settings. Immutable; any number of samples may share one.
/// </summary>
public interface ISampler
{
    /// <summary>The name with the settings that differ from their defaults, such as <c>ddim(eta=0.7)</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Whether steps add fresh noise (ddpm, ddim with η above 0), so that the latents of consecutive calls do not change smoothly. The last step adds
    /// none if it leads to the image. Methods that forecast the network's output extrapolate the estimate of x₀ instead where this is true.
    /// </summary>
    bool AddsNoise { get; }

    /// <summary>
    /// Whether a run may end before the number of calls that it says at its beginning, as where tokens are written together that the network is sure
    /// of.
    /// </summary>
    bool MayEndEarly => false;

    /// <summary>Whether the sampler can use a network with this prediction.</summary>
    bool Accepts(Prediction prediction);

    /// <summary>Begins the run of one sample. State that a sampler keeps from step to step belongs to the run.</summary>
    /// <param name="noise">
    /// The starting latent [1, …], unit Gaussian, of rank 2 or more: a picture [1, channels, height, width], a video
    /// [1, channels, frames, height, width], tokens [1, tokens, channels]; copied.
    /// </param>
    /// <param name="steps">Number of sampler steps, at least 1.</param>
    /// <param name="prediction">What the network's output means.</param>
    /// <exception cref="ArgumentException">
    /// The sampler does not support this prediction, the latent's first axis is not 1, or the schedule does not have this number of steps.
    /// </exception>
    ISamplerRun Begin(Tensor noise, int steps, Prediction prediction);
}

/// <summary>A sampler whose first steps can be left out, for runs that begin with a noised picture.</summary>
internal interface ISkippingSampler : ISampler
{
    /// <summary>
    /// The same sampler without its first steps: the starting latent is a picture with the noise of the first step that is taken, and the run has so
    /// many steps fewer.
    /// </summary>
    ISampler Skipping(int steps);
}

/// <summary>A stream of standard normal numbers. Belongs to one sample; not safe for several threads.</summary>
public interface INoiseSource
{
    /// <summary>Fills the span with the next numbers of the stream.</summary>
    void Fill(Span<float> destination);
}
