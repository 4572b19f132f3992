using Augur.Conditioning;
using Augur.Decoding;
using Augur.Models;
using Augur.Sampling;

namespace Augur.Pipelines;

/// <summary>What a request gets when it does not say.</summary>
/// <param name="Sampler">Way from noise to image.</param>
/// <param name="Steps">Sampler steps.</param>
/// <param name="Guidance">Classifier-free guidance.</param>
public sealed record GenerationDefaults(ISampler Sampler, int Steps, Guidance Guidance);

/// <summary>A network with what it takes to draw pictures: the decoder of its latents, the names of its classes, its defaults.</summary>
public sealed class DiffusionModel(INetwork denoiser, IImageDecoder decoder, ClassNames classes, GenerationDefaults defaults) : IDisposable
{
    /// <summary>The network.</summary>
    public INetwork Denoiser => denoiser;

    /// <summary>From its latents to pixels.</summary>
    public IImageDecoder Decoder => decoder;

    /// <summary>The names of its classes, where they have names.</summary>
    public ClassNames Classes => classes;

    /// <summary>What a request gets when it does not say.</summary>
    public GenerationDefaults Defaults => defaults;

    /// <summary>Which weights were taken where the file holds those of training and their average; null where there was no choice.</summary>
    public string? WeightsChoice { get; init; }

    /// <summary>A request for a class by name, with the model's defaults.</summary>
    /// <exception cref="ArgumentException">No class has that name; the message suggests the nearest.</exception>
    public GenerationRequest Request(string className, long seed = 0) => Request(classes.Find(className), seed);

    /// <summary>A request for a class by number, with the model's defaults.</summary>
    public GenerationRequest Request(int label, long seed = 0) => new()
    {
        Label = label,
        Seed = seed,
        Steps = defaults.Steps,
        Guidance = defaults.Guidance,
        Sampler = defaults.Sampler,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        denoiser.Dispose();
        decoder.Dispose();
    }
}
