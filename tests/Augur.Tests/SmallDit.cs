using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Decoding;
using Augur.Models;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests;

/// <summary>The trained DiT of the fixtures (four blocks, 8×8 cells, four channels) as a model that draws: its features move smoothly, so drafts can pass.</summary>
internal static class SmallDit
{
    public static DiffusionModel Load(IBackend backend, Func<INetwork, INetwork>? wrap = null)
    {
        var denoiser = ModelSource.Find(Fixtures.Path("models/tiny-dit")).LoadDenoiser(backend);
        return new DiffusionModel(
            wrap?.Invoke(denoiser) ?? denoiser,
            new FirstChannel(),
            new ClassNames([]),
            new GenerationDefaults(new DdimSampler(), 12, new Guidance(1.5, GuidanceChannels.FirstThree)));
    }

    /// <summary>A grey picture of the first channel.</summary>
    private sealed class FirstChannel : IImageDecoder
    {
        public int PixelsPerCell => 1;

        public RgbImage[] Decode(Tensor latents)
        {
            int batch = latents.Shape[0], side = latents.Shape[2];
            return RgbImage.FromPixels(latents.Reshape([batch, latents.Shape[1] * side * side]).Columns(0, side * side).Reshape([batch, 1, side, side]));
        }

        public void Dispose()
        {
        }
    }
}
