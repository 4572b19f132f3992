using Augur.Decoding;

namespace Augur.Metrics;

/// <summary>
/// Multi-scale structural similarity (Wang, Simoncelli and Bovik, "Multi-scale structural similarity for image quality assessment", Asilomar
/// Conference on Signals, Systems and Computers, 2003): contrast and structure at five resolutions, each half the one before, luminance at the
/// coarsest only, with the paper's weights. Closer to human judgement than <see cref="StructuralSimilarity"/>, which works at one scale.
/// </summary>
/// <remarks>
/// Luma, window and constants are those of <see cref="StructuralSimilarity"/>. Between scales, 2×2 pixels are averaged; at an odd side the last
/// pixels are repeated. As in the authors' program, the coarsest scale enters as its mean structural similarity. A negative mean, which cannot be
/// raised to a fractional power, counts as zero.
/// <para>Five scales need 161 pixels on the shorter side. A smaller picture is compared at as many scales as have room for the window of 11 pixels
/// (one at least, whose window shrinks with the picture), with the finest scales' weights divided by their sum; figures at different numbers of
/// scales are not comparable.</para>
/// </remarks>
public static class MultiScaleStructuralSimilarity
{
    // The weights of the paper, finest scale first.
    private static readonly double[] s_weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    /// <summary>The similarity: 0 to 1; exactly 1 for identical pictures.</summary>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static double Of(RgbImage image, RgbImage reference)
    {
        PixelError.RequireSameSize("MultiScaleStructuralSimilarity.Of", image, reference);
        var weights = s_weights[..Scales(image.Width, image.Height)];
        var sum = weights.Sum();
        var (x, y) = (LumaPlane.Of(image), LumaPlane.Of(reference));
        var product = 1.0;
        for (var scale = 0; scale < weights.Length; scale++)
        {
            var isCoarsest = scale == weights.Length - 1;
            var mean = WindowedSimilarity.Between(x, y);
            product *= Math.Pow(Math.Max(0, isCoarsest ? mean.Similarity : mean.ContrastStructure), weights[scale] / sum);
            (x, y) = isCoarsest ? (x, y) : (x.Halved(), y.Halved());
        }

        return product;
    }

    /// <summary>Number of scales at which a picture of this size is compared, 1 to 5.</summary>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    public static int Scales(int width, int height)
    {
        var (scales, side) = (1, (Math.Min(width, height) + 1) / 2);
        while (scales < s_weights.Length && side >= WindowedSimilarity.WindowSide)
        {
            (scales, side) = (scales + 1, (side + 1) / 2);
        }

        return scales;
    }
}
