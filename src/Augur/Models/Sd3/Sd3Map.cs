using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Sd3;

/// <summary>
/// What an SD3 transformer tells of itself: one chain of joint blocks over one stream in which the picture's tokens come first and the text's behind
/// them. FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class Sd3Map
{
    /// <summary>For a picture and a text.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="grid">The picture's tokens, [rows, columns].</param>
    /// <param name="text">The text's tokens, with what it is filled up by.</param>
    public static NetworkMap Of(Sd3Config config, Shape grid, int text)
    {
        long c = config.HiddenSize, image = grid.ElementCount, n = image + text, patch = (long)config.PatchSize * config.PatchSize;
        Shape stream = [checked((int)n), config.HiddenSize], output = [(int)image, (int)patch * config.InChannels];
        Shape pictures = [(int)image, config.HiddenSize], texts = [text, config.HiddenSize];
        var around = (Sd3Config.FrequencyCount * c) + (c * c) + (2 * image * output[1] * c) + (2 * c * c);
        var sites = new List<NetworkSite>
        {
            new(Site.Output, stream, output, 2 * around, 0) { Signals = [Signal.NetworkInput] },
            new(Site.Span(0, config.Depth), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        };
        for (var layer = 0; layer < config.Depth; layer++)
        {
            var (isDual, isLast) = (config.IsDual(layer), config.IsLast(layer));
            sites.Add(new(Site.Block(layer), stream, stream, 2 * ((isDual ? 9 : 6) + (isLast ? 2 : 6)) * c * c, 0)); // the modulation of both groups

            // Each group is charged for the keys and values of its own tokens, which the other reads as well.
            sites.Add(Attention(Site.Attention(layer, TokenGroup.Image), stream, pictures, isLast ? n : image, n));
            if (!isLast)
            {
                sites.Add(Attention(Site.Attention(layer, TokenGroup.Text), stream, texts, text, n));
                sites.Add(Mlp(layer, TokenGroup.Text, texts));
            }

            if (isDual)
            {
                sites.Add(Attention(Site.SecondAttention(layer, TokenGroup.Image), pictures, pictures, image, image));
            }

            sites.Add(Mlp(layer, TokenGroup.Image, pictures));
        }

        return new NetworkMap(
            sites,
            [new TokenRange(TokenGroup.Image, 0, (int)image, grid), new TokenRange(TokenGroup.Text, (int)image, text, [text])],
            Enumerable.Range(1, config.Depth - 1));

        NetworkSite Attention(Site site, Shape input, Shape feature, long keysFormed, long keysRead) =>
            new(site, input, feature, 2 * 2 * keysFormed * c * c, 2 * ((2 * c * c) + (2 * keysRead * c)))
            {
                Signals = [Signal.AttentionReceived, Signal.ValueNorms],
            };

        NetworkSite Mlp(int layer, TokenGroup group, Shape tokens) => new(Site.Mlp(layer, group), tokens, tokens, 0, 2 * 2 * c * config.MlpSize);
    }
}
