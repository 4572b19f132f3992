namespace Augur.Pipelines;

/// <summary>How a picture that is given fits a model.</summary>
/// <param name="Factor">Pixels of the given picture to one of the model's, along each side.</param>
internal readonly record struct PictureFit(int Factor)
{
    /// <summary>Fits a picture: as it is where the model draws its size, smaller where the model draws one size and it is a multiple.</summary>
    /// <param name="model">The model.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="name">For the message: "the picture", "--init cat.png".</param>
    /// <exception cref="ArgumentException">The model does not draw that size.</exception>
    public static PictureFit Of(DiffusionModel model, int width, int height, string name)
    {
        var (own, cell) = (model.Denoiser.LatentShape, model.Decoder.PixelsPerCell);
        if (own.Rank != 3)
        {
            throw new ArgumentException($"{name}: this model draws latents {own}, which are no pictures.");
        }

        var (ownHeight, ownWidth) = (own[1] * cell, own[2] * cell);
        if (model.Denoiser.LatentMultiple is var multiple and > 0)
        {
            var step = multiple * cell;
            return width % step == 0 && height % step == 0 ? new(1)
                : throw new ArgumentException(
                    $"{name} is {width}x{height} pixels; both sides are multiples of {step} for this model, such as "
                    + $"{Math.Max(1, (width + (step / 2)) / step) * step}x{Math.Max(1, (height + (step / 2)) / step) * step}.");
        }

        return width % ownWidth == 0 && height % ownHeight == 0 && width / ownWidth == height / ownHeight ? new(width / ownWidth)
            : throw new ArgumentException(
                $"{name} is {width}x{height} pixels; this model draws {ownWidth}x{ownHeight}, and takes whole multiples of that.");
    }
}
