using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Turns the latent that a sampler ends with into what people see or read. Any number of threads may call it.</summary>
public interface IDecoder : IDisposable
{
    /// <summary>Pixels along one side of a latent cell; 1 where there are none.</summary>
    int PixelsPerCell { get; }

    /// <summary>The output of one sample.</summary>
    /// <param name="latent">[1, channels, …].</param>
    /// <exception cref="ArgumentException">The latent has another shape.</exception>
    Medium Decode(Tensor latent);

    /// <summary>A small, cheap view of an unfinished sample, for progress displays; null: there is none.</summary>
    /// <param name="estimate">Where the sample is heading, [1, channels, …].</param>
    Medium? Preview(Tensor estimate) => null;
}
