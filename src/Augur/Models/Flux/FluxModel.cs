using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Joint;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Flux;

/// <summary>The weights of the whole network. Guidance: null in networks that are told none.</summary>
internal sealed record FluxWeights(
    PackedLinear Image,
    PackedLinear Text,
    JointEmbedder Time,
    JointEmbedder Pooled,
    JointEmbedder? Guidance,
    IReadOnlyList<JointDoubleBlockWeights> DoubleBlocks,
    IReadOnlyList<JointSingleBlockWeights> SingleBlocks,
    PackedLinear FinalModulation,
    PackedLinear Final);

/// <summary>
/// FLUX.1 (Black Forest Labs, 2024): the flow from noise to a picture under a text, predicted by joint blocks of picture and text and single
/// blocks over both.
/// A condition is a prompt, where its text encoders are loaded, or a <see cref="PromptEmbedding"/>, made elsewhere; where guidance is embedded, also
/// one of them with a picture that it refers to, in an <see cref="EditCondition"/>: Kontext is dev trained to read one, and has dev's shapes.
/// </summary>
public sealed class FluxModel : INetwork, IModulatedNetwork
{
    private readonly FluxWeights _weights;
    private readonly JointDoubleBlock[] _doubleBlocks;
    private readonly JointSingleBlock[] _singleBlocks;
    private readonly PromptReader _prompts;
    private readonly ModulationTable _modulations = new();
    private readonly RotationTables _rotations;

