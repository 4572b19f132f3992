using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.UVit;

/// <summary>
/// The weights around the blocks. Positions: [1, tokens, channels]; Labels: [classes, channels]. What a network has not is null.
/// </summary>
internal sealed record UVitWeights(
    PackedConv2d Patches,
    Tensor Positions,
    (PackedLinear First, PackedLinear Second)? Time,
    Tensor? Labels,
    PackedLinear? Text,
    IReadOnlyList<UVitBlockWeights> Blocks,
    (Tensor Weight, Tensor Bias) Norm,
    PackedLinear Output,
    PackedConv2d? Final);

/// <summary>
/// U-ViT (Bao et al., 2023): noise of a latent at a timestep under a class or a text. Classes count from 0, the last is the null class; a text is a
/// prompt, where its encoder is loaded, or a <see cref="PromptEmbedding"/> of the network's number of tokens.
/// </summary>
public sealed class UVitModel : INetwork
{
    private readonly UVitWeights _weights;
    private readonly UVitBlock[] _blocks;
    private readonly PromptReader? _prompts;
    private readonly NetworkMap _map;

    internal UVitModel(UVitConfig config, UVitWeights weights, IBackend backend, IPromptEncoder? encoder = null)
    {
        (Config, _weights, Backend) = (config, weights, backend);
        _prompts = config.TextChannels == 0 ? null : new PromptReader(Name, config.TextChannels, pooledChannels: 0, encoder);
        _blocks = [.. weights.Blocks.Select((block, layer) => new UVitBlock(config, layer, NameOf(config, layer), block))];
        _map = UVitMap.Of(config);
    }

    /// <summary>Reads a U-ViT in the original code's layout.</summary>
    /// <param name="path">Of the weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <exception cref="WeightFileException">It is not there, no U-ViT, or a tensor is missing, left over, or has another shape.</exception>
    public static UVitModel Load(string path, IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(path);
        return UVitLayout.Load(checkpoint, backend);
    }

    /// <summary>Its sizes.</summary>
    public UVitConfig Config { get; }

    /// <inheritdoc/>
    public string Name => Config.ToString();

    /// <inheritdoc/>
    public IBackend Backend { get; }

    /// <inheritdoc/>
    public Prediction Prediction => Prediction.Epsilon;

    /// <inheritdoc/>
    public Shape LatentShape => Config.LatentShape;

    /// <inheritdoc/>
    public GuidedRows Guide(Condition condition, Guidance guidance) => _prompts is not null ? _prompts.Pair(condition, guidance)
        : GuidedRows.Pair(Condition.Class(LabelOf(condition)), Condition.Class(Config.ClassCount - 1), guidance);

