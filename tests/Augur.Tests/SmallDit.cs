using Augur.Catalogs;
using Augur.Decoding;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests;

/// <summary>
/// The trained DiT of the fixtures (four blocks, 8×8 cells, four channels) as a model that draws: its features move smoothly, so drafts can pass.
/// </summary>
internal static class SmallDit
{
    /// <param name="backend">Where to compute.</param>
    /// <param name="wrap">What stands before the network; null: nothing.</param>
    /// <param name="keepsModulations">Whether the network keeps modulations, so that its runs leave memory in use.</param>
    public static DiffusionModel Load(IBackend backend, Func<INetwork, INetwork>? wrap = null, bool keepsModulations = true)
    {
        var denoiser = ModelSource.Find(Fixtures.Path("models/tiny-dit")).LoadDenoiser(backend);
        ((IModulatedNetwork)denoiser).Modulations.Budget = keepsModulations ? ModulationTable.DefaultBudget : 0;
        return new DiffusionModel(
            wrap?.Invoke(denoiser) ?? denoiser,
            new FirstChannel(),
            new ClassNames([], 10),
            new GenerationDefaults(new DdimSampler(), 12, new Guidance(1.5, GuidanceChannels.FirstThree)));
    }

    /// <summary>A grey picture of the first channel.</summary>
    private sealed class FirstChannel : IDecoder
    {
        public int PixelsPerCell => 1;

        public Medium Decode(Tensor latent)
        {
            var side = latent.Shape[2];
            return new Picture(
                RgbImage.FromPixels(latent.Reshape([1, latent.Shape[1] * side * side]).Columns(0, side * side).Reshape([1, 1, side, side])).Single());
        }

        public Medium? Preview(Tensor estimate) => new Picture(LatentPreview.Draw(estimate, isPixels: false));

        public void Dispose()
        {
        }
    }
}
