using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>How far a picture is from the picture of the same seed that the reference run drew.</summary>
/// <remarks>Two pictures that show nothing are not alike: where a latent is not finite, or both pictures are of one colour, PSNR and SSIM are
/// 0.</remarks>
/// <param name="Psnr">In decibels; +∞ for identical pictures. See <see cref="PixelError.Psnr"/>.</param>
/// <param name="Ssim">−1 to 1; 1 for identical pictures. See <see cref="StructuralSimilarity"/>.</param>
/// <param name="LargestError">In levels of 0 to 255.</param>
/// <param name="LatentError">Of the final latent, ‖a − b‖ / ‖b‖.</param>
public sealed record PictureDifference(double Psnr, double Ssim, int LargestError, double LatentError)
{
    /// <summary>What an identical picture, or one nearly so, counts in a mean of PSNR values: 100 dB.</summary>
    public const double PsnrCap = 100;

    /// <summary>PSNR as it enters a mean: at most <see cref="PsnrCap"/>.</summary>
    public double CappedPsnr => Math.Min(Psnr, PsnrCap);

    /// <summary>Compares two results.</summary>
    /// <exception cref="ArgumentException">Pictures or latents differ in size.</exception>
    public static PictureDifference Between(GenerationResult result, GenerationResult reference) =>
        Between(result.Image, result.Latent, reference.Image, reference.Latent);

    /// <summary>Compares a picture and its final latent with those of a reference.</summary>
    /// <exception cref="ArgumentException">Pictures or latents differ in size.</exception>
    public static PictureDifference Between(RgbImage image, ReadOnlySpan<float> latent, RgbImage reference, ReadOnlySpan<float> referenceLatent)
    {
        var (largest, error) = (PixelError.Largest(image, reference), Metrics.LatentError.Relative(latent, referenceLatent));
        var showsNothing = BrokenImage.Find(latent) != Breakage.None || BrokenImage.Find(referenceLatent) != Breakage.None
            || (BrokenImage.Find(image) == Breakage.Constant && BrokenImage.Find(reference) == Breakage.Constant);
        return showsNothing
            ? new(0, 0, largest, error)
            : new(PixelError.Psnr(image, reference), StructuralSimilarity.Of(image, reference), largest, error);
    }
}
