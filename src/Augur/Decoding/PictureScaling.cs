namespace Augur.Decoding;

/// <summary>
/// Scales pictures bilinearly; where one gets smaller, every pixel of the original counts (a triangle as wide as two pixels of the coarser grid, as
/// PIL's BILINEAR has it).
/// </summary>
internal static class PictureScaling
{
    /// <summary>A picture of another size.</summary>
    public static RgbImage Scaled(RgbImage picture, int width, int height)
    {
        if ((picture.Width, picture.Height) == (width, height))
        {
            return picture;
        }

        var values = new double[picture.Rgb.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = picture.Rgb[i];
        }

        var wide = Along(values, picture.Height, picture.Width, 3, width);      // [height, width, 3]
        var scaled = Along(wide, 1, picture.Height, 3 * width, height);         // rows as points of 3 · width values
        return new RgbImage(width, height, Array.ConvertAll(scaled, v => (byte)Math.Clamp(Math.Round(v, MidpointRounding.AwayFromZero), 0, 255)));
    }

    // [lines, from, values] → [lines, to, values].
    private static double[] Along(double[] source, int lines, int from, int values, int to)
    {
        var target = new double[lines * to * values];
        var scale = (double)from / to;
        var reach = Math.Max(1, scale);
        for (var i = 0; i < to; i++)
        {
            var middle = ((i + 0.5) * scale) - 0.5;
            var (first, last) = (Math.Max(0, (int)Math.Ceiling(middle - reach)), Math.Min(from - 1, (int)Math.Floor(middle + reach)));
            var weights = Enumerable.Range(first, last - first + 1).Select(at => Math.Max(0, 1 - (Math.Abs(at - middle) / reach))).ToArray();
            var sum = weights.Sum();
            for (var line = 0; line < lines; line++)
            {
                var result = target.AsSpan(((line * to) + i) * values, values);
                for (var at = first; at <= last; at++)
                {
                    Add(result, source.AsSpan(((line * from) + at) * values, values), weights[at - first] / sum);
                }
            }
        }

        return target;
    }

    private static void Add(Span<double> sum, ReadOnlySpan<double> values, double weight)
    {
        for (var i = 0; i < sum.Length; i++)
        {
            sum[i] += weight * values[i];
        }
    }
}
