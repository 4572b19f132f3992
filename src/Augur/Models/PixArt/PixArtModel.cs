using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.PixArt;

/// <summary>
/// The weights around the blocks. Positions: [1, tokens, channels], null where they are computed; NullCaption: [tokens, caption channels], null
/// where the checkpoint holds none; Size, AspectRatio: null in networks that are told neither; FinalTable: [2, channels].
/// </summary>
internal sealed record PixArtWeights(
    PackedConv2d Patches,
    Tensor? Positions,
    JointEmbedder Time,
    JointEmbedder? Size,
    JointEmbedder? AspectRatio,
    PackedLinear Modulation,
    JointEmbedder Caption,
    Tensor? NullCaption,
    IReadOnlyList<PixArtBlockWeights> Blocks,
    Tensor FinalTable,
    PackedLinear Final);

/// <summary>
/// PixArt-α and PixArt-Σ (Chen et al., 2023 and 2024): noise prediction from a latent, a timestep and a caption that the blocks read by
/// cross-attention. A condition is a prompt, where its text encoder is loaded, or a <see cref="PromptEmbedding"/> without a pooled vector, made
/// elsewhere: the tokens of the text alone, without what fills it up.
/// </summary>
public sealed class PixArtModel : INetwork, IModulatedNetwork
{
    private readonly PixArtWeights _weights;
    private readonly PixArtBlock[] _blocks;
    private readonly PromptReader _prompts;
    private readonly ModulationTable _modulations = new();

    internal PixArtModel(PixArtConfig config, PixArtWeights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = new PromptReader(Name, config.CaptionChannels, 0, encoder);
        _blocks = [.. weights.Blocks.Select((block, layer) => new PixArtBlock(config, layer, block))];
    }

    /// <summary>
    /// Reads a transformer from a file or a folder, in either published key layout, with the config.json beside it where there is one.
    /// </summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="encoder">Makes embeddings of prompts, disposed with the model; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">
    /// It is not there, no PixArt transformer, a size is not known, or a tensor is missing, left over, or has another shape.
    /// </exception>
    public static PixArtModel Load(string path, IBackend backend, IPromptEncoder? encoder = null)
    {
        using var checkpoint = Checkpoint.Open(path);
        return PixArtLayouts.Load(checkpoint, backend, PixArtLayouts.ConfigBeside(path), encoder: encoder);
    }

    /// <summary>Its sizes.</summary>
    public PixArtConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Shape LatentShape => [Config.InChannels, Config.InputSize, Config.InputSize];

    /// <inheritdoc/>
    public int LatentMultiple => Config.PatchSize;

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Epsilon;

