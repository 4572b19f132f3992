using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>
/// A transformer block over the cells of a level: they attend to each other, then to the text, then pass a gated feed-forward branch.
/// </summary>
internal sealed class UNetBlock(int layer, int heads, string name, UNetBlockWeights weights) : IDisposable
{
    private readonly PackedLinear? _queries = weights.Qkv.Slice(0, weights.Qkv.Outputs / 3);
    private readonly PackedLinear? _keysAndValues = weights.Qkv.Slice(weights.Qkv.Outputs / 3, 2 * (weights.Qkv.Outputs / 3));

    /// <summary>Its running number over the network.</summary>
    public int Layer => layer;

    /// <param name="x">Residual stream, [rows, cells, channels].</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Cells whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for each branch.</param>
    /// <returns>Residual stream behind the three branches, [rows, cells or k, channels].</returns>
    public Tensor Forward(Tensor x, UNetRows rows, Selection wanted, IFeatureDoor door)
    {
        var attended = door.GetOrCompute(
            Site.Attention(layer), x, (h, at) => SelfAttend(h, at.IsClosed || at.Tokens is not null ? at : wanted, door));
        x = wanted.NarrowTokens(x) + attended.ToTensor();
        x += door.GetOrCompute(Site.CrossAttention(layer), x, (h, at) => CrossAttend(at.NarrowTokens(h), rows.Narrow(at), door)).ToTensor();
        x += door.GetOrCompute(Site.Mlp(layer), x, (h, at) => FeedForward(at.NarrowTokens(h), door)).ToTensor();
        door.Show($"{name}.out", x);
        return x;
    }

    public void Dispose()
    {
        _queries?.Dispose();
        _keysAndValues?.Dispose();
        weights.Dispose();
    }

    private Tensor SelfAttend(Tensor x, Selection wanted, IFeatureDoor door)
    {
        var (q, k, v) = Project(x, wanted, door);
        if (wanted is { Tokens: null, IsClosed: false }) // how much a cell is read by all, not by some
        {
            door.Offer(Site.Attention(layer), Signal.AttentionReceived, () => q.AttentionColumnSums(k, heads));
            door.Offer(Site.Attention(layer), Signal.ValueNorms, () => v.HeadNorms(heads));
        }

        var y = q.AttendTo(k, v, heads, default, q.ActivationType).Linear(weights.Projection);
        door.Show($"{name}.attn1.out", y);
        return y;
    }

    // Queries of the wanted cells [rows, cells or k, channels], keys and values of all, or of the wanted where these see each other only.
    private (Tensor Q, Tensor K, Tensor V) Project(Tensor x, Selection wanted, IFeatureDoor door)
    {
        var h = Norm(wanted.IsClosed ? wanted.NarrowTokens(x) : x, weights.Norm1);
        h = wanted.Groups is { } groups ? h.InType(DType.Float32).ClusterMeans(groups.Tensor, wanted.GroupCount) : h;
        door.Show($"{name}.norm1.out", h);
        if (wanted.Tokens is null || wanted.IsClosed || _queries is null || _keysAndValues is null)
        {
            var qkv = h.Linear(weights.Qkv, default, h.ActivationType); // [rows, cells, 3 · channels]
            var q = wanted.IsClosed ? qkv.Chunk(0, 3) : wanted.NarrowTokens(qkv.Chunk(0, 3));
            door.Show($"{name}.attn1.to_q.out", q);
            door.Show($"{name}.attn1.to_k.out", qkv.Chunk(1, 3));
            return (q, qkv.Chunk(1, 3), qkv.Chunk(2, 3));
        }

        var kv = h.Linear(_keysAndValues, default, h.ActivationType); // [rows, cells, 2 · channels]
        return (wanted.NarrowTokens(h).Linear(_queries, default, h.ActivationType), kv.Chunk(0, 2), kv.Chunk(1, 2));
    }

    private Tensor CrossAttend(Tensor x, UNetRows rows, IFeatureDoor door)
    {
        var k = rows.Text.Linear(weights.CrossKeys, x.ActivationType); // [rows, text tokens, channels]
        var v = rows.Text.Linear(weights.CrossValues, x.ActivationType);
        var q = Norm(x, weights.Norm2).Linear(weights.CrossQueries, default, x.ActivationType);
        var y = rows.AttendToText(q, k, v, heads).Linear(weights.CrossProjection);
        door.Show($"{name}.attn2.to_k.out", k);
        door.Show($"{name}.attn2.out", y);
        return y;
    }

    private Tensor FeedForward(Tensor x, IFeatureDoor door)
    {
        var both = Norm(x, weights.Norm3).Linear(weights.Mlp1, default, x.ActivationType); // [rows, cells, 8 · channels]
        var hidden = both.Chunk(0, 2).TimesActivated(both.Chunk(1, 2), Activation.GeluErf, x.ActivationType);
        both.Dispose();
        var y = hidden.Linear(weights.Mlp2);
        door.Show($"{name}.ff.net.0.out", hidden);
        door.Show($"{name}.ff.out", y);
        return y;
    }

    private static Tensor Norm(Tensor x, UNetNorm norm) => x.LayerNorm(norm.Weight, norm.Bias, UNetConfig.LayerEpsilon, x.ActivationType);
}
