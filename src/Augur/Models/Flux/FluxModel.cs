using Augur.Caching;
using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Flux;

/// <summary>Two linear maps with SiLU between them, as every conditioning vector passes them.</summary>
internal sealed record FluxEmbedder(PackedLinear First, PackedLinear Second) : IDisposable
{
    public Tensor Apply(Tensor x) => x.Linear(First, Activation.Silu).Linear(Second);

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}

/// <summary>The weights of the whole network. Guidance: null in networks that are told none.</summary>
internal sealed record FluxWeights(
    PackedLinear Image,
    PackedLinear Text,
    FluxEmbedder Time,
    FluxEmbedder Pooled,
    FluxEmbedder? Guidance,
    IReadOnlyList<FluxDoubleBlockWeights> DoubleBlocks,
    IReadOnlyList<FluxSingleBlockWeights> SingleBlocks,
    PackedLinear FinalModulation,
    PackedLinear Final);

/// <summary>
/// FLUX.1 (Black Forest Labs, 2024): the flow from noise to a picture under a text, predicted by joint blocks of picture and text and single
/// blocks over both.
/// A condition is a prompt, where its text encoders are loaded, or a <see cref="PromptEmbedding"/>, made elsewhere.
/// </summary>
public sealed class FluxModel : INetwork
{
    private readonly FluxWeights _weights;
    private readonly FluxDoubleBlock[] _doubleBlocks;
    private readonly FluxSingleBlock[] _singleBlocks;
    private readonly PromptReader _prompts;

    internal FluxModel(FluxConfig config, FluxWeights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.TextChannels, config.PooledChannels, encoder);
        _doubleBlocks = [.. weights.DoubleBlocks.Select((block, layer) => new FluxDoubleBlock(config, layer, block))];
        _singleBlocks = [.. weights.SingleBlocks.Select((block, i) => new FluxSingleBlock(config, config.DoubleBlockCount + i, block))];
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
    public Prediction Prediction => Prediction.Flow;

