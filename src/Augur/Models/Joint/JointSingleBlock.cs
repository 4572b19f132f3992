using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Joint;

/// <summary>
/// The weights of one single block. Its first map is kept in two parts, for attention and for the feed-forward half. Norms: [headChannels].
/// Modulation: null where all blocks share one.
/// </summary>
internal sealed record JointSingleBlockWeights(
    PackedLinear? Modulation, PackedLinear Qkv, JointHidden Mlp, Tensor QueryNorm, Tensor KeyNorm, PackedLinear Output) : IDisposable
{
    public void Dispose()
    {
        foreach (var weight in new IDisposable?[] { Modulation, Qkv, Mlp, QueryNorm, KeyNorm, Output })
        {
            weight?.Dispose();
        }
    }
}

/// <summary>A block over picture and text together, whose attention and feed-forward halves read the same and leave through one fused map.</summary>
internal sealed class JointSingleBlock(JointSizes sizes, int layer, JointSingleBlockWeights weights) : IDisposable
{
    private readonly PackedLinear? _queries = weights.Qkv.Slice(0, sizes.Channels);
    private readonly PackedLinear? _keysAndValues = weights.Qkv.Slice(sizes.Channels, 2 * sizes.Channels);

    /// <param name="x">Residual stream, [rows, tokens, channels]; the picture's tokens first.</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for the fused branch.</param>
    /// <returns>Residual stream behind it, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        var modulation = rows.Modulations(weights.Modulation, Site.Modulation(layer), 1, door)[0];
        var fused = door.GetOrCompute(Site.Fused(layer), x, (h, at) =>
            Fuse(modulation.Inside(at).Apply(h, sizes.Epsilon), rows.Narrow(at), at.Tokens is null ? wanted : at, door));
        return wanted.NarrowTokens(x).AddGated(modulation.Gate, fused);
    }

    public void Dispose()
    {
        _queries?.Dispose();
        _keysAndValues?.Dispose();
        weights.Dispose();
    }

    private Tensor Fuse(Tensor h, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        var attended = door.GetOrCompute(Site.FusedAttention(layer), h, (x, at) => Attend(x, rows.Narrow(at), wanted.Within(at), door)).ToTensor();
        var hidden = door.GetOrCompute(
            Site.Hidden(layer), h, (x, at) => weights.Mlp.Apply((at.Tokens is null ? wanted.Within(at) : at).NarrowTokens(x))).ToTensor();
        return door.GetOrCompute(
            Site.Projected(layer),
            Tensor.Concatenate([attended.InType(h.ActivationType), hidden.InType(h.ActivationType)], 2), // [rows, tokens or k, channels + hidden]
            (both, at) => at.NarrowTokens(both).Linear(weights.Output)).ToTensor();
    }

    private Tensor Attend(Tensor h, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        var (q, k, v) = Project(h, wanted);
        q = q.RmsNorm(weights.QueryNorm, sizes.Epsilon, sizes.Heads, h.ActivationType);
        q = wanted.Tokens is null ? rows.Turn(q, sizes.Heads) : rows.Turn(q, wanted.Tokens, sizes.Heads);
        k = rows.Turn(k.RmsNorm(weights.KeyNorm, sizes.Epsilon, sizes.Heads, h.ActivationType), sizes.Heads);
        if (wanted.Tokens is null) // how much a token is read by all, not by some
        {
            door.Offer(Site.FusedAttention(layer), Signal.AttentionReceived, () => rows.Received(q, k, sizes.Heads));
            door.Offer(Site.FusedAttention(layer), Signal.ValueNorms, () => v.HeadNorms(sizes.Heads));
        }

        return rows.Attend(q, k, v, sizes.Heads); // [rows, tokens or k, channels]
    }

    // Queries of the wanted tokens [rows, tokens or k, channels], keys and values of all.
    private (Tensor Q, Tensor K, Tensor V) Project(Tensor h, Selection wanted)
    {
        if (wanted.Tokens is null || _queries is null || _keysAndValues is null)
        {
            var qkv = h.Linear(weights.Qkv, default, h.ActivationType); // [rows, tokens, 3 · channels]
            return (wanted.NarrowTokens(qkv.Chunk(0, 3)), qkv.Chunk(1, 3), qkv.Chunk(2, 3));
        }

        var kv = h.Linear(_keysAndValues, default, h.ActivationType); // [rows, tokens, 2 · channels]
        return (wanted.NarrowTokens(h).Linear(_queries, default, h.ActivationType), kv.Chunk(0, 2), kv.Chunk(1, 2));
    }
}
