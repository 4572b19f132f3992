using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.UVit;

/// <summary>The weights of one block. Skip: null in the first half and the middle.</summary>
internal sealed record UVitBlockWeights(
    (Tensor Weight, Tensor Bias) Norm1,
    PackedLinear Qkv,
    PackedLinear Projection,
    (Tensor Weight, Tensor Bias) Norm2,
    PackedLinear Mlp1,
    PackedLinear Mlp2,
    PackedLinear? Skip) : IDisposable
{
    public void Dispose()
    {
        IDisposable?[] parts = [Norm1.Weight, Norm1.Bias, Qkv, Projection, Norm2.Weight, Norm2.Bias, Mlp1, Mlp2, Skip];
        Array.ForEach(parts, part => part?.Dispose());
    }
}

/// <summary>
/// A pre-norm transformer block; in the second half it begins by joining the stream with that of the first half as far from the middle.
/// </summary>
internal sealed class UVitBlock(UVitConfig config, int layer, string name, UVitBlockWeights weights) : IDisposable
{
    private readonly PackedLinear? _queries = weights.Qkv.Slice(0, config.HiddenSize);
    private readonly PackedLinear? _keysAndValues = weights.Qkv.Slice(config.HiddenSize, 2 * config.HiddenSize);

    /// <param name="x">Residual stream, [rows, tokens, channels].</param>
    /// <param name="skip">Of the first half, [rows, tokens, channels]; null where the block reads none.</param>
    /// <param name="wanted">Tokens whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for each branch.</param>
    /// <returns>Residual stream behind both branches, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, Tensor? skip, Selection wanted, IFeatureDoor door)
    {
        if (weights.Skip is { } joined)
        {
            x = Tensor.Concatenate([x, skip!], 2).Linear(joined);
            door.Show($"{name}.skip_linear.out", x);
        }

        var attended = door.GetOrCompute(Site.Attention(layer), x, (h, at) => Attend(h, at.Tokens is null ? wanted : at, door));
        x = wanted.NarrowTokens(x) + attended.ToTensor();
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

    private Tensor Attend(Tensor x, Selection wanted, IFeatureDoor door)
    {
        var h = x.LayerNorm(weights.Norm1.Weight, weights.Norm1.Bias, UVitConfig.NormEpsilon, x.ActivationType);
        var (q, k, v) = Project(h, wanted);
        if (wanted.Tokens is null) // how much a token is read by all, not by some
        {
            door.Offer(Site.Attention(layer), Signal.AttentionReceived, () => q.AttentionColumnSums(k, config.HeadCount));
            door.Offer(Site.Attention(layer), Signal.ValueNorms, () => v.HeadNorms(config.HeadCount));
        }

        var y = q.AttendTo(k, v, config.HeadCount, default, q.ActivationType).Linear(weights.Projection);
        door.Show($"{name}.attn.out", y);
        return y;
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

    private Tensor FeedForward(Tensor x, IFeatureDoor door)
    {
        var y = x.LayerNorm(weights.Norm2.Weight, weights.Norm2.Bias, UVitConfig.NormEpsilon, x.ActivationType)
            .Linear(weights.Mlp1, new(Activation.GeluErf), x.ActivationType).Linear(weights.Mlp2);
        door.Show($"{name}.mlp.out", y);
        return y;
    }
}
