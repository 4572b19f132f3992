using Augur.Decoding;
using Augur.Tensors;

namespace Augur.Tests.Networks;

/// <summary>Makes frames of a video's first channel: [1, channels, frames, height, width].</summary>
internal sealed class FramesOfFirstChannel : IDecoder
{
    public int PixelsPerCell => 1;

    public Medium Decode(Tensor latent)
    {
        int frames = latent.Shape[2], height = latent.Shape[3], width = latent.Shape[4];
        var grey = latent.Reshape([latent.Shape[1], frames * height * width]).Rows(0, 1).Reshape([frames, 1, height, width]);
        return new FrameSequence(RgbImage.FromPixels(grey), 8);
    }

    public Medium? Preview(Tensor estimate) => Decode(estimate);

    public void Dispose()
    {
    }
}

/// <summary>Writes a letter for each cell of the first channel; while it is being written, only the even ones.</summary>
internal sealed class LettersOfFirstChannel : IDecoder
{
    public int PixelsPerCell => 1;

    public Medium Decode(Tensor latent) => new WrittenText(LettersOf(latent));

    public Medium? Preview(Tensor estimate) => new WrittenText(string.Concat(LettersOf(estimate).Where((_, i) => i % 2 == 0)));

    public void Dispose()
    {
    }

    private static string LettersOf(Tensor latent)
    {
        var values = latent.ToArray();
        return string.Concat(values[..(values.Length / latent.Shape[1])].Select(v => (char)('a' + Math.Clamp((int)((v + 3) * 4), 0, 25))));
    }
}
