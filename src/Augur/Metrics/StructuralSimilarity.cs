using Augur.Decoding;

namespace Augur.Metrics;

/// <summary>
/// Structural similarity (Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity",
/// IEEE Transactions on Image Processing 13(4), 2004), with the paper's constants: Gaussian window of 11×11 pixels with σ = 1.5, K1 = 0.01,
/// K2 = 0.03, range 255.
/// </summary>
/// <remarks>
/// Measured on luma, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), not rounded, at full resolution; the window stays inside the picture, as
/// in the authors' program. Where a side is shorter than the window, the window has that side's length.
/// </remarks>
public static class StructuralSimilarity
{
    private const int WindowSide = 11;
    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 255 * (0.01 * 255);
    private const double C2 = 0.03 * 255 * (0.03 * 255);

    /// <summary>Mean over all places of the window: −1 to 1; exactly 1 for identical pictures.</summary>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static double Of(RgbImage image, RgbImage reference)
    {
        PixelError.RequireSameSize("StructuralSimilarity.Of", image, reference);
        var (across, down) = (Window(image.Width), Window(image.Height));
        double[] Blur(double[] plane) => Blurred(plane, image.Width, image.Height, across, down);

        var (x, y) = (Luma(image), Luma(reference));
        var (meanX, meanY) = (Blur(x), Blur(y));
        var (squaresX, squaresY, products) = (Blur(Times(x, x)), Blur(Times(y, y)), Blur(Times(x, y)));
        var sum = 0.0;
        for (var i = 0; i < meanX.Length; i++)
        {
            var (mx, my) = (meanX[i], meanY[i]);
            var (varianceX, varianceY, covariance) = (squaresX[i] - (mx * mx), squaresY[i] - (my * my), products[i] - (mx * my));
            sum += ((2 * mx * my) + C1) * ((2 * covariance) + C2) / (((mx * mx) + (my * my) + C1) * (varianceX + varianceY + C2));
        }

        return sum / meanX.Length;
    }

    // Gaussian weights that add up to 1, as many as fit.
    private static double[] Window(int side)
    {
        var weights = new double[Math.Min(WindowSide, side)];
        for (var i = 0; i < weights.Length; i++)
        {
            var distance = i - ((weights.Length - 1) / 2.0);
            weights[i] = Math.Exp(-distance * distance / (2 * Sigma * Sigma));
        }

        var sum = weights.Sum();
        return Array.ConvertAll(weights, w => w / sum);
    }

    // The Gaussian window is a product of one across and one down. [height − down + 1, width − across + 1]
    private static double[] Blurred(double[] plane, int width, int height, double[] across, double[] down)
    {
        var (columns, rows) = (width - across.Length + 1, height - down.Length + 1);
        var narrow = new double[height * columns];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                narrow[(row * columns) + column] = Weighted(plane, (row * width) + column, 1, across);
            }
        }

        var blurred = new double[rows * columns];
        for (var i = 0; i < blurred.Length; i++)
        {
            blurred[i] = Weighted(narrow, i, columns, down);
        }

        return blurred;
    }

    private static double Weighted(double[] values, int start, int stride, double[] weights)
    {
        var sum = 0.0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * values[start + (i * stride)];
        }

        return sum;
    }

    private static double[] Luma(RgbImage image)
    {
        var luma = new double[image.Width * image.Height];
        for (var i = 0; i < luma.Length; i++)
        {
            luma[i] = (0.299 * image.Rgb[3 * i]) + (0.587 * image.Rgb[(3 * i) + 1]) + (0.114 * image.Rgb[(3 * i) + 2]);
        }

        return luma;
    }

    private static double[] Times(double[] a, double[] b)
    {
        var products = new double[a.Length];
        for (var i = 0; i < a.Length; i++)
        {
            products[i] = a[i] * b[i];
        }

        return products;
    }
}
