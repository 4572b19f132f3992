using Augur.Caching;
using Augur.Models.Joint;
using Augur.Tensors;

namespace Augur.Models.ZImage;

/// <summary>
/// The weights of one block. Norms of queries and keys: [headChannels], the others [channels]. Modulation: null in refiners of the text.
/// </summary>
internal sealed record ZImageBlockWeights(
    PackedLinear? Modulation,
    PackedLinear Qkv,
    Tensor QueryNorm,
    Tensor KeyNorm,
    PackedLinear Projection,
    Tensor BeforeAttention,
    Tensor BehindAttention,
    PackedLinear MlpGate,
    PackedLinear MlpValue,
    PackedLinear MlpOutput,
    Tensor BeforeMlp,
    Tensor BehindMlp) : IDisposable
{
    public void Dispose()
    {
        IDisposable?[] weights =
        [
            Modulation, Qkv, QueryNorm, KeyNorm, Projection, BeforeAttention, BehindAttention, MlpGate, MlpValue, MlpOutput, BeforeMlp, BehindMlp,
        ];
        foreach (var weight in weights)
        {
            weight?.Dispose();
        }
    }
}

/// <summary>
/// A block over one sequence, with a norm before and one behind each branch: x + tanh(gate) ⊙ norm(branch((1 + scale) · norm(x))). The norm behind
/// belongs to the branch; the gate is applied outside the door.
/// </summary>
internal sealed class ZImageBlock(JointSizes sizes, int layer, ZImageBlockWeights weights) : IDisposable
{
    private readonly PackedLinear? _queries = weights.Qkv.Slice(0, sizes.Channels);
    private readonly PackedLinear? _keysAndValues = weights.Qkv.Slice(sizes.Channels, 2 * sizes.Channels);

    /// <summary>A block of the chain, whose branches are asked for.</summary>
    /// <param name="x">Residual stream, [rows, tokens, channels].</param>
    /// <param name="rows">What it knows of each row.</param>
    /// <param name="wanted">Tokens whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for each branch.</param>
    /// <returns>Residual stream behind both branches, [rows, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        var (forAttention, forMlp) = Modulate(rows);
        var attended = door.GetOrCompute(Site.Attention(layer), x, (h, at) =>
            Attend(Scaled(h, weights.BeforeAttention, forAttention, at), rows.Narrow(at), at.Tokens is null ? wanted : at, door));
        x = wanted.NarrowTokens(x).AddGated(forAttention!.Value.Gate, attended);
        return x.AddGated(forMlp!.Value.Gate, door.GetOrCompute(Site.Mlp(layer), x, (h, at) =>
            FeedForward(Scaled(at.NarrowTokens(h), weights.BeforeMlp, forMlp, at))));
    }

    /// <summary>A refiner: a block of picture or text alone, which is not asked for.</summary>
    public Tensor Refine(Tensor x, JointRows rows)
    {
        var (forAttention, forMlp) = Modulate(rows);
        var attended = Attend(Scaled(x, weights.BeforeAttention, forAttention, default), rows, Selection.Everything, ComputeEverything.Instance);
        x = forAttention is { } first ? x.AddGated(first.Gate, attended) : x + attended;
        var fed = FeedForward(Scaled(x, weights.BeforeMlp, forMlp, default));
        return forMlp is { } second ? x.AddGated(second.Gate, fed) : x + fed;
    }

    /// <summary>What the attention of a picture's tokens reads, [rows, picture's tokens, channels].</summary>
    public Tensor ModulatedInput(Tensor x, JointRows rows) =>
        Scaled(rows.Part(x, TokenGroup.Image), weights.BeforeAttention, Modulate(rows).Attention, default, DType.Float32);

    public void Dispose()
    {
        _queries?.Dispose();
        _keysAndValues?.Dispose();
        weights.Dispose();
    }

    // norm(h) · (1 + scale), for the next product to read, or in a type; rounded once.
    private static Tensor Scaled(Tensor h, Tensor norm, Modulation? modulation, Selection at, DType? type = null)
    {
        var result = type ?? h.ActivationType;
        if (modulation is not { } m)
        {
            return h.RmsNorm(norm, ZImageConfig.NormEpsilon, 1, result);
        }

        var normed = h.RmsNorm(norm, ZImageConfig.NormEpsilon);
        return normed.AddGated(at.NarrowRows(m.Scale), normed, result);
    }

    private Tensor Attend(Tensor h, JointRows rows, Selection queries, IFeatureDoor door)
    {
        var (q, k, v) = Project(h, queries);
        q = q.RmsNorm(weights.QueryNorm, sizes.Epsilon, sizes.Heads, h.ActivationType);
        q = queries.Tokens is null ? rows.Turn(q, sizes.Heads) : rows.Turn(q, queries.Tokens, sizes.Heads);
        k = rows.Turn(k.RmsNorm(weights.KeyNorm, sizes.Epsilon, sizes.Heads, h.ActivationType), sizes.Heads);
        if (queries.Tokens is null) // how much a token is read by all, not by some
        {
            door.Offer(Site.Attention(layer), Signal.AttentionReceived, () => rows.Received(q, k, sizes.Heads));
            door.Offer(Site.Attention(layer), Signal.ValueNorms, () => v.HeadNorms(sizes.Heads));
        }

        return rows.Attend(q, k, v, sizes.Heads).Linear(weights.Projection).RmsNorm(weights.BehindAttention, sizes.Epsilon);
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

    private Tensor FeedForward(Tensor h) => h.Linear(weights.MlpValue, default, h.ActivationType)
        .TimesActivated(h.Linear(weights.MlpGate, default, h.ActivationType), Activation.Silu, h.ActivationType).Linear(weights.MlpOutput)
        .RmsNorm(weights.BehindMlp, sizes.Epsilon);

    private (Modulation? Attention, Modulation? Mlp) Modulate(JointRows rows)
    {
        if (weights.Modulation is null)
        {
            return default;
        }

        var m = rows.Vector.Linear(weights.Modulation); // [rows, 4 · channels]
        return (new(m.Chunk(0, 4), m.Chunk(1, 4).Activate(Activation.Tanh)), new(m.Chunk(2, 4), m.Chunk(3, 4).Activate(Activation.Tanh)));
    }

    /// <summary>Of one branch; each [rows, channels].</summary>
    private readonly record struct Modulation(Tensor Scale, Tensor Gate);
}
