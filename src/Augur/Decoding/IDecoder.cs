using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Turns a final latent into the output: a picture, frames or text. Any number of threads may call it.</summary>
public interface IDecoder : IDisposable
{
    /// <summary>Pixels per latent cell along each side; 1 for media without pixels.</summary>
    int PixelsPerCell { get; }

    /// <summary>Decodes the latent of one sample.</summary>
    /// <param name="latent">[1, channels, …].</param>
    /// <exception cref="ArgumentException">The latent has another shape.</exception>
    Medium Decode(Tensor latent);

    /// <summary>A small, cheap preview of an unfinished sample, for progress displays; null if the decoder has none.</summary>
    /// <param name="estimate">Current estimate of the final latent x₀, [1, channels, …].</param>
    Medium? Preview(Tensor estimate) => null;
}
