using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Requests;

/// <summary>The latent that a request's size means for a model, and how its picture is enlarged.</summary>
/// <param name="Latent">Without the batch; null: the model's own.</param>
/// <param name="Enlargement">Repetitions of each pixel per direction.</param>
internal readonly record struct DrawnSize(Shape? Latent, int Enlargement)
{
    /// <summary>For a model that draws many sizes, the latent of the one asked for; for others a whole multiple of its own size.</summary>
    /// <exception cref="ArgumentException">The model does not draw that size.</exception>
    public static DrawnSize Of(RequestDescription asked, DiffusionModel model)
    {
        var (own, cell) = (model.Denoiser.LatentShape, model.Decoder.PixelsPerCell);
        var (height, width) = (own[^2] * cell, own[^1] * cell);
        if (asked.Size is not { } size)
        {
            // A model of many sizes would take an enlarged picture, given back to be changed, for a larger one.
            var shorter = Math.Min(height, width);
            return new(
                null,
                shorter >= RequestDescription.VisibleSize || model.Denoiser.LatentMultiple > 0 ? 1
                    : (RequestDescription.VisibleSize + shorter - 1) / shorter);
        }

        return model.Denoiser.LatentMultiple is var multiple and > 0
            ? new(own.With(own.Rank - 2, CellsOf(size.Height, "height")).With(own.Rank - 1, CellsOf(size.Width, "width")), 1)
            : new(null, Multiple(asked, size, width, height));

        int CellsOf(int pixels, string side)
        {
            var step = multiple * cell;
            return pixels % step == 0 ? pixels / cell
                : throw new ArgumentException(
                    $"{asked.Spell("size")} is {size}; width and height are multiples of {step} pixels for this model, and the {side} of {pixels} is "
                    + $"none; the nearest is {Math.Max(step, (pixels + (step / 2)) / step * step)}.");
        }
    }

    private static int Multiple(RequestDescription asked, PictureSize size, int width, int height) =>
        size.Width % width == 0 && size.Height % height == 0 && size.Width / width == size.Height / height ? size.Width / width
            : throw new ArgumentException(
                $"{asked.Spell("size")} is {size}; it is {new PictureSize(width, height)}, this model's own, or a whole multiple of it "
                + $"up to {RequestDescription.MaxSize}.");
}
