using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>
/// Detects pictures that show nothing (one colour, noise, NaN), so that failed runs are not averaged into quality figures. The thresholds are far
/// from the values of real pictures and detect complete failures only; a blurred or wrong picture passes.
/// </summary>
/// <remarks>
/// A latent of pure noise that goes through an autoencoder passes as well: it decodes to coloured patches with correlated pixels. A decoded NaN is a
/// black pixel: if all are NaN, the picture is <see cref="Breakage.Constant"/>; if only some are, only the latent shows it.
/// </remarks>
public static class BrokenImage
{
    /// <summary>Largest standard deviation of every channel of a nearly constant picture (exclusive), in levels of 0 to 255.</summary>
    public const double LeastDeviation = 2;

    /// <summary>
    /// Smallest standard deviation of noise in some channel, in levels of 0 to 255: a plain surface with slight grain is not counted as noise.
    /// </summary>
    public const double LeastNoiseDeviation = 16;

    /// <summary>
    /// Largest magnitude of the correlation of neighbouring pixels in noise, horizontally and vertically. White noise has 0; no picture of the
    /// built-in model is below 0.6.
    /// </summary>
    public const double MostNoiseCorrelation = 0.25;

    /// <summary>Smallest side in pixels at which noise is detected: correlations over fewer pixels are unreliable.</summary>
    public const int LeastNoiseSide = 8;

    /// <summary>Checks a result: first its latent, then its picture.</summary>
    public static Breakage Find(GenerationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var breakage = Find(result.Latent);
        return breakage == Breakage.None ? Find(result.Image) : breakage;
    }

    /// <summary>Checks a final latent: <see cref="Breakage.NotFinite"/> or <see cref="Breakage.None"/>.</summary>
    /// <param name="latent">The elements, in any order.</param>
    public static Breakage Find(ReadOnlySpan<float> latent)
    {
        foreach (var value in latent)
        {
            if (!float.IsFinite(value))
            {
                return Breakage.NotFinite;
            }
        }

        return Breakage.None;
    }

    /// <summary>
    /// Checks a picture: <see cref="Breakage.Constant"/>, <see cref="Breakage.NearConstant"/>, <see cref="Breakage.Noise"/> or
    /// <see cref="Breakage.None"/>.
    /// </summary>
    public static Breakage Find(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var means = ChannelMeans(image);
        var deviation = LargestDeviation(image, means);
        return deviation switch
        {
            0 => Breakage.Constant,
            < LeastDeviation => Breakage.NearConstant,
            >= LeastNoiseDeviation when IsUncorrelated(image, means) => Breakage.Noise,
            _ => Breakage.None,
        };
    }

    /// <summary>
    /// Correlation of neighbouring pixels, all channels together: covariance of the pairs over the variance of the picture. About −1 to 1 (pairs at
    /// the border are missing); 0 for a constant picture.
    /// </summary>
    /// <param name="image">A picture with at least one such pair.</param>
    /// <param name="means">Means of the three channels, in levels.</param>
    /// <param name="right">Horizontal distance of a pair in pixels.</param>
    /// <param name="down">Vertical distance of a pair in pixels.</param>
    internal static double Correlation(RgbImage image, double[] means, int right, int down)
    {
        double products = 0, squares = 0;
        var rgb = image.Rgb;
        for (var y = 0; y < image.Height; y++)
        {
            for (var i = 3 * y * image.Width; i < 3 * (y + 1) * image.Width; i++)
            {
                var value = rgb[i] - means[i % 3];
                squares += value * value;
                if (y + down < image.Height && i + (3 * right) < 3 * (y + 1) * image.Width)
                {
                    products += value * (rgb[i + (3 * ((down * image.Width) + right))] - means[i % 3]);
                }
            }
        }

        var pairs = (double)(image.Width - right) * (image.Height - down);
        return squares == 0 ? 0 : products / pairs / (squares / ((double)image.Width * image.Height));
    }

    /// <summary>Mean of red, green and blue, in levels.</summary>
    internal static double[] ChannelMeans(RgbImage image)
    {
        var sums = new long[3];
        for (var i = 0; i < image.Rgb.Length; i++)
        {
            sums[i % 3] += image.Rgb[i];
        }

        return Array.ConvertAll(sums, sum => sum / ((double)image.Width * image.Height));
    }

    private static bool IsUncorrelated(RgbImage image, double[] means) =>
        Math.Min(image.Width, image.Height) >= LeastNoiseSide
        && Math.Abs(Correlation(image, means, 1, 0)) <= MostNoiseCorrelation
        && Math.Abs(Correlation(image, means, 0, 1)) <= MostNoiseCorrelation;

    private static double LargestDeviation(RgbImage image, double[] means)
    {
        var squares = new double[3];
        for (var i = 0; i < image.Rgb.Length; i++)
        {
            var difference = image.Rgb[i] - means[i % 3];
            squares[i % 3] += difference * difference;
        }

        return Math.Sqrt(squares.Max() / ((double)image.Width * image.Height));
    }
}
