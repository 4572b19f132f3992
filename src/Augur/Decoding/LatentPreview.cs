using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>A small picture of an unfinished latent, one pixel per latent cell, for progress displays. Not a decoding.</summary>
internal static class LatentPreview
{
    /// <summary>Draws the preview of one latent; reads from the device.</summary>
    /// <param name="latent">[1, channels, height, width].</param>
    /// <param name="isPixels">
    /// Whether the latent is the picture itself, as <see cref="PixelDecoder"/> takes it: shown as it is. Otherwise the first three channels (of one
    /// or two, the first) are shown as red, green and blue, each stretched so that two standard deviations around its mean span the full range: the
    /// preview shows shapes and positions, but its colours are arbitrary.
    /// </param>
    /// <exception cref="ArgumentException">The tensor has another shape.</exception>
    public static RgbImage Draw(Tensor latent, bool isPixels)
    {
        ArgumentNullException.ThrowIfNull(latent);
        if (latent.Shape.Rank != 4 || latent.Shape[0] != 1 || latent.Shape[1] < 1)
        {
            throw new ArgumentException($"LatentPreview: {latent.Shape} is not [1, channels, height, width].");
        }

        using var scope = TensorScope.Begin();
        return RgbImage.FromPixels(isPixels ? latent : Stretched(latent))[0];
    }

    private static Tensor Stretched(Tensor latent)
    {
        int height = latent.Shape[2], width = latent.Shape[3];
        var channels = latent.Shape[1] < 3 ? 1 : 3;
        var values = latent.Reshape([latent.Shape[1], height * width]).Rows(0, channels).ToArray();
        for (var c = 0; c < channels; c++)
        {
            Stretch(values.AsSpan(c * height * width, height * width));
        }

        return Tensor.From(latent.Backend, values, [1, channels, height, width]);
    }

    private static void Stretch(Span<float> channel)
    {
        double sum = 0, squares = 0;
        foreach (var value in channel)
        {
            sum += value;
            squares += (double)value * value;
        }

        var mean = sum / channel.Length;
        var deviation = Math.Sqrt(Math.Max(0, (squares / channel.Length) - (mean * mean)));
        var factor = deviation > 0 ? 1 / (2 * deviation) : 0;
        foreach (ref var value in channel)
        {
            value = (float)((value - mean) * factor);
        }
    }
}
