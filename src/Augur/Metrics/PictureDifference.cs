using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>The difference between a picture and the picture of the reference run with the same seed.</summary>
/// <remarks>
/// PSNR and SSIM are 0 if a latent is not finite or both pictures have a single colour, so that two failed runs do not count as equal.
/// </remarks>
/// <param name="Psnr">Peak signal-to-noise ratio in decibels; +∞ for identical pictures. See <see cref="PixelError.Psnr"/>.</param>
/// <param name="Ssim">Structural similarity, −1 to 1; 1 for identical pictures. See <see cref="StructuralSimilarity"/>.</param>
/// <param name="LargestError">Largest difference of a colour value, in levels of 0 to 255.</param>
/// <param name="LatentError">Relative error of the final latent, ‖a − b‖ / ‖b‖.</param>
public sealed record PictureDifference(double Psnr, double Ssim, int LargestError, double LatentError)
{
    /// <summary>Largest value that a PSNR contributes to a mean, in decibels, since identical pictures have +∞.</summary>
    public const double PsnrCap = 100;

    /// <summary>PSNR limited to <see cref="PsnrCap"/>, for means.</summary>
    public double CappedPsnr => Math.Min(Psnr, PsnrCap);

    /// <summary>Compares two results.</summary>
    /// <exception cref="ArgumentException">Pictures or latents differ in size.</exception>
    public static PictureDifference Between(GenerationResult result, GenerationResult reference) =>
        Between(result.NotNull().Image, result.Latent, reference.NotNull().Image, reference.Latent);

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
