using Augur.Caching;
using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Models.Dit;

/// <summary>The weights around the blocks. Labels: [classes + 1, channels]; Positions: [1, tokens, channels].</summary>
internal sealed record DitWeights(
    PackedConv2d Patches,
    Tensor Positions,
    PackedLinear Time1,
    PackedLinear Time2,
    Tensor Labels,
    IReadOnlyList<DitBlockWeights> Blocks,
    PackedLinear FinalModulation,
    PackedLinear Final);

/// <summary>The class-conditional diffusion transformer of Peebles and Xie (2023): noise prediction from a latent, a timestep and a class.</summary>
public sealed class DitModel : INetwork, IModulatedNetwork
{
    private readonly DitWeights _weights;
    private readonly DitBlock[] _blocks;
    private readonly NetworkMap _map;
    private readonly ModulationTable _modulations = new();

    internal DitModel(DitConfig config, DitWeights weights, IBackend backend)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _blocks = [.. weights.Blocks.Select((block, layer) => new DitBlock(config, layer, block))];
        _map = DitMap.Of(config);
    }

    /// <summary>Its sizes.</summary>
    public DitConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Shape LatentShape => [Config.InChannels, Config.InputSize, Config.InputSize];

    /// <inheritdoc/>
    public Prediction Prediction => Config.Prediction;

    /// <inheritdoc/>
    public GuidedRows Guide(Condition condition, Guidance guidance)
    {
        CheckLabel(condition);
        return GuidedRows.Pair(condition, Condition.Class(Config.ClassCount), guidance);
    }

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions) =>
        [.. conditions.Select(condition => new ClassLabel(CheckLabel(condition)))];

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows) => latent == LatentShape ? _map
        : throw new ArgumentException($"{Name} draws latents of {LatentShape}, not of {latent}.");

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        CheckRows(input.NotNull());
        var latents = input.Latents;
        using var scope = TensorScope.Begin();
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            latents,
            (present, at) =>
            {
                var condition = ConditionOf(at.NarrowRows(input.Timesteps), at.NarrowRows(input.Conditions), door);
                return Finish(RunBlocks(Embed(present, door), condition, input.Parts, door), condition);
            },
            new SignalOffer(Signal.NetworkInput, () => Patchify(latents)));
        var patches = output.ToTensor();
        door.Show("final_layer.out", patches);
        return Unpatchify(patches).Escape();
    }

    private Tensor RunBlocks(Tensor x, ConditionVector condition, IReadOnlyList<Site> parts, IFeatureDoor door) => door.GetOrCompute(
        _map.Blocks,
        x,
        (tokens, at) =>
        {
            var rows = condition.Narrow(at);
            return parts.Count == 1 ? RunSpan(parts[0], tokens, rows, door)
                : parts.Aggregate(tokens, (stream, part) =>
                    door.GetOrCompute(part, stream, (h, within) => RunSpan(part, h, rows.Narrow(within), door)).ToTensor());
        },
        new SignalOffer(Signal.ModulatedInput, () => _blocks[0].ModulatedInput(x, condition))).ToTensor();

    private Tensor RunSpan(Site span, Tensor tokens, ConditionVector condition, IFeatureDoor door)
    {
        Tensor? between = null; // the stream between two blocks; the first one's input is the caller's
        foreach (var layer in Enumerable.Range(span.Layer, span.Count))
        {
            using var blockScope = TensorScope.Begin(); // a block's intermediates die with it, only the stream flows on
            var before = tokens;
            tokens = door.GetOrCompute(
                Site.Block(layer), before, (h, within) => _blocks[layer].Forward(h, condition.Narrow(within), within, door)).ToTensor();
            if (tokens != before)
            {
                between?.Dispose();
                between = tokens.Escape();
            }

            door.Show($"blocks.{layer}.out", tokens);
        }

        return tokens;
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        foreach (var block in _blocks)
        {
            block.Dispose();
        }

        _weights.Patches.Dispose();
        _weights.Positions.Dispose();
        _weights.Time1.Dispose();
        _weights.Time2.Dispose();
        _weights.Labels.Dispose();
        _weights.FinalModulation.Dispose();
        _weights.Final.Dispose();
    }

    // SiLU(timestep embedding + class embedding), [batch, channels]: every adaLN begins with this SiLU, so it is taken once.
    private ConditionVector ConditionOf(IReadOnlyList<float> timesteps, IReadOnlyList<EncodedCondition> conditions, IFeatureDoor door)
    {
        int[] labels = [.. conditions.Select(condition => ((ClassLabel)condition).Label)];
        var frequencies = DitEmbeddings.Timesteps(Backend, [.. timesteps], Config.FrequenciesReachEnd);
        var time = frequencies.Linear(_weights.Time1, Activation.Silu).Linear(_weights.Time2);
        var label = _weights.Labels.GatherRows(Tensor.From(Backend, labels, [labels.Length]));
        door.Show("t_freq", frequencies);
        door.Show("t_embedder.out", time);
        door.Show("y_embedder.out", label);
        return _modulations.Of(
            (time + label).Activate(Activation.Silu), timesteps.Zip(labels, (timestep, number) => new ConditionKey(timestep, number)));
    }

    private Tensor Embed(Tensor latents, IFeatureDoor door)
    {
        var grid = latents.Permute(0, 2, 3, 1).Conv2d(_weights.Patches, Config.PatchSize, default); // [batch, rows, columns, channels]
        var tokens = grid.Reshape([latents.Shape[0], Config.TokenCount, Config.HiddenSize]);
        door.Show("x_embedder.out", tokens);
        var everyRow = Tensor.From(Backend, new int[latents.Shape[0]], [latents.Shape[0]]);
        return tokens + _weights.Positions.GatherRows(everyRow);
    }

    private Tensor Finish(Tensor features, ConditionVector condition)
    {
        var modulation = condition.Linear(_weights.FinalModulation); // [batch, 2 * channels]
        return features.ModulatedLayerNorm(modulation.Chunk(0, 2), modulation.Chunk(1, 2), DitConfig.NormEpsilon).Linear(_weights.Final);
    }

    // The latent in the order of the network's output, [batch, tokens, patch * patch * output channels]; 0 where the output has a variance.
    private Tensor Patchify(Tensor latents)
    {
        int batch = latents.Shape[0], side = Config.GridSize, patch = Config.PatchSize, spare = Config.OutChannels - Config.InChannels;
        var padded = Tensor.Empty(Backend, [batch, Config.OutChannels, Config.InputSize, Config.InputSize]);
        var flat = padded.Reshape([batch, (int)padded.Shape.Product(1, 4)]);
        var pixels = Config.InputSize * Config.InputSize;
        flat.Columns(0, Config.InChannels * pixels).CopyFromInPlace(latents.Reshape([batch, Config.InChannels * pixels]));
        if (spare > 0)
        {
            flat.Columns(Config.InChannels * pixels, spare * pixels).CopyFromInPlace(Tensor.Full(Backend, [batch, spare * pixels], 0));
        }

        return padded.Reshape([batch, Config.OutChannels, side, patch, side, patch])
            .Permute(0, 2, 4, 3, 5, 1) // [batch, rows, columns, patch, patch, channels]
            .Reshape([batch, side * side, patch * patch * Config.OutChannels]);
    }

    private Tensor Unpatchify(Tensor tokens)
    {
        int batch = tokens.Shape[0], side = Config.GridSize, patch = Config.PatchSize, channels = Config.OutChannels;
        return tokens.Reshape([batch, side, side, patch, patch, channels])
            .Permute(0, 5, 1, 3, 2, 4) // [batch, channels, rows, patch, columns, patch]
            .Reshape([batch, channels, Config.InputSize, Config.InputSize]);
    }

    private void CheckRows(NetworkInput input)
    {
        var shape = input.Latents.Shape;
        var expected = new Shape(shape.Rank == 0 ? 0 : shape[0], Config.InChannels, Config.InputSize, Config.InputSize);
        if (shape != expected || input.Timesteps.Count != expected[0] || input.Conditions.Count != expected[0])
        {
            throw new ArgumentException(
                $"{Name} reads latents [batch, {Config.InChannels}, {Config.InputSize}, {Config.InputSize}] with a timestep and a label per row, "
                + $"not {shape} with {input.Timesteps.Count} and {input.Conditions.Count}.");
        }
    }

    private int CheckLabel(Condition condition) => condition is not ClassCondition { Label: var label }
        ? throw new ArgumentException($"{Name} draws classes by name or number, not {condition}.", nameof(condition))
        : label >= 0 && label <= Config.ClassCount ? label
        : throw new ArgumentOutOfRangeException(
            nameof(condition), $"Class {label} is not one of this model's 0 to {Config.ClassCount - 1} ({Config.ClassCount} is the null class).");
}
