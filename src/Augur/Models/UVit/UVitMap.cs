using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UVit;

/// <summary>
/// What a U-ViT tells of itself: whole network, blocks with two branches each. Its blocks are no chain, as the second half also reads what the first
/// made. FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class UVitMap
{
    public static NetworkMap Of(UVitConfig config)
    {
        long n = config.ExtraTokens + config.PatchCount, c = config.HiddenSize, patches = config.PatchCount, numbers = config.PatchChannels;
        Shape stream = [(int)n, (int)c];
        var around = (2 * patches * numbers * c) + (config.HasTimeMaps ? 2 * 4 * c * c : 0)
            + (config.HasFinalConvolution ? 9L * config.InputSize * config.InputSize * config.InChannels * config.InChannels : 0);
        var sites = new List<NetworkSite>
        {
            new(Site.Output, stream, [(int)patches, (int)numbers], 2 * around, 0) { Signals = [Signal.NetworkInput] },
        };
        for (var layer = 0; layer < config.BlockCount; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, layer > config.Depth / 2 ? 2 * 2 * n * c * c : 0, 0)); // of its skip connection
            sites.Add(new(Site.Attention(layer), stream, stream, 2 * 2 * n * c * c, 2 * ((2 * c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            });
            sites.Add(new(Site.Mlp(layer), stream, stream, 0, 2 * 2 * c * config.MlpSize));
        }

        return new NetworkMap(
            sites,
            [
                new TokenRange(TokenGroup.Text, 0, config.ExtraTokens, [config.ExtraTokens]),
                new TokenRange(TokenGroup.Image, config.ExtraTokens, config.PatchCount, [config.GridSize, config.GridSize]),
            ],
            []);
    }
}
