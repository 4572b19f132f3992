using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Flux;
using Augur.Models.Joint;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.ZImage;

/// <summary>The weights of the whole network. Fillers: [1, channels]. TextNorm: [text channels].</summary>
internal sealed record ZImageWeights(
    PackedLinear Image,
    Tensor ImageFiller,
    Tensor TextNorm,
    PackedLinear Text,
    Tensor TextFiller,
    JointEmbedder Time,
    IReadOnlyList<ZImageBlockWeights> NoiseRefiners,
    IReadOnlyList<ZImageBlockWeights> ContextRefiners,
    IReadOnlyList<ZImageBlockWeights> Blocks,
    PackedLinear FinalModulation,
    PackedLinear Final);

/// <summary>
/// Z-Image (Alibaba, arXiv 2511.22699): the flow from noise to a picture under a text, predicted by blocks over one sequence. Text refiners depend on
/// no timestep and are run once, when a text is encoded.
/// A condition is a prompt, where its text encoder is loaded, or a <see cref="PromptEmbedding"/>, made elsewhere.
/// </summary>
public sealed class ZImageModel : INetwork, IModulatedNetwork
{
    private readonly ZImageWeights _weights;
    private readonly ZImageBlock[] _noiseRefiners;
    private readonly ZImageBlock[] _contextRefiners;
    private readonly ZImageBlock[] _blocks;
    private readonly PromptReader _prompts;
    private readonly ModulationTable _modulations = new();
    private readonly RotationTables _rotations;

