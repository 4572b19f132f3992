using Augur.Caching;
using Augur.Conditioning;

namespace Augur.Pipelines;

/// <summary>A picture that requests begin with, encoded once for all of them.</summary>
/// <param name="Source">The picture as a latent, with its mask.</param>
/// <param name="Region">What changes, in pixels; null: all of it.</param>
/// <param name="Inpainted">What an inpainting network reads: latent of the masked picture, and the mask; null: the network reads none.</param>
/// <param name="Model">Whose.</param>
internal sealed record PictureStart(
    SourcePicture Source, EditRegion? Region, (ReferenceLatent Masked, float[] Mask)? Inpainted, DiffusionModel Model)
{
    /// <summary>A request that begins with it.</summary>
    public GenerationRequest Of(GenerationRequest request) => request with
    {
        Source = Source,
        LatentShape = Source.Latent.Shape,
        Region = Region,
        Condition = Inpainted is { } read ? Model.Denoiser.Inpaint(request.Condition, read.Masked, read.Mask) : request.Condition,
    };
}
