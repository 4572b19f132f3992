using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.PixArt;

/// <summary>
/// What a PixArt transformer tells of itself: a chain of blocks over the picture's tokens, with three branches in each; the caption is not part of
/// the stream. FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class PixArtMap
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="grid">The picture's tokens, [rows, columns].</param>
    /// <param name="text">Tokens that the text counts as.</param>
    public static NetworkMap Of(PixArtConfig config, Shape grid, int text)
    {
        long n = grid.ElementCount, c = config.HiddenSize, patch = (long)config.PatchSize * config.PatchSize;
        Shape stream = [(int)n, config.HiddenSize], output = [(int)n, (int)patch * config.OutChannels];
        var sites = new List<NetworkSite>
        {
            new(Site.Output, stream, output, 2 * (Embedders(config) + (n * patch * config.InChannels * c) + (n * c * output[1])), 0)
            {
                Signals = [Signal.NetworkInput],
            },
            new(Site.Span(0, config.Depth), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        };
        for (var layer = 0; layer < config.Depth; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 0, 0));
            sites.Add(new(Site.Attention(layer), stream, stream, 2 * 2 * n * c * c, 2 * ((2 * c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            });
            sites.Add(new(Site.CrossAttention(layer), stream, stream, 2 * 2 * text * c * c, 2 * ((2 * c * c) + (2 * text * c)))
            {
                Signals = [Signal.TextEntropy],
            });
            sites.Add(new(Site.Mlp(layer), stream, stream, 0, 2 * 2 * c * config.MlpSize));
        }

        return new NetworkMap(
            sites,
            [new TokenRange(TokenGroup.All, 0, (int)n, grid)],
            Enumerable.Range(1, config.Depth - 1),
            Enumerable.Range(0, output[1]).Select(i => i % config.OutChannels < config.InChannels));
    }

    // Of timestep and size, and the modulation that all blocks share; that of the caption is run once, when it is encoded.
    private static long Embedders(PixArtConfig config)
    {
        long c = config.HiddenSize, third = c / 3, frequencies = PixArtConfig.FrequencyCount;
        var size = config.HasSizeConditions ? 3 * ((frequencies * third) + (third * third)) : 0;
        return (frequencies * c) + (c * c) + (6 * c * c) + size;
    }
}
