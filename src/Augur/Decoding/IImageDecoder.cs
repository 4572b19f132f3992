using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Turns the latent that a sampler ends with into pictures. Any number of threads may call it.</summary>
public interface IImageDecoder : IDisposable
{
    /// <summary>Pixels along one side of a latent cell.</summary>
    int PixelsPerCell { get; }

    /// <summary>The pictures of a batch, in its order.</summary>
    /// <param name="latents">[batch, channels, height, width], in latent cells.</param>
    RgbImage[] Decode(Tensor latents);
}
