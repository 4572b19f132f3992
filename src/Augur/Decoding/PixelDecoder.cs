using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>For models that work on pixels: the latent is the picture, [batch, 3 (or 1, grey), height, width] in [−1, 1].</summary>
public sealed class PixelDecoder : IDecoder, ILatentEncoder
{
    /// <inheritdoc/>
    public int PixelsPerCell => 1;

    /// <inheritdoc/>
    public Medium Decode(Tensor latent) => new Picture(RgbImage.FromPixels(latent).Single());

    /// <inheritdoc/>
    public Medium? Preview(Tensor estimate) => new Picture(LatentPreview.Draw(estimate, isPixels: true));

    /// <inheritdoc/>
    public Tensor EncodeLatents(Tensor pixels)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        return pixels.Shape.Rank == 4 ? pixels.Copy() : throw new ArgumentException($"Encode: {pixels.Shape} is not [batch, 3, height, width].");
    }

    /// <summary>Does nothing: there is nothing to release.</summary>
    public void Dispose()
    {
    }
}
