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
}

/// <summary>A way from noise to image, with its settings: immutable, shared by any number of samples.</summary>
public interface ISampler
{
    /// <summary>As the command line writes it.</summary>
    string Name { get; }

    /// <summary>
    /// Whether steps add fresh noise (ddpm, ddim with η above 0), so that a call's latent is not a smooth continuation of the ones before. The last
    /// step adds none where it leads to the image. Who forecasts the network's output forecasts the picture that it points to instead.
    /// </summary>
    bool AddsNoise { get; }

    /// <summary>Whether the sampler can use a network with this prediction.</summary>
    bool Accepts(Prediction prediction);

    /// <summary>Begins one sample: what a sampler remembers from step to step lives in the run.</summary>
    /// <param name="noise">
    /// The starting latent [1, …], unit Gaussian, of any rank from 2: a picture [1, channels, height, width], a video, tokens; copied.
    /// </param>
    /// <param name="steps">Number of sampler steps, at least 1.</param>
    /// <param name="prediction">What the network's output means.</param>
    /// <exception cref="ArgumentException">
    /// The sampler cannot use such a network, the latent is not one sample, or no such number of steps can be taken.
    /// </exception>
    ISamplerRun Begin(Tensor noise, int steps, Prediction prediction);
}

/// <summary>A stream of unit Gaussian numbers, owned by one sample.</summary>
public interface INoiseSource
{
    /// <summary>Fills the span with the next draws.</summary>
    void Fill(Span<float> destination);
}
