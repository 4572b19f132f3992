namespace Augur.Metrics;

/// <summary>
/// What structural similarity compares at every place of a Gaussian window of 11×11 pixels, σ = 1.5: means, variances and the covariance, with
/// the constants K1 = 0.01, K2 = 0.03 for a range of 255.
/// </summary>
/// <remarks>The window stays inside the picture. Where a side is shorter than the window, the window has that side's length.</remarks>
/// <param name="Similarity">Mean of luminance · contrast · structure, −1 to 1.</param>
/// <param name="ContrastStructure">Mean of contrast · structure, −1 to 1.</param>
internal readonly record struct WindowedSimilarity(double Similarity, double ContrastStructure)
{
    /// <summary>Pixels along a side of the window.</summary>
    public const int WindowSide = 11;

    private const double Sigma = 1.5;
    private const double C1 = 0.01 * 255 * (0.01 * 255);
    private const double C2 = 0.03 * 255 * (0.03 * 255);

    /// <summary>Compares two planes of the same size.</summary>
    public static WindowedSimilarity Between(LumaPlane a, LumaPlane b)
    {
        var (across, down) = (Window(a.Width), Window(a.Height));
        double[] Blur(double[] plane) => Blurred(plane, a.Width, a.Height, across, down);

        var (x, y) = (a.Values, b.Values);
        var (meanX, meanY) = (Blur(x), Blur(y));
        var (squaresX, squaresY, products) = (Blur(Times(x, x)), Blur(Times(y, y)), Blur(Times(x, y)));
        double similarity = 0, contrastStructure = 0;
        for (var i = 0; i < meanX.Length; i++)
        {
            var (mx, my) = (meanX[i], meanY[i]);
            var (varianceX, varianceY, covariance) = (squaresX[i] - (mx * mx), squaresY[i] - (my * my), products[i] - (mx * my));
            similarity += ((2 * mx * my) + C1) * ((2 * covariance) + C2) / (((mx * mx) + (my * my) + C1) * (varianceX + varianceY + C2));
            contrastStructure += ((2 * covariance) + C2) / (varianceX + varianceY + C2);
        }

        return new WindowedSimilarity(similarity / meanX.Length, contrastStructure / meanX.Length);
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
