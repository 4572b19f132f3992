using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Tensors;

namespace Augur.Cli.Commands.Edit;

/// <summary>A picture before and after an edit.</summary>
/// <param name="Before">As the model decodes its latent.</param>
/// <param name="Result">After.</param>
/// <param name="Inversion">What it began with.</param>
/// <param name="Difference">Of the result from what was before.</param>
/// <param name="ChangedOutside">Largest difference of the latent where the mask is 0; 0 without a mask.</param>
internal sealed record EditedPicture(
    RgbImage Before, GenerationResult Result, GenerationResult Inversion, PictureDifference Difference, double ChangedOutside)
{
    public static EditedPicture Of(DiffusionModel model, GenerationResult result, GenerationResult inversion)
    {
        var source = result.Request.Source!;
        using var scope = TensorScope.Begin();
        var shape = source.Latent.Shape;
        var latent = Tensor.From(model.Denoiser.Backend, source.Latent.Values.AsSpan(), [1, shape[0], shape[1], shape[2]]);
        var before = ((Picture)model.Decoder.Decode(latent)).Image;
        double outside = 0;
        for (var i = 0; i < result.Latent.Length && !source.Mask.IsDefaultOrEmpty; i++)
        {
            var change = Math.Abs((double)result.Latent[i] - source.Latent.Values[i]);
            outside = source.Mask[i % source.Mask.Length] == 0 ? Math.Max(outside, change) : outside;
        }

        return new(
            before, result, inversion, PictureDifference.Between(result.Image, result.Latent, before, source.Latent.Values.AsSpan()), outside);
    }
}
