using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>Latents of any rank, with and without the batch.</summary>
internal static class LatentShapes
{
    /// <summary>[channels, …] → [1, channels, …].</summary>
    public static Shape OfOne(this Shape latent) => new([1, .. Enumerable.Range(0, latent.Rank).Select(axis => latent[axis])]);
}
