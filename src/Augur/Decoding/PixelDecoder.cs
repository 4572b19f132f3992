using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>For models that work on pixels: the latent is the picture, [batch, 3 (or 1, grey), height, width] in [−1, 1].</summary>
public sealed class PixelDecoder : IImageDecoder
{
    /// <inheritdoc/>
    public int PixelsPerCell => 1;

    /// <inheritdoc/>
    public RgbImage[] Decode(Tensor latents) => RgbImage.FromPixels(latents);

    /// <summary>Nothing to release.</summary>
    public void Dispose()
    {
    }
}
