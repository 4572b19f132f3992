using Augur.Tensors;
using System.Globalization;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Decoding;
using Augur.Sampling;

namespace Augur.Pipelines;

/// <summary>One sample asked for. Immutable; derive variants with <c>with</c>. The same request gives the same output, alone or in a batch.</summary>
public sealed record GenerationRequest
{
    /// <summary>What to show: a class, a prompt, whatever the model knows.</summary>
    public required Condition Condition { get; init; }

    /// <summary>Shape of the latent without the batch, channels first. Default: the network's own.</summary>
    public Shape? LatentShape { get; init; }

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

    /// <summary>
    /// The caching method; <see cref="NoCachePolicy"/> computes every call. Default: the one that <see cref="Quality"/> names.
    /// </summary>
    public ICachePolicy? Cache { get; init; }

    /// <summary>
    /// The word for one of the model's profiles, such as <c>fast</c>. Default: the profile of high quality where sampler, steps and guidance are
    /// those it was measured with, otherwise no caching; <see cref="DiffusionModel.Choose"/> says which and why, and so does the report.
    /// </summary>
    public string? Quality { get; init; }

    /// <summary>
    /// The method that was chosen, and why; holds while <see cref="Cache"/> is what was chosen, and is made anew when an engine takes a request
    /// without one.
    /// </summary>
    internal PolicyChoice? Choice { get; init; }

    /// <summary>The method that runs.</summary>
    internal ICachePolicy Method => Cache ?? Choice?.Policy ?? NoCachePolicy.Instance;

    /// <summary>A picture to begin with in place of noise alone, with the part of it that may change. Default: none.</summary>
    public SourcePicture? Source { get; init; }

    /// <summary>Steps that are taken: all, or the share that the strength of <see cref="Source"/> leaves.</summary>
    public int TakenSteps => Source is { } source ? Steps - source.SkippedSteps(Steps) : Steps;

    /// <summary>
    /// The part of the picture that is to change, for methods that compute more there. Default: where the mask of <see cref="Source"/> is above 0.
    /// </summary>
    public EditRegion? Region { get; init; }

    /// <summary>
    /// Most bytes that the method's kept features may take; it keeps less where it must, and the report says so. Default: no limit.
    /// </summary>
    public long? CacheBudget { get; init; }

    /// <summary>
    /// Share of the calls, drawn at random by the seed, whose answer is also computed in full on the side where the run has not done it, and the true
    /// error reported. The picture and the run's cost stay as they are; with all of them the machine takes the time of an uncached run on top. 0 to
    /// 1, default 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside.</exception>
    public double AuditShare
    {
        get;
        init => field = value is >= 0 and <= 1 ? value
            : throw new ArgumentOutOfRangeException(
                nameof(AuditShare),
                string.Create(
                    CultureInfo.InvariantCulture, $"GenerationRequest: {value} is no share of the calls to audit; it lies between 0 and 1."));
    }

    /// <summary>Whether step events carry the current estimate, small. Default no.</summary>
    public bool Previews { get; init; }
}

/// <summary>What a request became.</summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Output">The picture, the frames, the text.</param>
/// <param name="Latent">The final latent without the batch, channels first, innermost axis fastest.</param>
/// <param name="Report">What it cost.</param>
public sealed record GenerationResult(GenerationRequest Request, Medium Output, float[] Latent, GenerationReport Report)
{
    /// <summary>The picture.</summary>
    /// <exception cref="InvalidOperationException">The output is of another medium.</exception>
    public RgbImage Image => (Output as Picture ?? throw new InvalidOperationException($"The output is {Output.Name}, not a picture.")).Image;
}

/// <summary>A sample has passed a sampler step.</summary>
/// <param name="Sample">Position of its request among those submitted together.</param>
/// <param name="StepIndex">The step just finished; 0 began at pure noise.</param>
/// <param name="StepCount">Steps in all.</param>
/// <param name="Calls">What the step's network calls turned out to be; most samplers make one.</param>
/// <param name="Preview">The current estimate of the output, small; null unless the request asked for previews.</param>
public sealed record StepEvent(int Sample, int StepIndex, int StepCount, IReadOnlyList<CallOutcome> Calls, Medium? Preview);
