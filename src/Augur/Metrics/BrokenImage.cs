using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>
/// Finds pictures that show nothing at all, so that a mean over pictures is not read as quality where runs have failed. The criteria are measured,
/// wide of what a picture does, and catch complete failures only: a smeared or wrong picture passes.
/// </summary>
/// <remarks>
/// A latent that is noise passes too where a decoder follows: it decodes to coloured patches whose pixels do resemble their neighbours. A NaN that
/// was decoded is a black pixel; where all are, the picture is <see cref="Breakage.Constant"/>, and where only some are, only the latent tells.
/// </remarks>
public static class BrokenImage
{
    /// <summary>A picture whose channels all deviate less than this from their means, in levels of 0 to 255, is nearly constant.</summary>
    public const double LeastDeviation = 2;

    /// <summary>Noise deviates at least this much in some channel, in levels: a plain wall under a little grain is a picture.</summary>
    public const double LeastNoiseDeviation = 16;

    /// <summary>
    /// Noise has a correlation of neighbouring pixels within ± this, across and down. White noise has 0; of the built-in model's pictures none is
    /// below 0.6.
    /// </summary>
    public const double MostNoiseCorrelation = 0.25;

    /// <summary>Shortest side, in pixels, at which noise is looked for: with fewer pixels a correlation is chance.</summary>
    public const int LeastNoiseSide = 8;

    /// <summary>Looks at a result: first at its latent, then at its picture.</summary>
    public static Breakage Find(GenerationResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var breakage = Find(result.Latent);
        return breakage == Breakage.None ? Find(result.Image) : breakage;
    }

    /// <summary>Looks at a final latent: <see cref="Breakage.NotFinite"/> or <see cref="Breakage.None"/>.</summary>
    /// <param name="latent">In any order.</param>
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
    /// Looks at a picture: <see cref="Breakage.Constant"/>, <see cref="Breakage.NearConstant"/>, <see cref="Breakage.Noise"/>or
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
    /// Correlation of neighbouring pixels, all channels together: covariance of the pairs over the variance of the picture. −1 to 1, up to the
    /// border's share; 0 for a constant picture.
    /// </summary>
    /// <param name="image">With at least one such pair.</param>
    /// <param name="means">Of the channels.</param>
    /// <param name="right">Pixels from one to its neighbour across.</param>
    /// <param name="down">Pixels from one to its neighbour down.</param>
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
