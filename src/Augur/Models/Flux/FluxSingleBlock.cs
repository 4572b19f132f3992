using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Flux;

/// <summary>
/// The weights of one single block. Its first map is kept in two parts, for attention and for the feed-forward half. Norms: [headChannels].
/// </summary>
internal sealed record FluxSingleBlockWeights(
    PackedLinear Modulation, PackedLinear Qkv, PackedLinear Mlp, Tensor QueryNorm, Tensor KeyNorm, PackedLinear Output) : IDisposable
{
    public void Dispose()
    {
        foreach (var weight in new IDisposable[] { Modulation, Qkv, Mlp, QueryNorm, KeyNorm, Output })
        {
            weight.Dispose();
        }
    }
}

/// <summary>A block over picture and text together, whose attention and feed-forward halves read the same and leave through one fused map.</summary>
internal sealed class FluxSingleBlock(FluxConfig config, int layer, FluxSingleBlockWeights weights) : IDisposable
{
    private readonly PackedLinear? _queries = weights.Qkv.Slice(0, config.HiddenSize);
    private readonly PackedLinear? _keysAndValues = weights.Qkv.Slice(config.HiddenSize, 2 * config.HiddenSize);

    /// <param name="x">Residual stream, [rows, tokens, channels]; the picture's tokens first.</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for the fused branch.</param>
    /// <returns>Residual stream behind it, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, FluxRows rows, Selection wanted, IFeatureDoor door)
    {
        var modulation = FluxModulation.Of(rows.Vector, weights.Modulation, branches: 1)[0];
        var fused = door.GetOrCompute(Site.Fused(layer), x, (h, at) =>
            Fuse(modulation.Narrow(at).Apply(h), rows.Narrow(at), at.Tokens is null ? wanted : at));
        return wanted.NarrowTokens(x).AddGated(modulation.Gate, fused);
    }

    public void Dispose()
    {
        _queries?.Dispose();
        _keysAndValues?.Dispose();
        weights.Dispose();
    }

    private Tensor Fuse(Tensor h, FluxRows rows, Selection wanted)
    {
        var (q, k, v) = Project(h, wanted);
        q = q.RmsNorm(weights.QueryNorm, FluxConfig.NormEpsilon, config.HeadCount);
        q = wanted.Tokens is null ? rows.Turn(q, config.HeadCount) : rows.Turn(q, wanted.Tokens, config.HeadCount);
        k = rows.Turn(k.RmsNorm(weights.KeyNorm, FluxConfig.NormEpsilon, config.HeadCount), config.HeadCount);
        var attended = rows.Attend(q, k, v, config.HeadCount);
        var hidden = wanted.NarrowTokens(h).Linear(weights.Mlp, Activation.GeluTanh);
        return Tensor.Concatenate([attended, hidden], 2).Linear(weights.Output); // [rows, tokens or k, channels]
    }

    // Queries of the wanted tokens [rows, tokens or k, channels], keys and values of all.
    private (Tensor Q, Tensor K, Tensor V) Project(Tensor h, Selection wanted)
    {
        if (wanted.Tokens is null || _queries is null || _keysAndValues is null)
        {
            var qkv = h.Linear(weights.Qkv); // [rows, tokens, 3 · channels]
            return (wanted.NarrowTokens(qkv.Chunk(0, 3)), qkv.Chunk(1, 3), qkv.Chunk(2, 3));
        }

        var kv = h.Linear(_keysAndValues); // [rows, tokens, 2 · channels]
        return (wanted.NarrowTokens(h).Linear(_queries), kv.Chunk(0, 2), kv.Chunk(1, 2));
    }
}
