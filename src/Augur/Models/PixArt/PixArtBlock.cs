using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.PixArt;

/// <summary>The weights of one block. Table: [6, channels], added to the modulation that all blocks share.</summary>
internal sealed record PixArtBlockWeights(
    Tensor Table,
    PackedLinear Qkv,
    PackedLinear Projection,
    PackedLinear CrossQuery,
    PackedLinear CrossKeyValue,
    PackedLinear CrossProjection,
    PackedLinear Fc1,
    PackedLinear Fc2) : IDisposable
{
    public void Dispose()
    {
        foreach (var weight in new IDisposable[] { Table, Qkv, Projection, CrossQuery, CrossKeyValue, CrossProjection, Fc1, Fc2 })
        {
            weight.Dispose();
        }
    }
}

/// <summary>
/// A block of three branches: self-attention and feed-forward modulated as in DiT, and between them cross-attention to the caption, which has neither
/// norm nor modulation nor gate.
/// </summary>
internal sealed class PixArtBlock(PixArtConfig config, int layer, PixArtBlockWeights weights) : IDisposable
{
    private readonly PackedLinear? _queries = weights.Qkv.Slice(0, config.HiddenSize);
    private readonly PackedLinear? _keysAndValues = weights.Qkv.Slice(config.HiddenSize, 2 * config.HiddenSize);

    /// <param name="x">Residual stream, [rows, tokens, channels].</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for each branch.</param>
    /// <returns>Residual stream behind the three branches, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, PixArtRows rows, Selection wanted, IFeatureDoor door)
    {
        var (forAttention, forMlp) = Modulate(rows);
        var attended = door.GetOrCompute(Site.Attention(layer), x, (h, at) =>
            Attend(forAttention.Narrow(at).Apply(h, PixArtConfig.NormEpsilon), at.Tokens is null ? wanted : at, door));
        x = wanted.NarrowTokens(x).AddGated(forAttention.Gate, attended);
        var read = door.GetOrCompute(Site.CrossAttention(layer), x, (h, at) => Read(at.NarrowTokens(h), rows.Narrow(at), door));
        x = x.AddGated(rows.Ones, read);
        x = x.AddGated(forMlp.Gate, door.GetOrCompute(Site.Mlp(layer), x, (h, at) =>
            FeedForward(forMlp.Narrow(at).Apply(at.NarrowTokens(h), PixArtConfig.NormEpsilon))));
        door.Show($"blocks.{layer}", x);
        return x;
    }

    /// <summary>What the self-attention would read: cheap, and a fair measure of how far the input has drifted.</summary>
    public Tensor ModulatedInput(Tensor x, PixArtRows rows) => Modulate(rows).Attention.Apply(x, PixArtConfig.NormEpsilon, DType.Float32);

    public void Dispose()
    {
        _queries?.Dispose();
        _keysAndValues?.Dispose();
        weights.Dispose();
    }

    private Tensor Attend(Tensor h, Selection queries, IFeatureDoor door)
    {
        var (q, k, v) = Project(h, queries);
        if (queries.Tokens is null) // how much a token is read by all, not by some
        {
            door.Offer(Site.Attention(layer), Signal.AttentionReceived, () => q.AttentionColumnSums(k, config.HeadCount));
            door.Offer(Site.Attention(layer), Signal.ValueNorms, () => v.HeadNorms(config.HeadCount));
        }

        var y = q.AttendTo(k, v, config.HeadCount, default, q.ActivationType).Linear(weights.Projection);
        door.Show($"blocks.{layer}.attn", y);
        return y;
    }

    // Queries of the wanted tokens [rows, tokens or k, channels], keys and values of all.
    private (Tensor Q, Tensor K, Tensor V) Project(Tensor h, Selection queries)
    {
        if (queries.Tokens is null || _queries is null || _keysAndValues is null)
        {
            var qkv = h.Linear(weights.Qkv, default, h.ActivationType); // [rows, tokens, 3 · channels]
            return (queries.NarrowTokens(qkv.Chunk(0, 3)), qkv.Chunk(1, 3), qkv.Chunk(2, 3));
        }

        var kv = h.Linear(_keysAndValues, default, h.ActivationType); // [rows, tokens, 2 · channels]
        return (queries.NarrowTokens(h).Linear(_queries, default, h.ActivationType), kv.Chunk(0, 2), kv.Chunk(1, 2));
    }

    // What the given tokens [rows, k, channels] read in the caption.
    private Tensor Read(Tensor h, PixArtRows rows, IFeatureDoor door)
    {
        var q = h.Linear(weights.CrossQuery, default, h.ActivationType);
        var kv = rows.Text.Linear(weights.CrossKeyValue, h.ActivationType); // [rows, text tokens, 2 · channels]
        var counts = rows.KeyCounts(h.Backend);
        var y = q.AttendTo(kv.Chunk(0, 2), kv.Chunk(1, 2), config.HeadCount, new AttentionOptions(KeyCounts: counts), h.ActivationType)
            .Linear(weights.CrossProjection);
        door.Offer(Site.CrossAttention(layer), Signal.TextEntropy, () => q.AttentionEntropies(kv.Chunk(0, 2), config.HeadCount, counts));
        door.Show($"blocks.{layer}.cross_attn", y);
        return y;
    }

    private Tensor FeedForward(Tensor h) => h.Linear(weights.Fc1, new(Activation.GeluTanh), h.ActivationType).Linear(weights.Fc2);

    private (AdaLn Attention, AdaLn Mlp) Modulate(PixArtRows rows)
    {
        var modulation = rows.Modulation + rows.OfEach(weights.Table); // [rows, 6 · channels]
        return (AdaLn.Of(modulation, 0, 6), AdaLn.Of(modulation, 3, 6));
    }
}
