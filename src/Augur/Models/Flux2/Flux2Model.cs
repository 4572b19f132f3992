using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Flux;
using Augur.Models.Joint;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Flux2;

/// <summary>The weights of the whole network. Guidance: null in networks that are told none.</summary>
internal sealed record Flux2Weights(
    PackedLinear Image,
    PackedLinear Text,
    JointEmbedder Time,
    JointEmbedder? Guidance,
    PackedLinear ImageModulation,
    PackedLinear TextModulation,
    PackedLinear SingleModulation,
    IReadOnlyList<JointDoubleBlockWeights> DoubleBlocks,
    IReadOnlyList<JointSingleBlockWeights> SingleBlocks,
    PackedLinear FinalModulation,
    PackedLinear Final);

/// <summary>
/// FLUX.2 (Black Forest Labs, 2025): the flow from noise to a picture under a text and pictures that it refers to, predicted by joint blocks and
/// single blocks whose modulation is made once a call.
/// A condition is a prompt, where its text encoder is loaded, a <see cref="PromptEmbedding"/>, or one of them in an <see cref="EditCondition"/>.
/// </summary>
public sealed class Flux2Model : INetwork, IModulatedNetwork
{
    // Where pictures that are referred to stand on the first axis: 10, 20, …
    private const int ReferenceDistance = 10;

    private readonly Flux2Weights _weights;
    private readonly JointDoubleBlock[] _doubleBlocks;
    private readonly JointSingleBlock[] _singleBlocks;
    private readonly PromptReader _prompts;
    private readonly ModulationTable _modulations = new();
    private readonly RotationTables _rotations;

