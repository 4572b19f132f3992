using Augur.Caching;

namespace Augur.Models.Dit;

/// <summary>
/// What a DiT tells of itself: whole network, chain of blocks, two branches in each. FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class DitMap
{
    /// <summary>The same for every request: a DiT draws one size, and its condition is no sequence.</summary>
    public static NetworkMap Of(DitConfig config)
    {
        long n = config.TokenCount, c = config.HiddenSize, patch = config.PatchSize * config.PatchSize, frequencies = DitConfig.FrequencyCount;
        Tensors.Shape stream = [config.TokenCount, config.HiddenSize], output = [config.TokenCount, (int)patch * config.OutChannels];
        var embedders = (n * patch * config.InChannels * c) + (frequencies * c) + (c * c);
        var finalLayer = (2 * c * c) + (n * c * patch * config.OutChannels);
        var sites = new List<NetworkSite>
        {
            new(Site.Output, stream, output, 2 * (embedders + finalLayer), 0) { Signals = [Signal.NetworkInput] },
            new(Site.Span(0, config.Depth), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        };
        for (var layer = 0; layer < config.Depth; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 2 * 6 * c * c, 0)); // its modulation
            sites.Add(new(Site.Attention(layer), stream, stream, 2 * 2 * n * c * c, 2 * ((2 * c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            });
            sites.Add(new(Site.Mlp(layer), stream, stream, 0, 2 * 8 * c * c));
        }

        return new NetworkMap(
            sites,
            [new TokenRange(TokenGroup.All, 0, config.TokenCount, [config.GridSize, config.GridSize])],
            Enumerable.Range(1, config.Depth - 1),
            Enumerable.Range(0, output[1]).Select(i => i % config.OutChannels < config.InChannels));
    }
}
