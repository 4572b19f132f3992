using Augur.Caching;
using Augur.Models;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>How a request that begins with a picture begins.</summary>
internal static class SourceStart
{
    /// <summary>The sampler without the steps that the request's strength leaves out.</summary>
    /// <exception cref="ArgumentException">The sampler cannot leave any out, or none would be left.</exception>
    public static ISampler Shortened(ISampler sampler, SourcePicture source, int steps) => source.SkippedSteps(steps) switch
    {
        0 => sampler,
        var skipped when skipped == steps => throw new ArgumentException(FormattableString.Invariant(
            $"Strength is {source.Strength}, which of {steps} steps takes none; it is at least {Math.Ceiling(1000.0 / steps) / 1000}.")),
        var skipped => sampler is ISkippingSampler skipping ? skipping.Skipping(skipped)
            : throw new ArgumentException(FormattableString.Invariant(
                $"Strength is {source.Strength}, and the sampler {sampler.Name} cannot leave steps out; it is 1.")),
    };

    /// <summary>The run of a sampler from a picture.</summary>
    /// <param name="asked">The sampler, with all its steps.</param>
    /// <param name="source">The picture.</param>
    /// <param name="noise">Unit noise of the latent's elements.</param>
    /// <param name="network">Whose answers it gets.</param>
    /// <param name="steps">Steps, those left out included.</param>
    public static ISamplerRun? Begin(ISampler asked, SourcePicture source, float[] noise, INetwork network, int steps)
    {
        using var scope = TensorScope.Begin();
        var (sampler, backend, prediction) = (Shortened(asked, source, steps), network.Backend, network.Prediction);
        var shape = source.Latent.Shape.OfOne();
        var start = Tensor.From(backend, (source.Inverted ?? source.Latent).Values.AsSpan(), shape);
        if (source.Inverted is null)
        {
            using var first = sampler.Begin(start, steps, prediction); // says which level is its first
            var r = first.NoiseToSignal;
            var signal = double.IsPositiveInfinity(r) ? 0 : prediction == Prediction.Flow ? 1 / (1 + r) : 1 / Math.Sqrt(1 + (r * r));
            var share = double.IsPositiveInfinity(r) ? 1 : r * signal;
            start = Tensor.Combine([start, Tensor.From(backend, noise, shape)], [(float)signal, (float)share]);
        }

        var run = sampler.Begin(start, steps, prediction);
        return run is null || source is { Mask.IsDefaultOrEmpty: true, PullSteps: 0 } ? run : new PinnedRun(run, source, prediction);
    }

    /// <summary>The region that a request changes: the one it names, or where its mask is above 0.</summary>
    public static EditRegion? RegionOf(GenerationRequest request)
    {
        var mask = request.Source?.Mask ?? [];
        return request.Region ?? (mask.IsDefaultOrEmpty ? null
            : new EditRegion([.. mask.Select(m => m > 0)], request.Source!.Latent.Shape[1], request.Source.Latent.Shape[2]));
    }

    /// <summary>Refuses a picture that is not of the model's latents, or a mask that is not of the picture.</summary>
    /// <exception cref="ArgumentException">The message names both sizes.</exception>
    public static void Require(SourcePicture source, Shape latent)
    {
        if (source.Latent.Shape != latent || (source.Inverted is { } inverted && inverted.Shape != latent))
        {
            throw new ArgumentException($"The picture's latent is {(source.Inverted ?? source.Latent).Shape}; the request draws {latent}.");
        }

        var cells = latent.Product(1, latent.Rank);
        if (!source.Mask.IsDefaultOrEmpty && source.Mask.Length != cells)
        {
            throw new ArgumentException($"The mask has {source.Mask.Length} cells; the picture's latent {latent} has {cells}.");
        }

        if (!source.Mask.IsDefaultOrEmpty && source.Mask.Any(m => !(m is >= 0 and <= 1)))
        {
            throw new ArgumentException("The mask has a cell that is not 0 to 1.");
        }

        if (!source.Mask.IsDefaultOrEmpty && !source.Mask.Any(m => m > 0))
        {
            throw new ArgumentException("The mask is 0 everywhere, so that nothing would change.");
        }
    }
}
