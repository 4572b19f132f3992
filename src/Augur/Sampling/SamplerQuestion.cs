using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// What a sampler's loop yields: a request to evaluate the network on a latent at a time. The last one yielded is not a request; its latent is the
/// result.
/// </summary>
/// <remarks>
/// Only the tensors of a question outlive the yield: the run keeps them until the next question, and all other tensors of the step are released. What
/// a sampler needs after the answer besides the latent (a slope, the latent at the beginning of the step) is listed in <see cref="Kept"/>.
/// </remarks>
/// <param name="Step">The step that the call belongs to.</param>
/// <param name="Latent">The network's input; in the last question, the result of the run.</param>
/// <param name="Timestep">Model time.</param>
/// <param name="Sigma">Noise level, as <see cref="ISamplerRun.Sigma"/>.</param>
/// <param name="NoiseToSignal">As <see cref="ISamplerRun.NoiseToSignal"/>.</param>
internal sealed record SamplerQuestion(int Step, Tensor Latent, float Timestep, double Sigma, double NoiseToSignal)
{
    /// <summary>Estimate of x₀ from the previous answer; null at the first question.</summary>
    public Tensor? Estimate { get; init; }

    /// <summary>Cells of the latent, first and count, that the answer decides on; null: all.</summary>
    public (int First, int Count)? Focus { get; init; }

    /// <summary>Further tensors that the sampler reads after the answer.</summary>
    public IReadOnlyList<Tensor> Kept { get; init; } = [];

    /// <summary>Every tensor that lives until the next question.</summary>
    public IEnumerable<Tensor> Tensors => new[] { Latent, Estimate }.OfType<Tensor>().Concat(Kept);

    /// <summary>A question about a latent on a rectified flow at noise level σ; the model time is σ·1000.</summary>
    public static SamplerQuestion OnFlow(int step, Tensor latent, double sigma)
    {
        var noiseToSignal = sigma / Math.Max(0, 1 - sigma); // a shifted level may round to just above 1
        return new(step, latent, (float)(sigma * FlowOptions.TrainedStepCount), sigma, noiseToSignal);
    }

    /// <summary>The last item of a run, which carries the result.</summary>
    public static SamplerQuestion Result(int stepCount, Tensor latent, Tensor? estimate) => new(stepCount, latent, 0, 0, 0) { Estimate = estimate };
}
