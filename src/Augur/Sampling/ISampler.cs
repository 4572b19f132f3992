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
}

/// <summary>A way from noise to image, with its settings: immutable, shared by any number of samples.</summary>
public interface ISampler
{
    /// <summary>As the command line writes it.</summary>
    string Name { get; }

    /// <summary>Whether the sampler can use a network with this prediction.</summary>
    bool Accepts(Prediction prediction);

    /// <summary>Whether steps add fresh noise, which nothing that was kept of earlier calls can know.</summary>
    bool AddsNoise => false;

    /// <summary>Begins one sample: what a sampler remembers from step to step lives in the run.</summary>
    /// <param name="noise">The starting latent [1, channels, height, width], unit Gaussian; copied.</param>
    /// <param name="steps">Number of sampler steps, at least 1.</param>
    /// <param name="prediction">What the network's output means.</param>
    ISamplerRun Begin(Tensor noise, int steps, Prediction prediction);
}

/// <summary>
/// One sample on its way. The engine reads <see cref="Latent"/> and <see cref="Timestep"/>, calls the network, and passes its answer to
/// <see cref="Advance"/>, until <see cref="IsFinished"/>. A step may take more than one call.
/// </summary>
public interface ISamplerRun : IDisposable
{
    /// <summary>Network calls of the whole run.</summary>
    int CallCount { get; }

    /// <summary>Calls answered so far.</summary>
    int CallIndex { get; }

    /// <summary>The step that the next call belongs to; 0 is pure noise.</summary>
    int StepIndex { get; }

    /// <summary>Number of steps.</summary>
    int StepCount { get; }

    /// <summary>Whether the latent is final.</summary>
    bool IsFinished { get; }

    /// <summary>Model time for the next call, as the network expects it: 0 to 999 for diffusion, σ·1000 or σ as the model says for flow.</summary>
    float Timestep { get; }

    /// <summary>Noise level of the next call: √(1−ᾱ)/√ᾱ for diffusion, σ in [0, 1] for flow.</summary>
    double Sigma { get; }

    /// <summary>Factor of the noise over that of the image in <see cref="Latent"/>: √(1−ᾱ)/√ᾱ for diffusion, σ/(1−σ) for flow, infinity at σ = 1.</summary>
    double NoiseToSignal { get; }

    /// <summary>The network's next input [1, channels, height, width]; after the last call, the result. Valid until the next <see cref="Advance"/>.</summary>
    Tensor Latent { get; }

    /// <summary>The image that the last answered call pointed to, an estimate of x₀ [1, channels, height, width]; for previews. Null before the first.</summary>
    Tensor? Estimate { get; }

    /// <summary>Takes the network's answer to <see cref="Latent"/>.</summary>
    /// <param name="output">[1, channels, height, width], guidance already applied.</param>
    /// <param name="variance">The learned variance channels, [1, channels, height, width] in [−1, 1] by training; null where the network has none.</param>
    /// <param name="noise">Where fresh Gaussian noise comes from.</param>
    void Advance(Tensor output, Tensor? variance, INoiseSource noise);
}

/// <summary>A stream of unit Gaussian numbers, owned by one sample.</summary>
public interface INoiseSource
{
    /// <summary>Fills the span with the next draws.</summary>
    void Fill(Span<float> destination);
}
