using Augur.Caching;
using Augur.Tensors;

namespace Augur.Models.Dit;

/// <summary>The weights of one block, packed for the backend that runs it.</summary>
internal sealed record DitBlockWeights(PackedLinear Modulation, PackedLinear Qkv, PackedLinear Projection, PackedLinear Fc1, PackedLinear Fc2)
    : IDisposable
{
    public void Dispose()
    {
        foreach (var weight in new[] { Modulation, Qkv, Projection, Fc1, Fc2 })
        {
            weight.Dispose();
        }
    }
}

/// <summary>A transformer block conditioned by adaLN-Zero (Peebles and Xie, 2023, section 3.2).</summary>
internal sealed class DitBlock(DitConfig config, int layer, DitBlockWeights weights) : IDisposable
{
    private readonly PackedLinear? _queries = weights.Qkv.Slice(0, config.HiddenSize);
    private readonly PackedLinear? _keysAndValues = weights.Qkv.Slice(config.HiddenSize, 2 * config.HiddenSize);

    /// <param name="x">Residual stream, [batch, tokens, channels].</param>
    /// <param name="condition">SiLU of timestep plus class embedding.</param>
    /// <param name="wanted">Tokens whose stream is wanted; the others serve as keys and values.</param>
    /// <param name="door">Answers for each branch: computed now, or forecast from earlier calls.</param>
    /// <returns>Residual stream after both branches, [batch, tokens or k, channels].</returns>
    public Tensor Forward(Tensor x, ConditionVector condition, Selection wanted, IFeatureDoor door)
    {
        // Six vectors per row. They are cheap and follow the timestep closely, so they are never forecast,
        // and the gates are applied outside the door: a forecast branch still passes today's gate.
        var (forAttention, forMlp) = Modulate(condition, door);

        var attended = door.GetOrCompute(Site.Attention(layer), x, (h, at) =>
            Attend(forAttention.Narrow(at).Apply(h, DitConfig.NormEpsilon), at.Tokens is null ? wanted : at, door));
        x = wanted.NarrowTokens(x).AddGated(forAttention.Gate, attended);

        return x.AddGated(forMlp.Gate, door.GetOrCompute(Site.Mlp(layer), x, (h, at) =>
            FeedForward(forMlp.Narrow(at).Apply(at.NarrowTokens(h), config.MlpNormEpsilon), door)));
    }

    /// <summary>What the attention branch would read: cheap, and a fair measure of how far the input has drifted.</summary>
    public Tensor ModulatedInput(Tensor x, ConditionVector condition) =>
        Modulate(condition, ComputeEverything.Instance).Attention.Apply(x, DitConfig.NormEpsilon, DType.Float32);

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
        door.Show($"blocks.{layer}.attn.in", h);
        door.Show($"blocks.{layer}.attn.out", y);
        return y;
    }

    // Queries of the wanted tokens [batch, tokens or k, channels], keys and values of all.
    private (Tensor Q, Tensor K, Tensor V) Project(Tensor h, Selection queries)
    {
        if (queries.Tokens is null || _queries is null || _keysAndValues is null)
        {
            var qkv = h.Linear(weights.Qkv, default, h.ActivationType); // [batch, tokens, 3 * channels]
            return (queries.NarrowTokens(qkv.Chunk(0, 3)), qkv.Chunk(1, 3), qkv.Chunk(2, 3));
        }

        var kv = h.Linear(_keysAndValues, default, h.ActivationType); // [batch, tokens, 2 * channels]
        return (queries.NarrowTokens(h).Linear(_queries, default, h.ActivationType), kv.Chunk(0, 2), kv.Chunk(1, 2));
    }

    private Tensor FeedForward(Tensor h, IFeatureDoor door)
    {
        var y = h.Linear(weights.Fc1, new(Activation.GeluTanh), h.ActivationType).Linear(weights.Fc2);
        door.Show($"blocks.{layer}.mlp.in", h);
        door.Show($"blocks.{layer}.mlp.out", y);
        return y;
    }

    private (Modulation Attention, Modulation Mlp) Modulate(ConditionVector condition, IFeatureDoor door)
    {
        var m = condition.Linear(weights.Modulation); // [batch, 6 * channels]
        door.Show($"blocks.{layer}.adaLN.out", m);
        return (new(m.Chunk(0, 6), m.Chunk(1, 6), m.Chunk(2, 6)), new(m.Chunk(3, 6), m.Chunk(4, 6), m.Chunk(5, 6)));
    }

    /// <summary>What adaLN makes of the condition for one branch; each [batch, channels].</summary>
    private readonly record struct Modulation(Tensor Shift, Tensor Scale, Tensor Gate)
    {
        public Modulation Narrow(Selection at) => this with { Shift = at.NarrowRows(Shift), Scale = at.NarrowRows(Scale) };

        public Tensor Apply(Tensor h, float epsilon) => Apply(h, epsilon, h.ActivationType);

        public Tensor Apply(Tensor h, float epsilon, DType type) => h.ModulatedLayerNorm(Shift, Scale, epsilon, type);
    }
}
