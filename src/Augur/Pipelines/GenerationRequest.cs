using Augur.Caching;
using Augur.Sampling;

namespace Augur.Pipelines;

/// <summary>One picture asked for. Immutable; derive variants with <c>with</c>. The same request gives the same picture, alone or in a batch.</summary>
public sealed record GenerationRequest
{
    /// <summary>The class to draw; its number of classes is the null class, which draws anything.</summary>
    public required int Label { get; init; }

    /// <summary>Sampler steps, 1 to 1000; default 50.</summary>
    public int Steps { get; init; } = 50;

    /// <summary>Classifier-free guidance. Default: the model's own.</summary>
    public Guidance? Guidance { get; init; }

    /// <summary>The way from noise to image. Default: the model's own.</summary>
    public ISampler? Sampler { get; init; }

    /// <summary>Seed of the sample's noise, any value; default 0.</summary>
    public long Seed { get; init; }

    /// <summary>Makes the sample's noise from its seed. Default: the numbers of PyTorch's CPU generator.</summary>
    public Func<long, INoiseSource> Noise { get; init; } = seed => new TorchCpuNoise(unchecked((ulong)seed));

    /// <summary>The caching method. Default: none, every call computed.</summary>
    public ICachePolicy Cache { get; init; } = new NoCachePolicy();
}

/// <summary>What a run cost. One multiply-add is 2 FLOPs.</summary>
public sealed record GenerationReport
{
    /// <summary>The caching method.</summary>
    public required string Policy { get; init; }

    /// <summary>The sampler.</summary>
    public required string Sampler { get; init; }

    /// <summary>Sampler steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Network calls of this sample; guided calls count once.</summary>
    public required int Calls { get; init; }

    /// <summary>FLOPs of this sample's network rows.</summary>
    public required long Flops { get; init; }

    /// <summary>Time in network calls, this sample's share of the batches it was in.</summary>
    public required TimeSpan NetworkTime { get; init; }

    /// <summary>Time to decode latents to pixels, this sample's share.</summary>
    public required TimeSpan DecodeTime { get; init; }
}

/// <summary>A finished picture.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Image">The picture.</param>
/// <param name="Latent">The final latent, [channels, height, width], innermost axis fastest.</param>
/// <param name="Report">What it cost.</param>
public sealed record GenerationResult(GenerationRequest Request, Decoding.RgbImage Image, float[] Latent, GenerationReport Report);

/// <summary>A sample has passed a sampler step.</summary>
/// <param name="Sample">Position of its request in the batch.</param>
/// <param name="StepIndex">The step just finished; 0 began at pure noise.</param>
/// <param name="StepCount">Steps in all.</param>
/// <param name="Outcome">What its last network call turned out to be.</param>
/// <param name="Preview">Draws the current estimate of the picture, small; call it inside the event or not at all.</param>
public sealed record StepEvent(int Sample, int StepIndex, int StepCount, CallOutcome Outcome, Func<Decoding.RgbImage?> Preview);