    internal FluxModel(FluxConfig config, FluxWeights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.TextChannels, config.PooledChannels, encoder, ReferenceChannels);
        _rotations = new(backend, config.PositionAxes, config.Theta, (grid, row, text) => FluxEmbeddings.Places(grid, row.Grids, text));
        var sizes = new JointSizes(config.HiddenSize, config.HeadCount, FluxConfig.NormEpsilon);
        _doubleBlocks = [.. weights.DoubleBlocks.Select((block, layer) => new JointDoubleBlock(sizes, layer, $"double_blocks.{layer}", block))];
        _singleBlocks = [.. weights.SingleBlocks.Select((block, i) => new JointSingleBlock(sizes, config.DoubleBlockCount + i, block))];
    }

    /// <summary>Reads a transformer of the published position axes from a file or a folder of shards, in either published key layout.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">
    /// It is not there, no FLUX transformer, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public static FluxModel Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return FluxLayouts.Load(checkpoint, backend);
    }

    /// <summary>Its sizes.</summary>
    public FluxConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Shape LatentShape => [Config.LatentChannels, Config.LatentHeight, Config.LatentWidth];

    /// <inheritdoc/>
    public int LatentMultiple => FluxConfig.PatchSize;

    /// <inheritdoc/>
    public int ReferenceChannels => Config.HasGuidance ? Config.LatentChannels : 0;

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Flow;

    /// <inheritdoc/>
    /// <remarks>One row: dev is told the strength of guidance, schnell was distilled to follow none.</remarks>
    public GuidedRows Guide(Condition condition, Guidance guidance)
    {
        if (condition is EditCondition { References.Length: > 1 } edit)
        {
            throw new ArgumentException($"{Name} refers to one picture, not to {edit.References.Length}.", nameof(condition));
        }

        return Config.HasGuidance ? _prompts.Single(condition, (float)guidance.Scale)
            : guidance.Scale == 1 ? _prompts.Single(condition)
            : throw new ArgumentException(FormattableString.Invariant($"{Name} follows no guidance; guidance is 1, not {guidance.Scale}."));
    }

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions) => JointText.Encode(
        Backend,
        _prompts.Read(conditions),
        conditions,
        Config.GridOf,
        FluxConfig.PatchSize,
        text => text.Linear(_weights.Text),
        _weights.Image,
        _weights.Pooled.Apply);

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max());
        return FluxMap.Of(Config, Config.GridOf(latent), JointText.ReferenceTokens(Name, rows), text);
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        JointStream.Check(Name, input.NotNull(), Config.LatentChannels, Config.GridOf, Config.HasGuidance);
        using var scope = TensorScope.Begin();
        var (image, text) = (input.Map.Tokens[0], input.Map.Tokens[1]);
        JointCondition[] texts = [.. input.Conditions.Cast<JointCondition>()];
        var grid = Config.GridOf([input.Latents.Shape[1], input.Latents.Shape[2], input.Latents.Shape[3]]);
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            input.Latents,
            (latents, at) =>
            {
                var conditions = at.NarrowRows(texts);
                var stream = Embed(Pack(latents), conditions, image.Count, text.Count, door);
                var rows = new JointRows(
                    VectorOf(at.NarrowRows(input.Timesteps), at.NarrowRows(input.Guidance), conditions, door),
                    [.. conditions.Select(t => image.Count + t.TokenCount)],
                    _rotations.Of(grid, conditions, text.Count),
                    image.Count);
                var first = new SignalOffer(Signal.ModulatedInput, () => _doubleBlocks[0].ModulatedInput(stream, rows));
                var behind = JointStream.RunBlocks(
                    input, stream, rows, door, (layer, h, present, wanted) => RunBlock(layer, h, present, wanted, door), first);
                return Finish(behind.Slice(1, 0, (int)grid.ElementCount), rows.Vector);
            },
            new SignalOffer(Signal.NetworkInput, () => Pack(input.Latents)));
        return Unpack(output.ToTensor(), grid).Escape();
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        _rotations.Dispose();
        IDisposable?[] parts =
        [
            _weights.Image, _weights.Text, _weights.Time, _weights.Pooled, _weights.Guidance, _weights.FinalModulation, _weights.Final,
        ];
        foreach (var part in parts.Concat(_doubleBlocks).Concat(_singleBlocks))
        {
            part?.Dispose();
        }

        _prompts.Dispose();
    }

    /// <summary>Latents [rows, channels, height, width] as tokens [rows, tokens, channels · 2 · 2], squares of cells in raster order.</summary>
    internal static Tensor Pack(Tensor latents) => JointStream.Pack(latents, FluxConfig.PatchSize);

    /// <summary>The way back.</summary>
    internal Tensor Unpack(Tensor tokens, Shape grid) => JointStream.Unpack(
        tokens,
        [tokens.Shape[0], Config.LatentChannels, grid[0] * FluxConfig.PatchSize, grid[1] * FluxConfig.PatchSize],
        FluxConfig.PatchSize);

    private Tensor RunBlock(int layer, Tensor stream, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        if (layer < Config.DoubleBlockCount)
        {
            return _doubleBlocks[layer].Forward(stream, rows, wanted, door);
        }

        var behind = _singleBlocks[layer - Config.DoubleBlockCount].Forward(stream, rows, wanted, door);
        door.Show($"single_blocks.{layer - Config.DoubleBlockCount}", behind);
        return behind;
    }

    // SiLU(timestep + guidance + text): every modulation begins with this SiLU, so it is taken once.
    private ConditionVector VectorOf(
        IReadOnlyList<float> timesteps, IReadOnlyList<float?> guidance, IReadOnlyList<JointCondition> texts, IFeatureDoor door)
    {
        var sinusoid = FluxEmbeddings.Sinusoid(Backend, [.. timesteps]);
        var time = _weights.Time.Apply(sinusoid);
        var pooled = Tensor.Concatenate([.. texts.Select(t => t.Pooled)], 0);
        door.Show("time_emb", sinusoid);
        door.Show("time_in.out", time);
        door.Show("vector_in.out", pooled);
        if (_weights.Guidance is { } embedder)
        {
            var strength = embedder.Apply(FluxEmbeddings.Sinusoid(Backend, [.. guidance.Select(g => 1000 * g!.Value)]));
            door.Show("guidance_in.out", strength);
            time += strength;
        }

        return _modulations.Of((time + pooled).Activate(Activation.Silu), texts.Select((text, row) => _weights.Guidance is null
            ? new ConditionKey(timesteps[row], text.PooledText.AsSpan())
            : new ConditionKey(timesteps[row], [guidance[row]!.Value, .. text.PooledText])));
    }

    // The picture's tokens, those of one that is referred to, the text's, then zeros that nobody attends to: [rows, tokens, channels].
    private Tensor Embed(Tensor packed, IReadOnlyList<JointCondition> texts, int imageTokens, int textTokens, IFeatureDoor door)
    {
        var image = packed.Linear(_weights.Image);
        var stream = JointStream.Join(image, texts, imageTokens + textTokens);
        door.Show("img_in.out", image);
        door.Show("txt_in.out", stream.Slice(1, imageTokens, textTokens));
        return stream;
    }

    private Tensor Finish(Tensor features, ConditionVector vector)
    {
        var modulation = vector.Linear(_weights.FinalModulation); // [rows, 2 · channels]
        return features.ModulatedLayerNorm(modulation.Chunk(0, 2), modulation.Chunk(1, 2), FluxConfig.NormEpsilon).Linear(_weights.Final);
    }
}
