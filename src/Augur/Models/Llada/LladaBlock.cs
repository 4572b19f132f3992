using Augur.Caching;
using Augur.Conditioning.Text;
using Augur.Tensors;

namespace Augur.Models.Llada;

/// <summary>
/// A layer in which every token sees every other. Attention asks for its values, its keys and what is read of them one by one, so that a method may
/// compute those of some tokens only, and may choose these by the values.
/// </summary>
/// <param name="layer">Which.</param>
/// <param name="weights">Its weights.</param>
internal sealed class LladaBlock(int layer, DecoderLayer weights)
{
    /// <param name="x">Residual stream, [rows, tokens, channels].</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for each feature.</param>
    /// <returns>Residual stream behind both branches, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, LladaRows rows, Selection wanted, IFeatureDoor door)
    {
        var attended = door.GetOrCompute(Site.Attention(layer), x, (h, at) => Attend(h, rows.Narrow(at), at.Tokens is null ? wanted : at, door));
        x = wanted.NarrowTokens(x) + attended.ToTensor();
        x += door.GetOrCompute(Site.Mlp(layer), x, (h, at) =>
            weights.Middle(weights.ForMlp(at.NarrowTokens(h))).Linear(weights.Down)).ToTensor();
        door.Show($"layers.{layer}.out", x);
        return x;
    }

    /// <summary>What attention would read.</summary>
    public Tensor ForAttention(Tensor x) => weights.ForAttention(x);

    private Tensor Attend(Tensor x, LladaRows rows, Selection wanted, IFeatureDoor door)
    {
        var h = weights.ForAttention(x);
        var values = door.GetOrCompute(Site.Values(layer), h, (n, at) => weights.Values(at.NarrowTokens(n))).ToTensor();
        var keys = door.GetOrCompute(
            Site.Keys(layer), h, (n, at) => weights.Keys(at.NarrowTokens(n), rows.Narrow(at).At(at.Tokens))).ToTensor();
        return door.GetOrCompute(
            Site.Attended(layer),
            h,
            (n, at) =>
            {
                var (present, tokens) = (rows.Narrow(at), at.Tokens is null ? wanted : at);
                var q = weights.Queries(tokens.NarrowTokens(n), present.At(tokens.Tokens));
                return weights.Attend(q, at.NarrowRows(keys), at.NarrowRows(values), present.KeyCounts(n.Backend), isCausal: false)
                    .Linear(weights.Output);
            }).ToTensor();
    }
}
