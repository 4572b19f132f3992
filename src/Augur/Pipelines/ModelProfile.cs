using System.Globalization;
using Augur.Caching;
using Augur.Sampling;

namespace Augur.Pipelines;

/// <summary>A caching method whose settings were searched for one model, under the word for its quality, with what it was measured on.</summary>
public sealed record ModelProfile
{
    /// <summary>The word that a request's <see cref="GenerationRequest.Quality"/> names it by.</summary>
    public required string Quality { get; init; }

    /// <summary>The method with its settings.</summary>
    public required ICachePolicy Policy { get; init; }

    /// <summary>Sampler that it was measured with, as the catalog spells it.</summary>
    public required string Sampler { get; init; }

    /// <summary>Steps that it was measured with.</summary>
    public required int Steps { get; init; }

    /// <summary>Guidance that it was measured with.</summary>
    public required double Guidance { get; init; }

    /// <summary>FLOPs of the uncached run over its own, on pictures that the search had not seen; null where the file does not say.</summary>
    public double? Speedup { get; init; }

    /// <summary>Mean PSNR against the uncached pictures, in decibels, on pictures that the search had not seen; null where the file does not say.</summary>
    public double? Psnr { get; init; }

    /// <summary>What a run does otherwise than the profile's measurements, as a clause; null: nothing.</summary>
    internal string? DifferenceFrom(ISampler sampler, int steps, Guidance guidance) =>
        steps != Steps ? string.Create(CultureInfo.InvariantCulture, $"was measured with {Steps} steps, and this is {steps}")
        : sampler.Name != Sampler ? $"was measured with {Sampler}, and this is {sampler.Name}"
        : guidance.Scale != Guidance ? string.Create(CultureInfo.InvariantCulture, $"was measured with guidance {Guidance}, and this is {guidance.Scale}")
        : null;
}
