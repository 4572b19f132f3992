using Augur.Decoding;

namespace Augur.Metrics;

/// <summary>The brightness of a picture, 0 to 255, row by row and not rounded. [height, width]</summary>
internal sealed record LumaPlane(int Width, int Height, double[] Values)
{
    /// <summary>0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).</summary>
    public static LumaPlane Of(RgbImage image)
    {
        var luma = new double[image.Width * image.Height];
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = (0.299 * image.Rgb[3 * i]) + (0.587 * image.Rgb[(3 * i) + 1]) + (0.114 * image.Rgb[(3 * i) + 2]);
        }

        return new LumaPlane(image.Width, image.Height, luma);
    }

    /// <summary>The plane at half size: means of 2×2 pixels. An odd side is rounded up, with the last row or column repeated.</summary>
    public LumaPlane Halved()
    {
        var (width, height) = ((Width + 1) / 2, (Height + 1) / 2);
        var half = new double[width * height];
        for (var y = 0; y < height; y++)
        {
            var (upper, lower) = (2 * y * Width, Math.Min((2 * y) + 1, Height - 1) * Width);
            for (var x = 0; x < width; x++)
            {
                var (left, right) = (2 * x, Math.Min((2 * x) + 1, Width - 1));
                half[(y * width) + x] = (Values[upper + left] + Values[upper + right] + Values[lower + left] + Values[lower + right]) / 4;
            }
        }

        return new LumaPlane(width, height, half);
    }
}
