using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Flux;
using Augur.Models.Joint;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.QwenImage;

/// <summary>The weights of the whole network. TextNorm: [text channels]. Kinds: [2, channels]; null in networks without layers.</summary>
internal sealed record QwenImageWeights(
    PackedLinear Image,
    Tensor TextNorm,
    PackedLinear Text,
    JointEmbedder Time,
    Tensor? Kinds,
    IReadOnlyList<JointDoubleBlockWeights> Blocks,
    PackedLinear FinalModulation,
    PackedLinear Final);

/// <summary>
/// Qwen-Image (Alibaba, arXiv 2508.02324): the flow from noise to a picture, or to its layers, under a text and pictures that it refers to, predicted
/// by joint blocks. Guidance compares two texts and keeps the length of each token's conditional prediction.
/// A condition is a prompt, where its text encoder is loaded, a <see cref="PromptEmbedding"/>, or one of them in an <see cref="EditCondition"/>.
/// </summary>
public sealed class QwenImageModel : INetwork, IModulatedNetwork
{
    private readonly QwenImageWeights _weights;
    private readonly JointDoubleBlock[] _blocks;
    private readonly PromptReader _prompts;
    private readonly ModulationTable _modulations = new();
    private readonly RotationTables _rotations;

    internal QwenImageModel(QwenImageConfig config, QwenImageWeights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.TextChannels, 0, encoder, config.LatentChannels);
        _rotations = new(
            backend, config.PositionAxes, config.Theta, (grid, row, text) => QwenImageMap.Places(config, grid, row.Grids, text));
        var sizes = new JointSizes(config.HiddenSize, config.HeadCount, QwenImageConfig.NormEpsilon);
        _blocks = [.. weights.Blocks.Select((block, layer) => new JointDoubleBlock(sizes, layer, $"transformer_blocks.{layer}", block))];
    }

    /// <summary>Reads a transformer of the published position axes from a file or a folder of shards.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">
    /// It is not there, no Qwen-Image transformer, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public static QwenImageModel Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return QwenImageLayouts.Load(checkpoint, backend);
    }

    /// <summary>Its sizes.</summary>
    public QwenImageConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Shape LatentShape => Config.HasLayers
        ? [Config.LatentChannels, Config.LayerCount, Config.LatentHeight, Config.LatentWidth]
        : [Config.LatentChannels, Config.LatentHeight, Config.LatentWidth];

    /// <inheritdoc/>
    public int LatentMultiple => Config.HasLayers ? 0 : QwenImageConfig.PatchSize;

    /// <inheritdoc/>
    public int ReferenceChannels => Config.LatentChannels;

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Flow;

    /// <inheritdoc/>
    public GuidedRows Guide(Condition condition, Guidance guidance) =>
        _prompts.Pair(condition, guidance) with { KeptNorm = QwenImageConfig.PatchSize };

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions) => JointText.Encode(
        Backend,
        _prompts.Read(conditions),
        conditions,
        Config.ReferenceGridOf,
        QwenImageConfig.PatchSize,
        text => NormText(text).Linear(_weights.Text),
        _weights.Image);

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var text = Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max());
        return QwenImageMap.Of(Config, Config.GridOf(latent), JointText.ReferenceTokens(Name, rows), text);
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        JointStream.Check(Name, input.NotNull(), Config.LatentChannels, Config.GridOf, hasGuidance: false);
        using var scope = TensorScope.Begin();
        var (image, text) = (input.Map.Tokens[0], input.Map.Tokens[1]);
        JointCondition[] texts = [.. input.Conditions.Cast<JointCondition>()];
        var latents = input.Latents.Shape;
        var grid = Config.GridOf(new Shape([.. Enumerable.Range(1, latents.Rank - 1).Select(axis => latents[axis])]));
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            input.Latents,
            (present, at) =>
            {
                var (embedded, conditions) = (JointStream.Pack(present, QwenImageConfig.PatchSize).Linear(_weights.Image), at.NarrowRows(texts));
                var stream = JointStream.Join(embedded, conditions, image.Count + text.Count);
                door.Show("img_in", embedded);
                door.Show("txt_in", stream.Slice(1, image.Count, text.Count));
                var vector = VectorOf(at.NarrowRows(input.Timesteps), door);
                var rows = new JointRows(
                    vector, [.. conditions.Select(t => image.Count + t.TokenCount)], _rotations.Of(grid, conditions, text.Count), image.Count)
                {
                    Later = StillVector(vector, (int)grid.ElementCount, image.Count),
                };
                var first = new SignalOffer(Signal.ModulatedInput, () => _blocks[0].ModulatedInput(stream, rows));
                var behind = JointStream.RunBlocks(
                    input, stream, rows, door, (layer, h, some, wanted) => _blocks[layer].Forward(h, some, wanted, door), first);
                return Finish(behind.Slice(1, 0, (int)grid.ElementCount), vector, door);
            },
            new SignalOffer(Signal.NetworkInput, () => JointStream.Pack(input.Latents, QwenImageConfig.PatchSize)));
        return JointStream.Unpack(output.ToTensor(), latents, QwenImageConfig.PatchSize).Escape();
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        _rotations.Dispose();
        IDisposable?[] parts =
        [
            _weights.Image, _weights.TextNorm, _weights.Text, _weights.Time, _weights.Kinds, _weights.FinalModulation, _weights.Final,
        ];
        foreach (var part in parts.Concat(_blocks))
        {
            part?.Dispose();
        }

        _prompts.Dispose();
    }

    /// <summary>The rotary angles: of each row the tokens of what is drawn, those of the pictures it refers to, its text's.</summary>
    internal JointRotation Rotation(Shape grid, IReadOnlyList<JointCondition> rows, int text) => _rotations.Of(grid, rows, text);

    /// <summary>A text as its encoder gives it [1, tokens, channels], normalised.</summary>
    internal Tensor NormText(Tensor text) => text.RmsNorm(_weights.TextNorm, QwenImageConfig.NormEpsilon);

    /// <summary>The last norm and map, of any tokens of the picture: [rows, tokens, outputs].</summary>
    /// <param name="features">[rows, tokens, channels].</param>
    /// <param name="vector">SiLU of the vector of each row.</param>
    /// <param name="door">Is shown the norm.</param>
    internal Tensor Finish(Tensor features, ConditionVector vector, IFeatureDoor door)
    {
        var modulation = vector.Linear(_weights.FinalModulation); // [rows, 2 · channels]
        var normed = features.ModulatedLayerNorm(modulation.Chunk(0, 2), modulation.Chunk(1, 2), QwenImageConfig.NormEpsilon);
        door.Show("norm_out", normed);
        return normed.Linear(_weights.Final);
    }

    /// <summary>SiLU of the timestep: every modulation begins with this SiLU, so it is taken once.</summary>
    internal ConditionVector VectorOf(IReadOnlyList<float> timesteps, IFeatureDoor door)
    {
        var vector = _weights.Time.Apply(FluxEmbeddings.Sinusoid(Backend, [.. timesteps]));
        if (_weights.Kinds is { } kinds)
        {
            vector += kinds.GatherRows(IndexTable.From(Backend, [.. Enumerable.Repeat(Config.LayerKind, timesteps.Count)]));
        }

        door.Show("time_text_embed", vector);
        return _modulations.Of(vector.Activate(Activation.Silu), timesteps.Select(timestep => new ConditionKey(timestep)));
    }

    private (int From, ConditionVector Vector)? StillVector(ConditionVector vector, int drawn, int images) =>
        Config.HasStillReferences && images > drawn ? (drawn, VectorOf(new float[vector.Values.Shape[0]], ComputeEverything.Instance)) : null;
}