    /// <inheritdoc/>
    public IReadOnlyList<EncodedCondition> Encode(IReadOnlyList<Condition> conditions)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        return _prompts is null ? [.. conditions.Select(condition => new ClassLabel(LabelOf(condition)))]
            : [.. _prompts.Read(conditions).Select(text => text.TokenCount == Config.TextTokens ? new UVitText(Embed(text))
                : throw new ArgumentException($"{Name} reads texts of {Config.TextTokens} tokens, not of {text.TokenCount}.", nameof(conditions)))];
    }

    /// <inheritdoc/>
    public NetworkMap Describe(Shape latent, IReadOnlyList<EncodedCondition> rows) => latent == LatentShape ? _map
        : throw new ArgumentException($"{Name} draws latents of {LatentShape}, not of {latent}.");

    /// <inheritdoc/>
    public Tensor Predict(NetworkInput input, IFeatureDoor door)
    {
        CheckRows(input.NotNull());
        using var scope = TensorScope.Begin();
        var output = door.NotNull().GetOrCompute(
            Site.Output,
            input.Latents,
            (latents, at) => Finish(RunBlocks(EmbedAll(latents, at.NarrowRows(input.Timesteps), at.NarrowRows(input.Conditions), door), door), door),
            new SignalOffer(Signal.NetworkInput, () => Patchify(input.Latents)));
        return Unpatchify(output.ToTensor()).Escape();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IDisposable?[] parts =
        [
            _weights.Patches, _weights.Positions, _weights.Time?.First, _weights.Time?.Second, _weights.Labels, _weights.Text, _weights.Norm.Weight,
            _weights.Norm.Bias, _weights.Output, _weights.Final, _prompts, .. _blocks,
        ];
        Array.ForEach(parts, part => part?.Dispose());
    }

    // A block's name in the original code.
    private static string NameOf(UVitConfig config, int layer)
    {
        var half = config.Depth / 2;
        return layer < half ? $"in_blocks.{layer}" : layer == half ? "mid_block" : $"out_blocks.{layer - half - 1}";
    }

    private Tensor Embed(PromptEmbedding text)
    {
        using var scope = TensorScope.Begin();
        return Tensor.From(Backend, text.Tokens.AsSpan(), [1, text.TokenCount, text.Channels]).Linear(_weights.Text!).Retain();
    }

    // Label and time, or time and text, then the patches; each with its place: [rows, tokens, channels].
    private Tensor EmbedAll(
        Tensor latents, IReadOnlyList<float> timesteps, IReadOnlyList<EncodedCondition> conditions, IFeatureDoor door)
    {
        int rows = latents.Shape[0], channels = Config.HiddenSize;
        var patches = latents.Permute(0, 2, 3, 1).Conv2d(_weights.Patches, Config.PatchSize, default)
            .Reshape([rows, Config.PatchCount, channels]);
        var sinusoid = DitEmbeddings.Timesteps(Backend, [.. timesteps], frequenciesReachEnd: false, channels);
        var time = _weights.Time is { } maps ? sinusoid.Linear(maps.First, Activation.Silu).Linear(maps.Second) : sinusoid;
        door.Show("patch_embed.out", patches);
        door.Show("time_embed.out", time);
        Tensor[] parts = _prompts is null
            ? [Labels(conditions, door), time.Reshape([rows, 1, channels]), patches]
            : [time.Reshape([rows, 1, channels]), Texts(conditions, door), patches];
        return Tensor.Concatenate(parts, 1) + _weights.Positions.GatherRows(Tensor.From(Backend, new int[rows], [rows]));
    }

    private Tensor Labels(IReadOnlyList<EncodedCondition> conditions, IFeatureDoor door)
    {
        int[] labels = [.. conditions.Select(condition => ((ClassLabel)condition).Label)];
        var embedded = _weights.Labels!.GatherRows(Tensor.From(Backend, labels, [labels.Length]));
        door.Show("label_emb.out", embedded);
        return embedded.Reshape([labels.Length, 1, Config.HiddenSize]);
    }

    private static Tensor Texts(IReadOnlyList<EncodedCondition> conditions, IFeatureDoor door)
    {
        var texts = Tensor.Concatenate([.. conditions.Select(condition => ((UVitText)condition).Tokens)], 0);
        door.Show("context_embed.out", texts);
        return texts;
    }

    private Tensor RunBlocks(Tensor stream, IFeatureDoor door)
    {
        var half = Config.Depth / 2;
        var skips = new Stack<Tensor>(); // what the first half made, for the second
        foreach (var (block, layer) in _blocks.Select((block, layer) => (block, layer)))
        {
            using var scope = TensorScope.Begin();
            var (before, skip) = (stream, layer > half ? skips.Pop() : null);
            stream = door.GetOrCompute(
                Site.Block(layer),
                before,
                (h, at) => block.Forward(h, skip is null ? null : at.NarrowRows(skip), at, door)).ToTensor();
            if (stream != before)
            {
                stream.Escape();
            }

            skip?.Dispose();
            if (layer < half)
            {
                skips.Push(stream);
            }
        }

        return stream;
    }

    // [rows, tokens, channels] → [rows, patches, numbers of a patch].
    private Tensor Finish(Tensor stream, IFeatureDoor door)
    {
        var normalised = stream.LayerNorm(_weights.Norm.Weight, _weights.Norm.Bias, UVitConfig.NormEpsilon);
        var all = normalised.Linear(_weights.Output);
        door.Show("norm.out", normalised);
        door.Show("decoder_pred.out", all);
        var patches = all.Slice(1, Config.ExtraTokens, Config.PatchCount);
        if (_weights.Final is not { } final)
        {
            return patches.Copy();
        }

        var picture = Unpatchify(patches).Permute(0, 2, 3, 1).Conv2d(final, 1, Padding.All(1)); // [rows, height, width, channels]
        return Patchify(picture.Permute(0, 3, 1, 2));
    }

    // A patch's numbers are ordered (row, column, channel).
    private Tensor Patchify(Tensor latents)
    {
        int rows = latents.Shape[0], side = Config.GridSize, patch = Config.PatchSize;
        return latents.Reshape([rows, Config.InChannels, side, patch, side, patch])
            .Permute(0, 2, 4, 3, 5, 1) // [rows, rows of patches, columns, patch, patch, channels]
            .Reshape([rows, Config.PatchCount, Config.PatchChannels]);
    }

    private Tensor Unpatchify(Tensor patches)
    {
        int rows = patches.Shape[0], side = Config.GridSize, patch = Config.PatchSize;
        return patches.Reshape([rows, side, side, patch, patch, Config.InChannels])
            .Permute(0, 5, 1, 3, 2, 4) // [rows, channels, rows of patches, patch, columns, patch]
            .Reshape([rows, Config.InChannels, Config.InputSize, Config.InputSize]);
    }

    private int LabelOf(Condition condition) => condition is not ClassCondition { Label: var label }
        ? throw new ArgumentException($"{Name} draws classes by number, not {condition}.", nameof(condition))
        : label >= 0 && label < Config.ClassCount ? label
        : throw new ArgumentOutOfRangeException(
            nameof(condition), $"Class {label} is not one of this model's 0 to {Config.ClassCount - 1}, the last of which is the null class.");

    private void CheckRows(NetworkInput input)
    {
        var shape = input.Latents.Shape;
        if (shape != new Shape(shape.Rank == 0 ? 0 : shape[0], Config.InChannels, Config.InputSize, Config.InputSize)
            || input.Timesteps.Count != shape[0] || input.Conditions.Count != shape[0]
            || input.Conditions.Any(condition => _prompts is null ? condition is not ClassLabel : condition is not UVitText))
        {
            throw new ArgumentException(
                $"{Name} reads latents [rows, {Config.InChannels}, {Config.InputSize}, {Config.InputSize}] with a timestep and a condition that it "
                + $"encoded per row, not {shape} with {input.Timesteps.Count} and {input.Conditions.Count}.");
        }
    }

    /// <summary>A text in the width of the stream.</summary>
    private sealed class UVitText(Tensor tokens) : EncodedCondition
    {
        public Tensor Tokens => tokens; // [1, tokens, channels]

        public override int TokenCount => tokens.Shape[1];

        public override long ByteCount => tokens.ByteCount;

        protected override void Dispose(bool disposing)
        {
            tokens.Dispose();
            base.Dispose(disposing);
        }
    }
}
