using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.ZImage;

/// <summary>
/// What a Z-Image transformer tells of itself: a chain of blocks over one stream of the picture's tokens, those that fill it up, and the text's. Its
/// refiners stand before the chain: those of the picture are run in every call that is not answered as a whole, those of the text once a text.
/// FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class ZImageMap
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="grid">The picture's tokens, [rows, columns].</param>
    /// <param name="text">The text's tokens, with what it is filled up by.</param>
    public static NetworkMap Of(ZImageConfig config, Shape grid, int text)
    {
        var images = checked((int)grid.ElementCount);
        long c = config.HiddenSize, filled = ZImageConfig.Filled(images), n = filled + text;
        Shape stream = [checked((int)n), config.HiddenSize];
        long time = ((long)ZImageConfig.FrequencyCount * config.TimeSize) + ((long)config.TimeSize * config.VectorSize);
        var refiner = (4L * config.VectorSize * c) + (filled * ((4 * c * c) + (2 * filled * c) + (3 * c * config.MlpSize)));
        var final = ((long)config.VectorSize * c) + (images * c * config.InChannels);
        var sites = new List<NetworkSite>
        {
            new(
                Site.Output,
                stream,
                [images, config.InChannels],
                2 * (time + (images * c * config.InChannels) + (config.NoiseRefinerCount * refiner) + final),
                0)
            {
                Signals = [Signal.NetworkInput],
            },
            new(Site.Span(0, config.BlockCount), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        };
        for (var layer = 0; layer < config.BlockCount; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 2 * 4L * config.VectorSize * c, 0)); // its modulation
            sites.Add(new(Site.Attention(layer), stream, stream, 2 * 2 * n * c * c, 2 * ((2 * c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            });
            sites.Add(new(Site.Mlp(layer), stream, stream, 0, 2 * 3 * c * config.MlpSize));
        }

        // What fills the picture up stands with the text, so that the picture remains a grid.
        var rest = stream[0] - images;
        return new NetworkMap(
            sites,
            [new TokenRange(TokenGroup.Image, 0, images, grid), new TokenRange(TokenGroup.Text, images, rest, [rest])],
            Enumerable.Range(1, config.BlockCount - 1));
    }

    /// <summary>
    /// Places on three axes: the text's tokens one after the other from 1 on, then the picture behind them with its rows and columns; what fills the
    /// picture up at the origin.
    /// </summary>
    /// <param name="grid">The picture's tokens.</param>
    /// <param name="ownText">Tokens of the row's text, with those that are attended to.</param>
    /// <param name="text">Tokens of text in the stream.</param>
    public static int[] Places(Shape grid, int ownText, int text)
    {
        var (images, filled) = ((int)grid.ElementCount, ZImageConfig.Filled((int)grid.ElementCount));
        var places = new int[3 * (filled + text)];
        for (var token = 0; token < images; token++)
        {
            (places[3 * token], places[(3 * token) + 1], places[(3 * token) + 2]) = (ownText + 1, token / grid[1], token % grid[1]);
        }

        for (var token = 0; token < ownText; token++)
        {
            places[3 * (filled + token)] = token + 1;
        }

        return places;
    }
}
