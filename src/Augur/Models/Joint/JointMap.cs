using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>What the map of a joint stream follows from.</summary>
internal sealed record JointMapSizes
{
    /// <summary>Channels of the stream.</summary>
    public required int Channels { get; init; }

    /// <summary>Width of the feed-forward.</summary>
    public required int MlpSize { get; init; }

    /// <summary>Whether its first map gives a gate beside the values.</summary>
    public bool IsGated { get; init; }

    /// <summary>Blocks in which picture and text have weights of their own.</summary>
    public required int DoubleBlockCount { get; init; }

    /// <summary>Blocks in which they share them.</summary>
    public int SingleBlockCount { get; init; }

    /// <summary>Channels of a token of the latent.</summary>
    public required int InChannels { get; init; }

    /// <summary>Channels of a token of the output.</summary>
    public required int OutChannels { get; init; }

    /// <summary>FLOPs of the embedders of timestep and guidance; those of text and referred pictures are run once, when they are encoded.</summary>
    public required long EmbedderFlops { get; init; }

    /// <summary>Whether all blocks share their modulation.</summary>
    public bool SharesModulation { get; init; }

    /// <summary>Times at which the picture's tokens stand: 2 where pictures that are referred to stand at another.</summary>
    public int ImageTimes { get; init; } = 1;
}

/// <summary>
/// What a network of a joint stream tells of itself: one chain of blocks over one stream in which the picture's tokens come first and the text's
/// behind them. FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class JointMap
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="sizes">Sizes.</param>
    /// <param name="grid">The picture's tokens, [rows, columns], or with frames before the rows.</param>
    /// <param name="references">Tokens of pictures that are referred to; they belong to the picture's group.</param>
    /// <param name="text">The text's tokens, with what it is filled up by.</param>
    public static NetworkMap Of(JointMapSizes sizes, Shape grid, int references, int text)
    {
        var ranges = JointStream.Ranges(grid, references, text);
        long c = sizes.Channels, image = grid.ElementCount, n = ranges.Sum(r => (long)r.Count);
        var hidden = (sizes.IsGated ? 3L : 2L) * c * sizes.MlpSize;
        Shape stream = [checked((int)n), sizes.Channels];
        var outer = sizes.EmbedderFlops + (2 * image * c * sizes.InChannels) + (2 * 2 * c * c)
            + (sizes.SharesModulation ? 2 * 15 * c * c : 0); // in front of the blocks: twice 6 vectors, and 3
        var sites = new List<NetworkSite>
        {
            new(Site.Output, stream, [(int)image, sizes.OutChannels], outer + (2 * image * c * sizes.OutChannels), 0)
            {
                Signals = [Signal.NetworkInput],
            },
            new(Site.Span(0, sizes.DoubleBlockCount + sizes.SingleBlockCount), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        };
        for (var layer = 0; layer < sizes.DoubleBlockCount; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 0, 0));
            if (!sizes.SharesModulation)
            {
                sites.Add(Modulation(Site.Modulation(layer, TokenGroup.Image), sizes.ImageTimes, branches: 2));
                sites.Add(Modulation(Site.Modulation(layer, TokenGroup.Text), 1, branches: 2));
            }

            // Each group is charged for the keys and values of its own tokens, which the other reads as well.
            sites.AddRange(Groups().Select(g => new NetworkSite(
                Site.Attention(layer, g.Group), stream, g.Tokens, 2 * 2 * g.Tokens[0] * c * c, 2 * ((2 * c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            }));
            sites.AddRange(Groups().Select(g => new NetworkSite(Site.Mlp(layer, g.Group), g.Tokens, g.Tokens, 0, 2 * hidden)));
        }

        for (var layer = sizes.DoubleBlockCount; layer < sizes.DoubleBlockCount + sizes.SingleBlockCount; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 0, 0));
            if (!sizes.SharesModulation)
            {
                sites.Add(Modulation(Site.Modulation(layer), 1, branches: 1));
            }

            Shape inner = [stream[0], sizes.MlpSize], both = [stream[0], sizes.Channels + sizes.MlpSize];
            sites.Add(new(Site.Fused(layer), stream, stream, 0, 0)); // all of it lies in its parts
            sites.Add(new(Site.FusedAttention(layer), stream, stream, 2 * 2 * n * c * c, 2 * ((c * c) + (2 * n * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            });
            sites.Add(new(Site.Hidden(layer), stream, inner, 0, 2 * (hidden - (c * sizes.MlpSize))));
            sites.Add(new(Site.Projected(layer), both, stream, 0, 2 * ((c * c) + (c * sizes.MlpSize))));
        }

        return new NetworkMap(sites, ranges, Enumerable.Range(1, sizes.DoubleBlockCount + sizes.SingleBlockCount - 1));

        NetworkSite Modulation(Site site, int times, int branches) =>
            new(site, [times, sizes.Channels], [times, 3 * branches * sizes.Channels], 0, 2 * 3 * branches * c * c);

        (TokenGroup Group, Shape Tokens)[] Groups() =>
            [(TokenGroup.Image, [ranges[0].Count, sizes.Channels]), (TokenGroup.Text, [text, sizes.Channels])];
    }
}