    internal ZImageModel(ZImageConfig config, ZImageWeights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.TextChannels, 0, encoder);
        _rotations = new(backend, config.PositionAxes, config.Theta, (grid, row, text) => ZImageMap.Places(grid, row.TokenCount, text));
        var sizes = new JointSizes(config.HiddenSize, config.HeadCount, ZImageConfig.NormEpsilon);
        _noiseRefiners = [.. weights.NoiseRefiners.Select(block => new ZImageBlock(sizes, 0, block))];
        _contextRefiners = [.. weights.ContextRefiners.Select(block => new ZImageBlock(sizes, 0, block))];
        _blocks = [.. weights.Blocks.Select((block, layer) => new ZImageBlock(sizes, layer, block))];
    }

    /// <summary>Reads a transformer of the published position axes from a file or a folder of shards, in either published key layout.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">
    /// It is not there, no Z-Image transformer, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public static ZImageModel Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return ZImageLayouts.Load(checkpoint, backend);
    }

    /// <summary>Its sizes.</summary>
    public ZImageConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Shape LatentShape => [Config.LatentChannels, Config.LatentHeight, Config.LatentWidth];

    /// <inheritdoc/>
    public int LatentMultiple => ZImageConfig.PatchSize;

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Flow;

    /// <inheritdoc/>
    public GuidedRows Guide(Condition condition, Guidance guidance) => _prompts.Pair(condition, guidance);

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions) =>
        [.. _prompts.Read(conditions).Select(text => Encode(text, ComputeEverything.Instance))];

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return ZImageMap.Of(Config, Config.GridOf(latent), Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max()));
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        JointStream.Check(Name, input.NotNull(), Config.LatentChannels, Config.GridOf, hasGuidance: false);
        using var scope = TensorScope.Begin();
        JointCondition[] texts = [.. input.Conditions.Cast<JointCondition>()];
        var latents = input.Latents.Shape;
        Shape grid = [latents[2] / ZImageConfig.PatchSize, latents[3] / ZImageConfig.PatchSize];
        var (images, all) = ((int)grid.ElementCount, input.Map.Stream[0]);
        var filled = ZImageConfig.Filled(images);
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            input.Latents,
            (present, at) =>
            {
                var (embedded, conditions) = (Pack(present).Linear(_weights.Image), at.NarrowRows(texts));
                var stream = JointStream.Join(Filled(embedded, _weights.ImageFiller), conditions, all);
                door.Show("x_embedder", embedded);
                var rows = new JointRows(
                    VectorOf(at.NarrowRows(input.Timesteps), door),
                    [.. conditions.Select(t => filled + t.TokenCount)],
                    _rotations.Of(grid, conditions, all - filled),
                    images);
                var refined = Refined(stream, filled, rows, door);
                var first = new SignalOffer(Signal.ModulatedInput, () => _blocks[0].ModulatedInput(refined, rows));
                var behind = JointStream.RunBlocks(
                    input, refined, rows, door, (layer, h, some, wanted) => RunBlock(layer, h, some, wanted, door), first);
                return -1f * Finish(behind, rows, door); // the network predicts from noise to picture what flow has the other way round
            },
            new SignalOffer(Signal.NetworkInput, () => Pack(input.Latents)));
        return Unpack(output.ToTensor(), latents).Escape();
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        _rotations.Dispose();
        IDisposable?[] parts =
        [
            _weights.Image, _weights.ImageFiller, _weights.TextNorm, _weights.Text, _weights.TextFiller, _weights.Time, _weights.FinalModulation,
            _weights.Final,
        ];
        foreach (var part in parts.Concat(_noiseRefiners).Concat(_contextRefiners).Concat(_blocks))
        {
            part?.Dispose();
        }

        _prompts.Dispose();
    }

    /// <summary>Embeds and refines a text: all that depends on it alone.</summary>
    /// <param name="text">As its encoder gives it.</param>
    /// <param name="door">Is shown intermediates.</param>
    internal JointCondition Encode(PromptEmbedding text, IFeatureDoor door)
    {
        using var scope = TensorScope.Begin();
        var x = Tensor.From(Backend, text.Tokens.AsSpan(), [1, text.TokenCount, text.Channels])
            .RmsNorm(_weights.TextNorm, ZImageConfig.NormEpsilon).Linear(_weights.Text);
        door.Show("cap_embedder", x);
        x = Filled(x, _weights.TextFiller);
        var count = x.Shape[1];
        var places = ZImageMap.Places([1, 1], count, count)[(3 * ZImageConfig.SequenceMultiple)..];
        var rows = new JointRows(new ConditionVector(x), [count], JointRotation.Of(Backend, Config.PositionAxes, Config.Theta, [places]), 0);
        foreach (var (i, refiner) in _contextRefiners.Index())
        {
            x = refiner.Refine(x, rows);
            door.Show($"context_refiner.{i}", x);
        }

        return new JointCondition(x.Retain());
    }

    /// <summary>Latents [rows, channels, height, width] as tokens [rows, tokens, 2 · 2 · channels], channels innermost.</summary>
    internal Tensor Pack(Tensor latents)
    {
        const int Side = ZImageConfig.PatchSize;
        int rows = latents.Shape[0], down = latents.Shape[2] / Side, across = latents.Shape[3] / Side;
        return latents.Reshape([rows, Config.LatentChannels, down, Side, across, Side])
            .Permute(0, 2, 4, 3, 5, 1) // [rows, height, width, 2, 2, channels]
            .Reshape([rows, down * across, Config.InChannels]);
    }

    private Tensor Unpack(Tensor tokens, Shape latents)
    {
        const int Side = ZImageConfig.PatchSize;
        return tokens.Reshape([latents[0], latents[2] / Side, latents[3] / Side, Side, Side, Config.LatentChannels])
            .Permute(0, 5, 1, 3, 2, 4) // [rows, channels, height, 2, width, 2]
            .Reshape(latents);
    }

    // A sequence filled up to a multiple of 32 by a learned token.
    private static Tensor Filled(Tensor x, Tensor filler)
    {
        var missing = ZImageConfig.Filled(x.Shape[1]) - x.Shape[1];
        if (missing == 0)
        {
            return x;
        }

        var one = Tensor.Empty(x.Backend, [x.Shape[0], missing, x.Shape[2]]);
        var rows = one.Reshape([x.Shape[0] * missing, x.Shape[2]]);
        for (var row = 0; row < rows.Shape[0]; row++)
        {
            rows.Rows(row, 1).CopyFromInPlace(filler);
        }

        return Tensor.Concatenate([x, one], 1);
    }

    // The picture's part of the stream behind its refiners, the text's as it is.
    private Tensor Refined(Tensor stream, int filled, JointRows rows, IFeatureDoor door)
    {
        var x = stream.Slice(1, 0, filled);
        var alone = rows with
        {
            Keys = [.. rows.Keys.Select(_ => filled)],
            Rotation = rows.Rotation.First(filled),
        };
        foreach (var (i, refiner) in _noiseRefiners.Index())
        {
            x = refiner.Refine(x, alone);
            door.Show($"noise_refiner.{i}", x);
        }

        return Tensor.Concatenate([x, stream.Slice(1, filled, stream.Shape[1] - filled)], 1);
    }

    private Tensor RunBlock(int layer, Tensor stream, JointRows rows, Selection wanted, IFeatureDoor door)
    {
        var behind = _blocks[layer].Forward(stream, rows, wanted, door);
        door.Show($"layers.{layer}", behind);
        return behind;
    }

    private Tensor Finish(Tensor stream, JointRows rows, IFeatureDoor door)
    {
        var x = rows.Part(stream, TokenGroup.Image);
        var scale = rows.Vector.Values.Activate(Activation.Silu).Linear(_weights.FinalModulation); // [rows, channels]
        var y = x.ModulatedLayerNorm(Tensor.Zeros(Backend, scale.Shape), scale, ZImageConfig.FinalNormEpsilon).Linear(_weights.Final);
        door.Show("final_layer", y);
        return y;
    }

    // The network counts from noise, 0, to the picture, 1000.
    private ConditionVector VectorOf(IReadOnlyList<float> timesteps, IFeatureDoor door)
    {
        var vector = _weights.Time.Apply(FluxEmbeddings.Sinusoid(Backend, [.. timesteps.Select(t => 1000 - t)]));
        door.Show("t_embedder", vector);
        return _modulations.Of(vector, timesteps.Select(timestep => new ConditionKey(timestep)));
    }
}
