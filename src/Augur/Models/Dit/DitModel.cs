using Augur.Caching;
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
public sealed class DitModel : INetwork
{
    private readonly DitWeights _weights;
    private readonly DitBlock[] _blocks;

    internal DitModel(DitConfig config, DitWeights weights, IBackend backend)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _blocks = [.. weights.Blocks.Select((block, layer) => new DitBlock(config, layer, block))];
    }

    /// <summary>Its sizes.</summary>
    public DitConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public int Depth => Config.Depth;

    /// <inheritdoc/>
    public Shape LatentShape => [Config.InChannels, Config.InputSize, Config.InputSize];

    /// <inheritdoc/>
    public Shape StreamShape => [Config.TokenCount, Config.HiddenSize];

    /// <inheritdoc/>
    public Shape OutputShape => [Config.TokenCount, Config.PatchSize * Config.PatchSize * Config.OutChannels];

    /// <inheritdoc/>
    public Shape GridShape => [Config.GridSize, Config.GridSize];

    /// <inheritdoc/>
    public int ClassCount => Config.ClassCount;

    /// <inheritdoc/>
    public Prediction Prediction => Config.Prediction;

    /// <inheritdoc/>
    public bool LearnsVariance => Config.LearnsVariance;

    /// <inheritdoc/>
    public long FlopsPerRow => Config.FlopsPerRow;

    /// <inheritdoc/>
    public long FlopsOf(Site site, int tokens) => Config.FlopsOf(site, tokens);

    /// <inheritdoc/>
    public Tensor Predict(Tensor latents, ReadOnlySpan<float> timesteps, ReadOnlySpan<int> labels, IFeatureDoor cache) =>
        Predict(latents, timesteps, labels, cache, observe: null);

    /// <summary>The same, showing intermediates under the original code's names while they exist; for parity checks.</summary>
    internal Tensor Predict(
        Tensor latents, ReadOnlySpan<float> timesteps, ReadOnlySpan<int> labels, IFeatureDoor cache, Action<string, Tensor>? observe)
    {
        CheckRows(latents, timesteps, labels);
        float[] timestepsOfRows = [.. timesteps];
        int[] labelsOfRows = [.. labels];
        using var scope = TensorScope.Begin();
        cache.Offer(Site.Output, Signal.NetworkInput, () => Patchify(latents));
        var output = cache.GetOrCompute(Site.Output, Embed(latents, observe), (tokens, at) =>
        {
            var (t, y) = at.RowIndices is null ? (timestepsOfRows, labelsOfRows) : (Pick(timestepsOfRows, at), Pick(labelsOfRows, at));
            var condition = Condition(t, y, observe);
            cache.Offer(Site.Span(0, Depth), Signal.ModulatedInput, () => _blocks[0].ModulatedInput(tokens, condition));
            return Finish(RunBlocks(tokens, condition, cache, observe), condition);
        });
        var patches = output.ToTensor();
        observe?.Invoke("final_layer.out", patches);
        return Unpatchify(patches).Escape();
    }

    private Tensor RunBlocks(Tensor x, Tensor condition, IFeatureDoor cache, Action<string, Tensor>? observe) =>
        cache.GetOrCompute(Site.Span(0, Depth), x, (tokens, at) =>
        {
            var rows = at.NarrowRows(condition);
            var parts = cache.PartsOf(Site.Span(0, Depth));
            return parts.Count == 1 ? RunSpan(parts[0], tokens, rows, cache, observe)
                : parts.Aggregate(tokens, (stream, part) =>
                    cache.GetOrCompute(part, stream, (h, within) => RunSpan(part, h, within.NarrowRows(rows), cache, observe)).ToTensor());
        }).ToTensor();

    private Tensor RunSpan(Site span, Tensor tokens, Tensor condition, IFeatureDoor cache, Action<string, Tensor>? observe)
    {
        Tensor? between = null; // the stream between two blocks; the first one's input is the caller's
        foreach (var layer in Enumerable.Range(span.Layer, span.Count))
        {
            using var blockScope = TensorScope.Begin(); // a block's intermediates die with it, only the stream flows on
            var before = tokens;
            tokens = cache.GetOrCompute(Site.Block(layer), before, (h, within) => _blocks[layer].Forward(h, within.NarrowRows(condition), within, cache, observe)).ToTensor();
            if (tokens != before)
            {
                between?.Dispose();
                between = tokens.Escape();
            }

            observe?.Invoke($"blocks.{layer}.out", tokens);
        }

        return tokens;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
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
    private Tensor Condition(ReadOnlySpan<float> timesteps, ReadOnlySpan<int> labels, Action<string, Tensor>? observe)
    {
        var frequencies = DitEmbeddings.Timesteps(Backend, timesteps, Config.FrequenciesReachEnd);
        var time = frequencies.Linear(_weights.Time1, Activation.Silu).Linear(_weights.Time2);
        var label = _weights.Labels.GatherRows(Tensor.From(Backend, labels, [labels.Length]));
        observe?.Invoke("t_freq", frequencies);
        observe?.Invoke("t_embedder.out", time);
        observe?.Invoke("y_embedder.out", label);
        return (time + label).Activate(Activation.Silu);
    }

    private static T[] Pick<T>(T[] perRow, Selection at) => Array.ConvertAll(at.RowIndices!.ToInt32Array(), row => perRow[row]);

    private Tensor Embed(Tensor latents, Action<string, Tensor>? observe)
    {
        var grid = latents.Permute(0, 2, 3, 1).Conv2d(_weights.Patches, Config.PatchSize, default); // [batch, rows, columns, channels]
        var tokens = grid.Reshape([latents.Shape[0], Config.TokenCount, Config.HiddenSize]);
        observe?.Invoke("x_embedder.out", tokens);
        var everyRow = Tensor.From(Backend, new int[latents.Shape[0]], [latents.Shape[0]]);
        return tokens + _weights.Positions.GatherRows(everyRow);
    }

    private Tensor Finish(Tensor features, Tensor condition)
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

    private void CheckRows(Tensor latents, ReadOnlySpan<float> timesteps, ReadOnlySpan<int> labels)
    {
        var expected = new Shape(latents.Shape.Rank == 0 ? 0 : latents.Shape[0], Config.InChannels, Config.InputSize, Config.InputSize);
        if (latents.Shape != expected || timesteps.Length != expected[0] || labels.Length != expected[0])
        {
            throw new ArgumentException(
                $"{Name} reads latents [batch, {Config.InChannels}, {Config.InputSize}, {Config.InputSize}] with a timestep and a label per row, not {latents.Shape} with {timesteps.Length} and {labels.Length}.");
        }

        foreach (var label in labels)
        {
            if (label < 0 || label > Config.ClassCount)
            {
                throw new ArgumentOutOfRangeException(nameof(labels), $"{Name} knows classes 0 to {Config.ClassCount - 1} (and {Config.ClassCount}, the null class), not {label}.");
            }
        }
    }
}
