using Augur.Caching;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests.Networks;

/// <summary>
/// A chain of two blocks of made-up weights whose attention asks the door for its keys and values too, each a site of its own within it, as language
/// models do whose keys are kept. Its classes are its conditions.
/// </summary>
/// <param name="backend">Where it runs.</param>
internal sealed class TinyKeyValueNetwork(IBackend backend) : INetwork
{
    public const int TokenCount = 16;
    public const int Depth = 2;
    private const int ClassCount = 3;
    private const int Side = 4;
    private const int Channels = 2;
    private const int Hidden = 8;
    private const int Heads = 2;
    private readonly TinyWeights _weights = new(backend);

    /// <summary>FLOPs of one token's keys or values.</summary>
    public static long FlopsOfKey => 2L * Hidden * Hidden;

    public string Name => "tiny network of keys and values";

    public IBackend Backend => backend;

    public Prediction Prediction => Prediction.Epsilon;

    public Shape LatentShape => [Channels, Side, Side];

    public GuidedRows Guide(Condition condition, Guidance guidance) => condition is ClassCondition { Label: >= 0 and <= ClassCount }
        ? GuidedRows.Pair(condition, Condition.Class(ClassCount), guidance)
        : throw new ArgumentException($"{Name} draws classes 0 to {ClassCount - 1}, not {condition}.");

    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions) =>
        [.. conditions.Select(c => new ClassLabel(((ClassCondition)c).Label))];

    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        Shape stream = [TokenCount, Hidden];
        List<NetworkSite> sites =
        [
            new(Site.Output, stream, [TokenCount, Channels], 0, 2 * Hidden * Channels) { Signals = [Signal.NetworkInput] },
            new(Site.Span(0, Depth), stream, stream, 0, 0) { Signals = [Signal.ModulatedInput] },
        ];
        for (var layer = 0; layer < Depth; layer++)
        {
            sites.Add(new(Site.Block(layer), stream, stream, 0, 0));
            sites.Add(new(Site.Attention(layer), stream, stream, 0, (4L * Hidden * Hidden) + (4L * TokenCount * Hidden)));
            sites.Add(new(Site.Keys(layer), stream, stream, 0, FlopsOfKey));
            sites.Add(new(Site.Values(layer), stream, stream, 0, FlopsOfKey));
            sites.Add(new(Site.Mlp(layer), stream, stream, 0, 4L * Hidden * Hidden));
        }

        return new NetworkMap(sites, [new TokenRange(TokenGroup.All, 0, TokenCount, [Side, Side])], Enumerable.Range(1, Depth - 1));
    }

    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin();
        var batch = input.Latents.Shape[0];
        var cells = input.Latents.Reshape([batch, Channels, TokenCount]).Permute(0, 2, 1); // [batch, tokens, channels]
        var output = door.GetOrCompute(
            Site.Output,
            cells.Linear(_weights["in", Hidden, Channels]),
            (x, at) => RunBlocks(x, VectorOf(input, at), input, door).Linear(_weights["out", Channels, Hidden]),
            new SignalOffer(Signal.NetworkInput, () => cells));
        return output.ToTensor().Permute(0, 2, 1).Reshape(input.Latents.Shape).Escape();
    }

    public void Dispose() => _weights.Dispose();

    private Tensor RunBlocks(Tensor x, Tensor vector, NetworkInput input, IFeatureDoor door) => door.GetOrCompute(
        input.Map.Blocks,
        x,
        (stream, at) => input.Parts.Count == 1 ? RunSpan(input.Parts[0], stream, at.NarrowRows(vector), door)
            : input.Parts.Aggregate(stream, (h, part) => door.GetOrCompute(
                part, h, (tokens, within) => RunSpan(part, tokens, within.NarrowRows(at.NarrowRows(vector)), door)).ToTensor()),
        new SignalOffer(Signal.ModulatedInput, () => Modulated(x, vector))).ToTensor();

    private Tensor RunSpan(Site span, Tensor stream, Tensor vector, IFeatureDoor door) =>
        Enumerable.Range(span.Layer, span.Count).Aggregate(stream, (x, layer) =>
            door.GetOrCompute(Site.Block(layer), x, (h, at) => at.NarrowTokens(RunBlock(layer, h, at.NarrowRows(vector), door))).ToTensor());

    private Tensor RunBlock(int layer, Tensor x, Tensor vector, IFeatureDoor door)
    {
        var gate = vector.Chunk(0, 2);
        x = x.AddGated(gate, door.GetOrCompute(Site.Attention(layer), x, (h, at) => Attend(layer, Modulated(h, at.NarrowRows(vector)), at, door)));
        return x.AddGated(gate, door.GetOrCompute(Site.Mlp(layer), x, (h, at) => at.NarrowTokens(Modulated(h, at.NarrowRows(vector)))
            .Linear(_weights[$"{layer}.fc1", Hidden, Hidden], Activation.GeluTanh)
            .Linear(_weights[$"{layer}.fc2", Hidden, Hidden])));
    }

    private Tensor Attend(int layer, Tensor x, Selection wanted, IFeatureDoor door)
    {
        var (forKeys, forValues) = (_weights[$"{layer}.k", Hidden, Hidden], _weights[$"{layer}.v", Hidden, Hidden]);
        var keys = door.GetOrCompute(Site.Keys(layer), x, (h, at) => at.NarrowTokens(h).Linear(forKeys)).ToTensor();
        var values = door.GetOrCompute(Site.Values(layer), x, (h, at) => at.NarrowTokens(h).Linear(forValues)).ToTensor();
        return wanted.NarrowTokens(x).Linear(_weights[$"{layer}.q", Hidden, Hidden])
            .AttendTo(keys, values, Heads, default)
            .Linear(_weights[$"{layer}.proj", Hidden, Hidden]);
    }

    private static Tensor Modulated(Tensor x, Tensor vector) => x.ModulatedLayerNorm(vector.Chunk(0, 2), vector.Chunk(1, 2), 1e-6f);

    private Tensor VectorOf(NetworkInput input, Selection at)
    {
        var rows = at.NarrowRows(input.Timesteps).Zip(at.NarrowRows(input.Conditions), (time, condition) => (time, ((ClassLabel)condition).Label))
            .ToArray();
        float[] features =
            [.. rows.SelectMany(row => Enumerable.Range(0, 2 * Hidden).Select(i => MathF.Sin((row.time * (i + 1) / 500f) + (row.Label * i))))];
        return Tensor.From(backend, features, [rows.Length, 2 * Hidden]);
    }
}
