using Augur.Decoding;
using Augur.Tensors;

namespace Augur.Tests;

/// <summary>A grey picture of the first channel.</summary>
internal sealed class FirstChannel : IDecoder
{
    public int PixelsPerCell => 1;

    public Medium Decode(Tensor latent)
    {
        int height = latent.Shape[2], width = latent.Shape[3];
        var first = latent.Reshape([1, latent.Shape[1] * height * width]).Columns(0, height * width);
        return new Picture(RgbImage.FromPixels(first.Reshape([1, 1, height, width])).Single());
    }

    public void Dispose()
    {
    }
}
