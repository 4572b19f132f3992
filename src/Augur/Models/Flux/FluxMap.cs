using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>
/// What a FLUX transformer tells of itself: one chain of blocks over one stream in which the picture's tokens come first and the text's behind them.
/// FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class FluxMap
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="grid">The picture's tokens, [rows, columns].</param>
    /// <param name="text">The text's tokens, with what it is filled up by.</param>
    public static NetworkMap Of(FluxConfig config, Shape grid, int text)
    {
        long c = config.HiddenSize, mlp = config.MlpSize, image = grid.ElementCount, n = image + text;
        Shape stream = [checked((int)n), config.HiddenSize], output = [(int)image, config.InChannels];
        var sites = new List<NetworkSite>
        {
            new(Site.Output, stream, output, 2 * (Embedders(config) + (2 * image * config.InChannels * c) + (2 * c * c)), 0)
            {
                Signals = [Signal.NetworkInput],
            },
            new(Site.Span(0, config.BlockCount), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        };
        for (var layer = 0; layer < config.DoubleBlockCount; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 2 * 12 * c * c, 0)); // the modulation of both groups

            // Each group is charged for the keys and values of its own tokens, which the other reads as well.
            sites.AddRange(Groups().Select(g => new NetworkSite(
                Site.Attention(layer, g.Group), stream, g.Tokens, 2 * 2 * g.Tokens[0] * c * c, 2 * ((2 * c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            }));
            sites.AddRange(Groups().Select(g => new NetworkSite(Site.Mlp(layer, g.Group), g.Tokens, g.Tokens, 0, 2 * 2 * c * mlp)));
        }

        for (var layer = config.DoubleBlockCount; layer < config.BlockCount; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 2 * 3 * c * c, 0));
            sites.Add(new(Site.Fused(layer), stream, stream, 2 * 2 * n * c * c, 2 * ((2 * c * c) + (2 * n * c) + (2 * c * mlp))));
        }

        return new NetworkMap(
            sites,
            [new TokenRange(TokenGroup.Image, 0, (int)image, grid), new TokenRange(TokenGroup.Text, (int)image, text, [text])],
            Enumerable.Range(1, config.BlockCount - 1));

        (TokenGroup Group, Shape Tokens)[] Groups() =>
            [(TokenGroup.Image, [(int)image, config.HiddenSize]), (TokenGroup.Text, [text, config.HiddenSize])];
    }

    // Of the timestep and the guidance; those of the text are run once, when it is encoded.
    private static long Embedders(FluxConfig config)
    {
        long c = config.HiddenSize;
        return ((FluxConfig.FrequencyCount * c) + (c * c)) * (config.HasGuidance ? 2 : 1);
    }
}