    internal Flux2Model(Flux2Config config, Flux2Weights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.TextChannels, 0, encoder, config.InChannels);
        _rotations = new(backend, config.PositionAxes, config.Theta, (grid, row, text) => Places(grid, row.Grids, text));
        var sizes = new JointSizes(config.HiddenSize, config.HeadCount, Flux2Config.NormEpsilon);
        _doubleBlocks = [.. weights.DoubleBlocks.Select((block, layer) => new JointDoubleBlock(sizes, layer, $"transformer_blocks.{layer}", block))];
        _singleBlocks = [.. weights.SingleBlocks.Select((block, i) => new JointSingleBlock(sizes, config.DoubleBlockCount + i, block))];
    }

    /// <summary>Reads a transformer of the published position axes from a file or a folder of shards, in either published key layout.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">
    /// It is not there, no FLUX.2 transformer, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public static Flux2Model Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return Flux2Layouts.Load(checkpoint, backend);
    }

    /// <summary>Its sizes.</summary>
    public Flux2Config Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Shape LatentShape => [Config.InChannels, Config.LatentHeight, Config.LatentWidth];

    /// <inheritdoc/>
    public int LatentMultiple => 1;

    /// <inheritdoc/>
    public int ReferenceChannels => Config.InChannels;

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Flow;

    /// <inheritdoc/>
    /// <remarks>One row in dev, which is told the strength of guidance; in klein two, unless the strength is 1.</remarks>
    public GuidedRows Guide(Condition condition, Guidance guidance) => Config.HasGuidance
        ? _prompts.Single(condition, (float)guidance.Scale) : _prompts.Pair(condition, guidance);

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions) =>
        JointText.Encode(Backend, _prompts.Read(conditions), conditions, Config.GridOf, 1, text => text.Linear(_weights.Text), _weights.Image);

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max());
        return Flux2Map.Of(Config, Config.GridOf(latent), JointText.ReferenceTokens(Name, rows), text);
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        JointStream.Check(Name, input.NotNull(), Config.InChannels, Config.GridOf, Config.HasGuidance);
        using var scope = TensorScope.Begin();
        var (image, text) = (input.Map.Tokens[0], input.Map.Tokens[1]);
        JointCondition[] texts = [.. input.Conditions.Cast<JointCondition>()];
        var latents = input.Latents.Shape;
        Shape grid = [latents[2], latents[3]];
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            input.Latents,
            (present, at) =>
            {
                var (embedded, conditions) = (JointStream.Pack(present, 1).Linear(_weights.Image), at.NarrowRows(texts));
                var stream = JointStream.Join(embedded, conditions, image.Count + text.Count);
                door.Show("x_embedder", embedded);
                door.Show("context_embedder", stream.Slice(1, image.Count, text.Count));
                var vector = VectorOf(at.NarrowRows(input.Timesteps), at.NarrowRows(input.Guidance), door);
                var rows = new JointRows(
                    vector, [.. conditions.Select(t => image.Count + t.TokenCount)], _rotations.Of(grid, conditions, text.Count), image.Count)
                {
                    Shared = Modulate(vector),
                };
                var first = new SignalOffer(Signal.ModulatedInput, () => _doubleBlocks[0].ModulatedInput(stream, rows));
                var behind = JointStream.RunBlocks(
                    input, stream, rows, door, (layer, h, some, wanted) => RunBlock(layer, h, some, wanted, door), first);
                return Finish(behind.Slice(1, 0, (int)grid.ElementCount), vector, door);
            },
            new SignalOffer(Signal.NetworkInput, () => JointStream.Pack(input.Latents, 1)));
        return JointStream.Unpack(output.ToTensor(), latents, 1).Escape();
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        _rotations.Dispose();
        IDisposable?[] parts =
        [
            _weights.Image, _weights.Text, _weights.Time, _weights.Guidance, _weights.ImageModulation, _weights.TextModulation,
            _weights.SingleModulation, _weights.FinalModulation, _weights.Final,
        ];
        foreach (var part in parts.Concat(_doubleBlocks).Concat(_singleBlocks))
        {
            part?.Dispose();
        }

        _prompts.Dispose();
    }

    /// <summary>The rotary angles: of each row the picture's tokens, those of the pictures it refers to, its text's.</summary>
    internal JointRotation Rotation(Shape grid, IReadOnlyList<JointCondition> rows, int text) => _rotations.Of(grid, rows, text);

    /// <summary>The last norm and map, of any tokens of the picture: [rows, tokens, outputs].</summary>
    /// <param name="features">[rows, tokens, channels].</param>
    /// <param name="vector">SiLU of the vector of each row.</param>
    /// <param name="door">Is shown the norm.</param>
    internal Tensor Finish(Tensor features, ConditionVector vector, IFeatureDoor door)
    {
        var modulation = vector.Linear(_weights.FinalModulation); // [rows, 2 · channels]
        var normed = features.ModulatedLayerNorm(modulation.Chunk(0, 2), modulation.Chunk(1, 2), Flux2Config.NormEpsilon);
        door.Show("norm_out", normed);
        return normed.Linear(_weights.Final);
    }

    /// <summary>SiLU(timestep + guidance): every modulation begins with this SiLU, so it is taken once.</summary>
    internal ConditionVector VectorOf(IReadOnlyList<float> timesteps, IReadOnlyList<float?> guidance, IFeatureDoor door)
    {
        var vector = _weights.Time.Apply(FluxEmbeddings.Sinusoid(Backend, [.. timesteps]));
        if (_weights.Guidance is { } embedder)
        {
            vector += embedder.Apply(FluxEmbeddings.Sinusoid(Backend, [.. guidance.Select(g => 1000 * g!.Value)]));
        }

        door.Show("time_guidance_embed", vector);
        return _modulations.Of(vector.Activate(Activation.Silu), timesteps.Select((timestep, row) => _weights.Guidance is null
            ? new ConditionKey(timestep) : new ConditionKey(timestep, guidance[row]!.Value)));
    }

    /// <summary>What all blocks share.</summary>
    internal SharedModulation Modulate(ConditionVector vector) => new(
        JointModulation.Of(vector, _weights.ImageModulation, branches: 2),
        JointModulation.Of(vector, _weights.TextModulation, branches: 2),
        JointModulation.Of(vector, _weights.SingleModulation, branches: 1)[0]);

    // Four axes: picture, row, column, place in the text.
    internal static int[] Places(Shape grid, IReadOnlyList<Shape> references, int text)
    {
        var places = new List<int>();
        foreach (var (index, size) in references.Prepend(grid).Index())
        {
            for (var token = 0; token < size.ElementCount; token++)
            {
                places.AddRange([index * ReferenceDistance, token / size[1], token % size[1], 0]);
            }
        }

        for (var token = 0; token < text; token++)
        {
            places.AddRange([0, 0, 0, token]);
        }

        return [.. places];
    }

    private Tensor RunBlock(int layer, Tensor stream, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        if (layer < Config.DoubleBlockCount)
        {
            return _doubleBlocks[layer].Forward(stream, rows, wanted, door);
        }

        var behind = _singleBlocks[layer - Config.DoubleBlockCount].Forward(stream, rows, wanted, door);
        door.Show($"single_transformer_blocks.{layer - Config.DoubleBlockCount}", behind);
        return behind;
    }
}
