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
    /// <summary>The similarity, the mean over all positions of the window: −1 to 1; exactly 1 for identical pictures.</summary>
    /// <exception cref="ArgumentException">The pictures differ in size.</exception>
    public static double Of(RgbImage image, RgbImage reference)
    {
        PixelError.RequireSameSize("StructuralSimilarity.Of", image, reference);
        return WindowedSimilarity.Between(LumaPlane.Of(image), LumaPlane.Of(reference)).Similarity;
    }
}
