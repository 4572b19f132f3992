using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>What a sampler wants to know: the network's answer to a latent at a time. The last one is no question but the result.</summary>
/// <remarks>
/// The tensors that a question names are all that lives on: the run keeps them until the next question, and everything else that a step made ends
/// with the step. What a sampler needs after the answer and does not ask about (a slope, the latent where a step began) stands in <see cref="Kept"/>.
/// </remarks>
/// <param name="Step">The step that the call belongs to.</param>
/// <param name="Latent">The network's input; for the result, the result.</param>
/// <param name="Timestep">Model time.</param>
/// <param name="Sigma">Noise level, as <see cref="ISamplerRun.Sigma"/>.</param>
/// <param name="NoiseToSignal">As <see cref="ISamplerRun.NoiseToSignal"/>.</param>
internal sealed record SamplerQuestion(int Step, Tensor Latent, float Timestep, double Sigma, double NoiseToSignal)
{
    /// <summary>The image that the answer before pointed to; null at the first question.</summary>
    public Tensor? Estimate { get; init; }

    /// <summary>What else is needed after the answer.</summary>
    public IReadOnlyList<Tensor> Kept { get; init; } = [];

    /// <summary>Every tensor that lives until the next question.</summary>
    public IEnumerable<Tensor> Tensors => new[] { Latent, Estimate }.OfType<Tensor>().Concat(Kept);

    /// <summary>What the network says to a latent on a rectified flow at a level σ; its time is σ·1000.</summary>
    public static SamplerQuestion OnFlow(int step, Tensor latent, double sigma)
    {
        var noiseToSignal = sigma / Math.Max(0, 1 - sigma); // a shifted level may round to just above 1
        return new(step, latent, (float)(sigma * FlowOptions.TrainedStepCount), sigma, noiseToSignal);
    }

    /// <summary>The end of a run.</summary>
    public static SamplerQuestion Result(int stepCount, Tensor latent, Tensor? estimate) => new(stepCount, latent, 0, 0, 0) { Estimate = estimate };
}