    /// <inheritdoc/>
    /// <remarks>
    /// Guidance compares with the negative text; where none is given, with the null caption of the checkpoint, as long as the text, which is how the
    /// network was trained; where it holds none, with the empty prompt.
    /// </remarks>
    public GuidedRows Guide(Condition condition, Guidance guidance) => guidance.NeedsUnconditional && _weights.NullCaption is not null
        && _prompts.Check(condition) is PromptCondition { Negative: null } or PromptEmbedding { Negative: null }
        ? GuidedRows.Pair(condition, new NullCaption(condition), guidance)
        : _prompts.Pair(condition, guidance);

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions)
    {
        Condition[] texts = [.. conditions.Select(c => c is NullCaption none ? none.Text : c).Distinct()];
        var read = texts.Zip(_prompts.Read(texts)).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (var none in conditions.OfType<NullCaption>())
        {
            RequireNullCaption(read[none.Text].TokenCount); // before anything is made that would have to be released
        }

        return [.. conditions.Select(condition =>
        {
            using var scope = TensorScope.Begin();
            var caption = condition is NullCaption none ? NullCaptionOf(read[none.Text].TokenCount) : CaptionOf(read[condition]);
            return new PixArtText(_weights.Caption.Apply(caption).Retain()) { Digest = ConditionKey.Digest(caption.ToArray()) };
        })];
    }

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return PixArtMap.Of(Config, Config.GridOf(latent), Config.TextTokens(rows.Select(row => row.TokenCount).DefaultIfEmpty(1).Max()));
    }

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        CheckRows(input.NotNull());
        using var scope = TensorScope.Begin();
        var grid = input.Map.Tokens[0].Grid;
        PixArtText[] texts = [.. input.Conditions.Cast<PixArtText>()];
        var size = PictureSize.Of([Config.InChannels, input.Latents.Shape[2], input.Latents.Shape[3]]);
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            input.Latents,
            (latents, at) =>
            {
                var stream = Embed(latents, grid, door);
                var rows = RowsOf(at.NarrowRows(input.Timesteps), at.NarrowRows(texts), size, door);
                var behind = BlockChain.Run(
                    input, stream, rows, (layer, h, present, wanted) => _blocks[layer].Forward(h, present, wanted, door),
                    new SignalOffer(Signal.ModulatedInput, () => _blocks[0].ModulatedInput(stream, rows)), door);
                return Finish(behind, rows);
            },
            new SignalOffer(Signal.NetworkInput, () => LatentPatches.Fold(input.Latents, grid, Config.PatchSize, Config.OutChannels)));
        var patches = output.ToTensor();
        door.Show("final_layer.out", patches);
        return LatentPatches.Unfold(patches, grid, Config.PatchSize).Escape();
    }

    ModulationTable IModulatedNetwork.Modulations => _modulations;

    /// <inheritdoc/>
    public void Dispose()
    {
        _modulations.Dispose();
        foreach (var part in (IEnumerable<IDisposable?>)
            [_prompts, .. _blocks, _weights.Patches, _weights.Positions, _weights.Time, _weights.Size, _weights.AspectRatio, _weights.Modulation,
            _weights.Caption, _weights.NullCaption, _weights.FinalTable, _weights.Final])
        {
            part?.Dispose();
        }
    }

    /// <summary>A caption in the width of the stream, [1, tokens, channels]; for comparisons.</summary>
    internal Tensor Project(PromptEmbedding text) => _weights.Caption.Apply(CaptionOf(text));

    private Tensor CaptionOf(PromptEmbedding text) => Tensor.From(Backend, text.Tokens.AsSpan(), [1, text.TokenCount, text.Channels]);

    private Tensor NullCaptionOf(int tokens) => _weights.NullCaption!.Rows(0, tokens).Reshape([1, tokens, Config.CaptionChannels]);

    private void RequireNullCaption(int tokens)
    {
        if (tokens > Config.NullCaptionTokens)
        {
            throw new ArgumentException(
                $"{Name} has a null caption of {Config.NullCaptionTokens} tokens, but the text has {tokens}; shorten it, or give a negative text.");
        }
    }

    private PixArtRows RowsOf(IReadOnlyList<float> timesteps, IReadOnlyList<PixArtText> texts, PictureSize usual, IFeatureDoor door)
    {
        var time = _weights.Time.Apply(Sinusoid(timesteps));
        door.Show("t_embedder.out", time);
        var keys = timesteps.Select(timestep => new ConditionKey(timestep));
        if (_weights.Size is { } sizes && _weights.AspectRatio is { } ratios)
        {
            var (rows, third) = (texts.Count, Config.HiddenSize / 3);
            PictureSize[] pictures = [.. texts.Select(text => text.Size ?? usual)];
            var size = sizes.Apply(Sinusoid([.. pictures.SelectMany(p => (float[])[p.Height, p.Width])])).Reshape([rows, 2 * third]);
            var ratio = ratios.Apply(Sinusoid([.. pictures.Select(p => p.AspectRatio)])); // [rows, third]
            door.Show("csize_embedder.out", size);
            door.Show("ar_embedder.out", ratio);
            time += Tensor.Concatenate([size, ratio], 1);
            keys = timesteps.Zip(pictures, (timestep, p) => new ConditionKey(timestep, p.Height, p.Width, p.AspectRatio));
        }

        var modulation = _modulations.Of(time.Activate(Activation.Silu), keys).Linear(_weights.Modulation);
        door.Show("t_block.out", modulation);
        var ones = Tensor.Full(Backend, time.Shape, 1);
        var captions = _modulations.OfTexts([.. texts.Select(text => (text.Tokens, text.Digest))]);
        return new PixArtRows(time, modulation, ones, captions, [.. texts.Select(t => t.TokenCount)]);
    }

    private Tensor Sinusoid(IReadOnlyList<float> values) => DitEmbeddings.Timesteps(Backend, [.. values], frequenciesReachEnd: false);

    private Tensor Embed(Tensor latents, Shape grid, IFeatureDoor door)
    {
        int rows = latents.Shape[0], count = (int)grid.ElementCount;
        var cells = latents.Permute(0, 2, 3, 1).Conv2d(_weights.Patches, Config.PatchSize, default); // [rows, grid rows, grid columns, channels]
        var tokens = cells.Reshape([rows, count, Config.HiddenSize]);
        door.Show("x_embedder.out", tokens);
        return tokens + PositionsOf(grid).GatherRows(IndexTable.From(Backend, new int[rows]));
    }

    // The checkpoint's table belongs to the grid that the network was trained for.
    private Tensor PositionsOf(Shape grid) => _weights.Positions is { } trained && grid[0] == grid[1] && grid.ElementCount == trained.Shape[1]
        ? trained : PixArtPositions.Of(Backend, Config, grid);

    private Tensor Finish(Tensor features, PixArtRows rows)
    {
        var modulation = Tensor.Concatenate([rows.Time, rows.Time], 1) + rows.OfEach(_weights.FinalTable); // [rows, 2 · channels]
        return features.ModulatedLayerNorm(modulation.Chunk(0, 2), modulation.Chunk(1, 2), PixArtConfig.NormEpsilon).Linear(_weights.Final);
    }

    private void CheckRows(NetworkInput input)
    {
        var shape = input.Latents.Shape;
        if (shape.Rank != 4 || shape[0] != input.Timesteps.Count || shape[0] != input.Conditions.Count
            || Config.GridOf([shape[1], shape[2], shape[3]]) != input.Map.Tokens[0].Grid)
        {
            throw new ArgumentException(
                $"{Name} reads latents [rows, {Config.InChannels}, height, width] with a timestep and a text per row, "
                + $"not {shape} with {input.Timesteps.Count} and {input.Conditions.Count}.");
        }

        if (input.Conditions.FirstOrDefault(c => c is not PixArtText) is { } other)
        {
            throw new ArgumentException($"{Name} reads texts that it encoded, not {other.GetType().Name}.");
        }
    }
}
