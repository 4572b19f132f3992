using Augur.Decoding;

namespace Augur.Metrics;

/// <summary>
/// Differences of two pictures, value by value, over all pixels and the three channels. The figures are symmetric in their arguments.
/// </summary>
public static class PixelError
{
    /// <summary>Largest absolute difference, in levels: 0 (identical) to 255.</summary>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static int Largest(RgbImage image, RgbImage reference)
    {
        RequireSameSize("PixelError.Largest", image, reference);
        var largest = 0;
        for (var i = 0; i < image.Rgb.Length; i++)
        {
            largest = Math.Max(largest, Math.Abs(image.Rgb[i] - reference.Rgb[i]));
        }

        return largest;
    }

    /// <summary>
    /// Peak signal-to-noise ratio in decibels, 10 · log10(255² / mean squared difference): 0 (black against white) upwards; +∞ for identical
    /// pictures. Above about 40 dB differences are invisible.
    /// </summary>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static double Psnr(RgbImage image, RgbImage reference)
    {
        RequireSameSize("PixelError.Psnr", image, reference);
        var squares = 0L;
        for (var i = 0; i < image.Rgb.Length; i++)
        {
            var difference = image.Rgb[i] - reference.Rgb[i];
            squares += difference * difference;
        }

        return squares == 0 ? double.PositiveInfinity : 10 * Math.Log10(255.0 * 255.0 * image.Rgb.Length / squares);
    }

    /// <summary>The absolute difference as a picture, amplified to be visible.</summary>
    /// <param name="image">A picture.</param>
    /// <param name="reference">Of the same size.</param>
    /// <param name="amplification">Factor on the difference, at least 1; values above 255 become 255.</param>
    /// <exception cref="ArgumentException">The pictures differ in size, or the factor is below 1.</exception>
    public static RgbImage Map(RgbImage image, RgbImage reference, int amplification)
    {
        RequireSameSize("PixelError.Map", image, reference);
        ArgumentOutOfRangeException.ThrowIfLessThan(amplification, 1);
        var map = new byte[image.Rgb.Length];
        for (var i = 0; i < map.Length; i++)
        {
            map[i] = (byte)Math.Min(255, amplification * (long)Math.Abs(image.Rgb[i] - reference.Rgb[i]));
        }

        return new RgbImage(image.Width, image.Height, map);
    }

    internal static void RequireSameSize(string operation, RgbImage image, RgbImage reference)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(reference);
        if (image.Width != reference.Width || image.Height != reference.Height)
        {
            throw new ArgumentException(
                $"{operation}: pictures of {image.Width}x{image.Height} and {reference.Width}x{reference.Height} pixels cannot be compared.");
        }
    }
}
