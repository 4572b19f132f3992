using Augur.Caching;
using Augur.Conditioning.Text;
using Augur.Tensors;

namespace Augur.Models.Llada;

/// <summary>
/// What a masked diffusion language model tells of itself: a chain of layers over the response's tokens and then the prompt's, attention with keys,
/// values and what is read of them inside, and the feed-forward part. FLOPs are those of matrix products; a multiply-add is 2.
/// </summary>
internal static class LladaMap
{
    /// <summary>For a response and a prompt.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="response">Tokens that are written.</param>
    /// <param name="prompt">Tokens that the prompt is filled up to.</param>
    public static NetworkMap Of(DecoderConfig config, int response, int prompt)
    {
        long c = config.Channels, inner = config.Heads * config.HeadChannels, n = response + prompt;
        var keys = config.KeyHeads * config.HeadChannels;
        Shape stream = [(int)n, config.Channels], kept = [(int)n, keys];
        List<NetworkSite> sites =
        [
            new(Site.Output, stream, [response, config.Vocabulary], 2 * response * c * config.Vocabulary, 0),
            new(Site.Span(0, config.Layers), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        ];
        for (var layer = 0; layer < config.Layers; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 0, 0));
            sites.Add(new(Site.Attention(layer), stream, stream, 0, 0));
            sites.Add(new(Site.Values(layer), stream, kept, 0, 2 * c * keys));
            sites.Add(new(Site.Keys(layer), stream, kept, 0, 2 * c * keys));
            sites.Add(new(Site.Attended(layer), stream, stream, 0, 2 * ((2 * c * inner) + (2 * n * inner))));
            sites.Add(new(Site.Mlp(layer), stream, stream, 0, 2 * 3 * c * config.MlpSize));
        }

        TokenRange[] groups =
            [new(TokenGroup.Image, 0, response, [response]), new(TokenGroup.Text, response, prompt, [prompt])];
        return new NetworkMap(sites, groups.Where(g => g.Count > 0), Enumerable.Range(1, Math.Max(0, config.Layers - 1)));
    }
}
