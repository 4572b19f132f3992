using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// The sampling run of one sample. The engine reads <see cref="Latent"/> and <see cref="Timestep"/>, calls the network, and passes its answer to
/// <see cref="Advance"/>, until <see cref="IsFinished"/>. A step may take more than one call; the number of calls is known when the run begins.
/// </summary>
public interface ISamplerRun : IDisposable
{
    /// <summary>Network calls of the whole run; before its end, at most so many where <see cref="ISampler.MayEndEarly"/>.</summary>
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

    /// <summary>Noise level of the next call: √(1−ᾱ)/√ᾱ for diffusion (infinity where no signal is left), σ in [0, 1] for flow.</summary>
    double Sigma { get; }

    /// <summary>
    /// Factor of the noise over that of the image in <see cref="Latent"/>: √(1−ᾱ)/√ᾱ for diffusion, σ/(1−σ) for flow, infinity at pure noise.
    /// </summary>
    double NoiseToSignal { get; }

    /// <summary>Cells of the latent, first and count, that the next call decides on; null: all.</summary>
    (int First, int Count)? Focus => null;

    /// <summary>Whether the latent goes where the network's answers lead it; not where an edit pulls it elsewhere too.</summary>
    bool FollowsAnswers => true;

    /// <summary>
    /// The network's next input, of the shape of the noise that the run began with; after the last call, the result. Valid until the next
    /// <see cref="Advance"/>.
    /// </summary>
    Tensor Latent { get; }

    /// <summary>Estimate of x₀ from the last answered call, of the latent's shape; for previews. Null before the first answer.</summary>
    Tensor? Estimate { get; }

    /// <summary>Takes the network's answer to <see cref="Latent"/>.</summary>
    /// <param name="output">Of the latent's shape, for texts with an axis more of the vocabulary; guidance already applied.</param>
    /// <param name="variance">The learned variance, of the latent's shape, in [−1, 1] by training; null where the network has none.</param>
    /// <param name="noise">Source of fresh Gaussian noise.</param>
    /// <exception cref="ArgumentException">A shape differs from the latent's; the run is unchanged.</exception>
    /// <exception cref="InvalidOperationException">
    /// The run is finished, or the noise ran out; the message names the step. After that the run can only be disposed.
    /// </exception>
    void Advance(Tensor output, Tensor? variance, INoiseSource noise);
}
