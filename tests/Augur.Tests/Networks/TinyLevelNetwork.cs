using Augur.Caching;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Tests.Networks;

/// <summary>
/// A U-Net of made-up weights: a level of 4×4 cells around one of 2×2, with a skip connection past the inner one. Its classes are its conditions; it
/// has no blocks.
/// </summary>
/// <param name="backend">Where it runs.</param>
internal sealed class TinyLevelNetwork(IBackend backend) : INetwork
{
    public const int ClassCount = 3;
    private const int Side = 4;
    private const int Channels = 2;
    private const int Hidden = 8;
    private static readonly int[] s_kept = [0, 2, 8, 10]; // cells that go down
    // where a cell comes back up from
    private static readonly int[] s_above = [.. Enumerable.Range(0, Side * Side).Select(i => (i / Side / 2 * 2) + (i % Side / 2))];
    private readonly TinyWeights _weights = new(backend);

    /// <summary>FLOPs of the inner level, for one row.</summary>
    public static long InnerFlops => 2L * s_kept.Length * 2 * Hidden * Hidden;

    public string Name => "tiny U-Net";

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
        Shape outer = [Side * Side, Hidden], inner = [s_kept.Length, Hidden];
        return latent != LatentShape ? throw new ArgumentException($"{Name} draws latents of {LatentShape}, not of {latent}.")
            : new NetworkMap(
                [
                    new(Site.Output, outer, [Side * Side, Channels], 0, 4 * Hidden * Channels) { Signals = [Signal.NetworkInput] },
                    new(Site.Level(0), outer, outer, 0, 4L * Hidden * Hidden),
                    new(Site.Level(1), inner, inner, 0, 4L * Hidden * Hidden),
                ],
                [new TokenRange(TokenGroup.All, 0, Side * Side, [Side, Side])],
                []);
    }

    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin();
        var batch = input.Latents.Shape[0];
        var cells = input.Latents.Reshape([batch, Channels, Side * Side]).Permute(0, 2, 1); // [batch, cells, channels]
        var output = door.GetOrCompute(
            Site.Output,
            cells.Linear(_weights["in", Hidden, Channels]),
            (x, at) => RunLevels(x, VectorOf(input, at), door).Linear(_weights["out", Channels, Hidden]),
            new SignalOffer(Signal.NetworkInput, () => cells));
        return output.ToTensor().Permute(0, 2, 1).Reshape(input.Latents.Shape).Escape();
    }

    public void Dispose() => _weights.Dispose();

    private Tensor RunLevels(Tensor x, Tensor vector, IFeatureDoor door) => door.GetOrCompute(Site.Level(0), x, (outer, at) =>
    {
        var rows = at.NarrowRows(vector);
        var skip = Modulated(outer, rows).Linear(_weights["down", Hidden, Hidden], Activation.Silu);
        var inner = door.GetOrCompute(Site.Level(1), skip.GatherTokens(Everywhere(s_kept, skip)), (h, within) =>
            Modulated(h, within.NarrowRows(rows)).Linear(_weights["inner1", Hidden, Hidden], Activation.Silu)
                .Linear(_weights["inner2", Hidden, Hidden])).ToTensor();
        return skip + inner.GatherTokens(Everywhere(s_above, inner)).Linear(_weights["up", Hidden, Hidden]);
    }).ToTensor();

    private static Tensor Modulated(Tensor x, Tensor vector) => x.ModulatedLayerNorm(vector.Chunk(0, 2), vector.Chunk(1, 2), 1e-6f);

    private Tensor VectorOf(NetworkInput input, Selection at)
    {
        var rows = at.NarrowRows(input.Timesteps).Zip(at.NarrowRows(input.Conditions), (time, condition) => (time, ((ClassLabel)condition).Label))
            .ToArray();
        float[] features =
            [.. rows.SelectMany(row => Enumerable.Range(0, 2 * Hidden).Select(i => MathF.Sin((row.time * (i + 1) / 500f) + (row.Label * i))))];
        return Tensor.From(backend, features, [rows.Length, 2 * Hidden]);
    }

    private IndexTable Everywhere(int[] tokens, Tensor rows) =>
        IndexTable.From(backend, [.. Enumerable.Repeat(tokens, rows.Shape[0]).SelectMany(t => t)], [rows.Shape[0], tokens.Length]);
}