    /// <inheritdoc/>
    /// <remarks>One row: dev is told the strength of guidance, schnell was distilled to follow none.</remarks>
    public GuidedRows Guide(Condition condition, Guidance guidance)
    {
        return Config.HasGuidance ? _prompts.Single(condition, (float)guidance.Scale)
            : guidance.Scale == 1 ? _prompts.Single(condition)
            : throw new ArgumentException(FormattableString.Invariant($"{Name} follows no guidance; guidance is 1, not {guidance.Scale}."));
    }

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions)
    {
        return [.. _prompts.Read(conditions).Select(text =>
        {
            using var scope = TensorScope.Begin();
            var tokens = Tensor.From(Backend, text.Tokens.AsSpan(), [1, text.TokenCount, text.Channels]).Linear(_weights.Text);
            var pooled = _weights.Pooled.Apply(Tensor.From(Backend, text.Pooled.AsSpan(), [1, text.Pooled.Length]));
            return new TextEmbedding(tokens.Retain(), pooled.Retain());
        })];
    }

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return FluxMap.Of(Config, Config.GridOf(latent), Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max()));
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        CheckRows(input);
        using var scope = TensorScope.Begin();
        var (image, text) = (input.Map.Tokens[0], input.Map.Tokens[1]);
        var rotation = FluxEmbeddings.Rotation(Backend, Config, image.Grid, text.Count);
        TextEmbedding[] texts = [.. input.Conditions.Cast<TextEmbedding>()];
        var packed = Pack(input.Latents);
        var output = door.GetOrCompute(
            Site.Output,
            Embed(packed, texts, text.Count, door),
            (stream, at) =>
            {
                var rows = new FluxRows(
                    VectorOf(at.NarrowRows(input.Timesteps), at.NarrowRows(input.Guidance), at.NarrowRows(texts), door),
                    [.. at.NarrowRows(texts).Select(t => image.Count + t.TokenCount)],
                    rotation,
                    image.Count);
                return Finish(rows.Part(RunBlocks(stream, rows, input, door), TokenGroup.Image), rows.Vector);
            },
            new SignalOffer(Signal.NetworkInput, () => packed));
        return Unpack(output.ToTensor(), image.Grid).Escape();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
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
    internal Tensor Pack(Tensor latents)
    {
        const int Side = FluxConfig.PatchSize;
        int rows = latents.Shape[0], height = latents.Shape[2] / Side, width = latents.Shape[3] / Side;
        return latents.Reshape([rows, Config.LatentChannels, height, Side, width, Side])
            .Permute(0, 2, 4, 1, 3, 5) // [rows, height, width, channels, 2, 2]
            .Reshape([rows, height * width, Config.InChannels]);
    }

    /// <summary>The way back.</summary>
    internal Tensor Unpack(Tensor tokens, Shape grid)
    {
        const int Side = FluxConfig.PatchSize;
        var rows = tokens.Shape[0];
        return tokens.Reshape([rows, grid[0], grid[1], Config.LatentChannels, Side, Side])
            .Permute(0, 3, 1, 4, 2, 5) // [rows, channels, height, 2, width, 2]
            .Reshape([rows, Config.LatentChannels, grid[0] * Side, grid[1] * Side]);
    }

    private Tensor RunBlocks(Tensor x, FluxRows rows, NetworkInput input, IFeatureDoor door) => door.GetOrCompute(
        input.Map.Blocks,
        x,
        (stream, at) =>
        {
            var present = rows.Narrow(at);
            return input.Parts.Count == 1 ? RunSpan(input.Parts[0], stream, present, door)
                : input.Parts.Aggregate(stream, (h, part) =>
                    door.GetOrCompute(part, h, (tokens, within) => RunSpan(part, tokens, present.Narrow(within), door)).ToTensor());
        },
        new SignalOffer(Signal.ModulatedInput, () => _doubleBlocks[0].ModulatedInput(x, rows))).ToTensor();

    private Tensor RunSpan(Site span, Tensor stream, FluxRows rows, IFeatureDoor door)
    {
        Tensor? between = null; // the stream between two blocks; the first one's input is the caller's
        foreach (var layer in Enumerable.Range(span.Layer, span.Count))
        {
            using var blockScope = TensorScope.Begin(); // a block's intermediates die with it, only the stream flows on
            var before = stream;
            stream = door.GetOrCompute(Site.Block(layer), before, (h, within) => RunBlock(layer, h, rows.Narrow(within), within, door)).ToTensor();
            if (stream != before)
            {
                between?.Dispose();
                between = stream.Escape();
            }
        }

        return stream;
    }

    private Tensor RunBlock(int layer, Tensor stream, FluxRows rows, Selection wanted, IFeatureDoor door)
    {
        if (layer < Config.DoubleBlockCount)
        {
            return _doubleBlocks[layer].Forward(stream, rows, wanted, door);
        }

        var behind = _singleBlocks[layer - Config.DoubleBlockCount].Forward(stream, rows, wanted, door);
        door.Show($"single_blocks.{layer - Config.DoubleBlockCount}", behind);
        return behind;
    }

    // SiLU(timestep + guidance + text), [rows, channels]: every modulation begins with this SiLU, so it is taken once.
    private Tensor VectorOf(IReadOnlyList<float> timesteps, IReadOnlyList<float?> guidance, IReadOnlyList<TextEmbedding> texts, IFeatureDoor door)
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

        return (time + pooled).Activate(Activation.Silu);
    }

    // The picture's tokens, then the text's, then zeros that nobody attends to: [rows, tokens, channels].
    private Tensor Embed(Tensor packed, TextEmbedding[] texts, int textTokens, IFeatureDoor door)
    {
        var image = packed.Linear(_weights.Image);
        door.Show("img_in.out", image);
        int rows = packed.Shape[0], images = packed.Shape[1], channels = Config.HiddenSize;
        var stream = Tensor.Empty(Backend, [rows, images + textTokens, channels]);
        for (var row = 0; row < rows; row++)
        {
            var (own, count) = (stream.Rows(row, 1).Reshape([images + textTokens, channels]), texts[row].TokenCount);
            own.Rows(0, images).CopyFromInPlace(image.Rows(row, 1).Reshape([images, channels]));
            own.Rows(images, count).CopyFromInPlace(texts[row].Tokens.Reshape([count, channels]));
            if (textTokens > count)
            {
                own.Rows(images + count, textTokens - count).CopyFromInPlace(Tensor.Zeros(Backend, [textTokens - count, channels]));
            }
        }

        door.Show("txt_in.out", stream.Slice(1, images, textTokens));
        return stream;
    }

    private Tensor Finish(Tensor features, Tensor vector)
    {
        var modulation = vector.Linear(_weights.FinalModulation); // [rows, 2 · channels]
        return features.ModulatedLayerNorm(modulation.Chunk(0, 2), modulation.Chunk(1, 2), FluxConfig.NormEpsilon).Linear(_weights.Final);
    }

    private void CheckRows(NetworkInput input)
    {
        var shape = input.Latents.Shape;
        if (shape.Rank != 4 || shape[0] != input.Timesteps.Count || shape[0] != input.Conditions.Count
            || Config.GridOf([shape[1], shape[2], shape[3]]) != input.Map.Tokens[0].Grid)
        {
            throw new ArgumentException(
                $"{Name} reads latents [rows, {Config.LatentChannels}, height, width] with a timestep and a text per row, "
                + $"not {shape} with {input.Timesteps.Count} and {input.Conditions.Count}.");
        }

        foreach (var condition in input.Conditions)
        {
            if (condition is not TextEmbedding text || text.TokenCount > input.Map.Tokens[1].Count)
            {
                throw new ArgumentException(
                    $"{Name} reads texts that it encoded, of at most {input.Map.Tokens[1].Count} tokens here, "
                    + $"not {condition.TokenCount} of {condition.GetType().Name}.");
            }
        }

        if (Config.HasGuidance && (input.Guidance.Count != shape[0] || input.Guidance.Any(g => g is null)))
        {
            throw new ArgumentException(
                $"{Name} is told the guidance of every row; of {shape[0]} rows {input.Guidance.Count(g => g is not null)} have one.");
        }
    }
}
