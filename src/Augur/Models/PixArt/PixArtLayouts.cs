using System.Text.RegularExpressions;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.PixArt;

/// <summary>The two published key layouts of a PixArt transformer's weights, read into one network.</summary>
internal static partial class PixArtLayouts
{
    private const string Positions = "pos_embed";
    private const string NullCaption = "y_embedder.y_embedding";

    /// <summary>Tensors that may be absent.</summary>
    public static IReadOnlyList<string> Optional { get; } = [Positions, "pos_embed.pos_embed", NullCaption];

    /// <summary>Whether a checkpoint has the original code's names.</summary>
    public static bool IsOriginal(Checkpoint checkpoint) => HasAll(
        checkpoint, "t_block.1.weight", "y_embedder.y_proj.fc1.weight", "blocks.0.scale_shift_table", "blocks.0.mlp.fc1.weight");

    /// <summary>Whether a checkpoint has diffusers' names.</summary>
    public static bool IsDiffusers(Checkpoint checkpoint) => HasAll(
        checkpoint, "adaln_single.linear.weight", "caption_projection.linear_1.weight", "pos_embed.proj.weight",
        "transformer_blocks.0.attn2.to_q.weight", "transformer_blocks.0.ff.net.0.proj.weight");

    /// <summary>Whether it has either.</summary>
    public static bool Is(Checkpoint checkpoint) => IsOriginal(checkpoint) || IsDiffusers(checkpoint);

    /// <summary>The config.json beside weights; null where there is none, or where it is that of something else.</summary>
    /// <param name="path">A file, or a folder.</param>
    public static ForeignJson? ConfigBeside(string path)
    {
        var file = Path.Combine(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!, "config.json");
        var config = File.Exists(file) ? ForeignJson.Read(file) : (ForeignJson?)null;
        return config?.Find("_class_name")?.AsText().Contains("Transformer", StringComparison.Ordinal) == false ? null : config;
    }

    /// <summary>Reads the network of a checkpoint in either layout; every tensor must have its place.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="config">What is known beside the tensors; null: nothing.</param>
    /// <param name="adjust">Changes what neither tells; null: nothing.</param>
    /// <param name="encoder">Makes embeddings of prompts; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">A size is not known, or a tensor is missing, left over, or has another shape.</exception>
    public static PixArtModel Load(
        Checkpoint checkpoint,
        IBackend backend,
        ForeignJson? config = null,
        Func<PixArtConfig, PixArtConfig>? adjust = null,
        IPromptEncoder? encoder = null) =>
        JointLayouts.Load(checkpoint, backend, root =>
        {
            var inferred = Infer(checkpoint, config, adjust);
            var weights = IsOriginal(checkpoint) ? ReadOriginal(root, inferred) : ReadDiffusers(root, inferred);
            return new PixArtModel(inferred, weights, backend, encoder);
        });

    /// <summary>The sizes that the shapes of a checkpoint imply, and those that no shape tells from the configuration or as published.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">diffusers' config.json, of which heads, sample size and interpolation scale are read; null: there is none.</param>
    /// <param name="adjust">Changes what neither tells; null: nothing.</param>
    /// <exception cref="WeightFileException">They imply none; the message says what is missing.</exception>
    public static PixArtConfig Infer(Checkpoint checkpoint, ForeignJson? config = null, Func<PixArtConfig, PixArtConfig>? adjust = null)
    {
        var isOriginal = IsOriginal(checkpoint);
        if (!isOriginal && !IsDiffusers(checkpoint))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a PixArt transformer.");
        }

        var patch = Find(isOriginal ? "x_embedder.proj.weight" : "pos_embed.proj.weight", 4); // [channels, in, patch, patch]
        var final = Find(isOriginal ? "final_layer.linear.weight" : "proj_out.weight", 2);
        var caption = Find(isOriginal ? "y_embedder.y_proj.fc1.weight" : "caption_projection.linear_1.weight", 2);
        var mlp = Find(isOriginal ? "blocks.0.mlp.fc1.weight" : "transformer_blocks.0.ff.net.0.proj.weight", 2);
        var isTold = checkpoint.Tensors.ContainsKey(
            isOriginal ? "csize_embedder.mlp.0.weight" : "adaln_single.emb.resolution_embedder.linear_1.weight");
        var none = checkpoint.Tensors.TryGetValue(NullCaption, out var tokens) && tokens.Shape.Rank == 2 ? tokens.Shape[0] : 0;
        var size = config?.Find("sample_size")?.AsInteger() ?? SizeOfTable(patch[2]);
        var inferred = new PixArtConfig
        {
            InputSize = size != 0 ? size : isTold ? 128 : 0, // those that are told the size were published for 1024 pixels
            PatchSize = patch[2],
            InChannels = patch[1],
            HiddenSize = patch[0],
            Depth = JointLayouts.Blocks(checkpoint, isOriginal ? OriginalBlock() : DiffusersBlock()),
            HeadCount = config?.Find("num_attention_heads")?.AsInteger() ?? DitConfig.PublishedHeadCount(patch[0]),
            MlpSize = mlp[0],
            CaptionChannels = caption[1],
            NullCaptionTokens = none,
            LearnsVariance = final[0] == 2L * patch[2] * patch[2] * patch[1],
            HasSizeConditions = isTold,
        };
        inferred = inferred with { PositionScale = config?.Find("interpolation_scale")?.AsNumber() ?? Math.Max(inferred.InputSize / 64, 1) };
        return Checked(checkpoint, adjust?.Invoke(inferred) ?? inferred);

        int SizeOfTable(int side)
        {
            var table = checkpoint.Tensors.GetValueOrDefault(isOriginal ? Positions : "pos_embed.pos_embed");
            var places = table is { Shape.Rank: 3 } ? (int)Math.Round(Math.Sqrt(table.Shape[1])) : 0;
            return table is null || places * (long)places != table.Shape[1] ? 0 : (int)Math.Min(int.MaxValue, places * (long)side);
        }

        Shape Find(string name, int rank) => JointLayouts.Find(checkpoint, name, rank);
    }

    /// <summary>What each linear map is made of in a checkpoint, and in every layout.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint, ForeignJson? json)
    {
        var config = Infer(checkpoint, json);
        return LayoutTraces.At(
            IsOriginal(checkpoint) ? 0 : 1,
            WeightTrace.Of("original", root => ReadOriginal(root, config)),
            WeightTrace.Of("diffusers", root => ReadDiffusers(root, config)));
    }

    /// <summary>Every tensor of a checkpoint's layout with its shape; those of <see cref="Optional"/> may be absent.</summary>
    public static Dictionary<string, Shape> Expected(Checkpoint checkpoint, PixArtConfig config) =>
        IsOriginal(checkpoint) ? PixArtTensors.Original(config) : PixArtTensors.Diffusers(config);

    private static PixArtWeights ReadOriginal(WeightScope root, PixArtConfig config)
    {
        int c = config.HiddenSize, third = c / 3;
        PixArtBlockWeights Block(int layer)
        {
            var block = root.Scope($"blocks.{layer}");
            return new(
                block.SingleTensor("scale_shift_table", [6, c]),
                block.Linear("attn.qkv", 3 * c, c),
                block.Linear("attn.proj", c, c),
                block.Linear("cross_attn.q_linear", c, c),
                block.Linear("cross_attn.kv_linear", 2 * c, c),
                block.Linear("cross_attn.proj", c, c),
                block.Linear("mlp.fc1", config.MlpSize, c),
                block.Linear("mlp.fc2", c, config.MlpSize));
        }

        JointEmbedder Embedder(string name, int width) =>
            JointEmbedder.Read(root, $"{name}.mlp.0", $"{name}.mlp.2", width, PixArtConfig.FrequencyCount);
        return new PixArtWeights(
            root.Conv2d("x_embedder.proj", c, config.InChannels, config.PatchSize),
            TrainedPositions(root, Positions, config),
            Embedder("t_embedder", c),
            config.HasSizeConditions ? Embedder("csize_embedder", third) : null,
            config.HasSizeConditions ? Embedder("ar_embedder", third) : null,
            root.Linear("t_block.1", 6 * c, c),
            JointEmbedder.Read(root, "y_embedder.y_proj.fc1", "y_embedder.y_proj.fc2", c, config.CaptionChannels, Activation.GeluTanh),
            NullCaptionOf(root, config),
            [.. Enumerable.Range(0, config.Depth).Select(Block)],
            root.SingleTensor("final_layer.scale_shift_table", [2, c]),
            root.Linear("final_layer.linear", config.PatchSize * config.PatchSize * config.OutChannels, c));
    }

    // In diffusers' layout query, key and value are apart, and there is no null caption; the empty prompt takes its place.
    private static PixArtWeights ReadDiffusers(WeightScope root, PixArtConfig config)
    {
        int c = config.HiddenSize, third = c / 3;
        PixArtBlockWeights Block(int layer)
        {
            var block = root.Scope($"transformer_blocks.{layer}");
            return new(
                block.SingleTensor("scale_shift_table", [6, c]),
                DitLayouts.Joined(block, c, hasBias: true, "attn1.to_q", "attn1.to_k", "attn1.to_v"),
                block.Linear("attn1.to_out.0", c, c),
                block.Linear("attn2.to_q", c, c),
                DitLayouts.Joined(block, c, hasBias: true, "attn2.to_k", "attn2.to_v"),
                block.Linear("attn2.to_out.0", c, c),
                block.Linear("ff.net.0.proj", config.MlpSize, c),
                block.Linear("ff.net.2", c, config.MlpSize));
        }

        var embedders = root.Scope("adaln_single.emb");
        JointEmbedder Embedder(string name, int width) =>
            JointEmbedder.Read(embedders, $"{name}.linear_1", $"{name}.linear_2", width, PixArtConfig.FrequencyCount);
        return new PixArtWeights(
            root.Conv2d("pos_embed.proj", c, config.InChannels, config.PatchSize),
            TrainedPositions(root, "pos_embed.pos_embed", config),
            Embedder("timestep_embedder", c),
            config.HasSizeConditions ? Embedder("resolution_embedder", third) : null,
            config.HasSizeConditions ? Embedder("aspect_ratio_embedder", third) : null,
            root.Linear("adaln_single.linear", 6 * c, c),
            JointEmbedder.Read(root, "caption_projection.linear_1", "caption_projection.linear_2", c, config.CaptionChannels, Activation.GeluTanh),
            NullCaptionOf(root, config),
            [.. Enumerable.Range(0, config.Depth).Select(Block)],
            root.SingleTensor("scale_shift_table", [2, c]),
            root.Linear("proj_out", config.PatchSize * config.PatchSize * config.OutChannels, c));
    }

    private static Tensor? TrainedPositions(WeightScope root, string name, PixArtConfig config)
    {
        var side = config.InputSize / config.PatchSize;
        return root.Contains(name) ? root.SingleTensor(name, [1, side * side, config.HiddenSize]) : null;
    }

    private static Tensor? NullCaptionOf(WeightScope root, PixArtConfig config) =>
        config.NullCaptionTokens > 0 ? root.SingleTensor(NullCaption, [config.NullCaptionTokens, config.CaptionChannels]) : null;

    private static bool HasAll(Checkpoint checkpoint, params string[] names) => Array.TrueForAll(names, checkpoint.Tensors.ContainsKey);

    private static PixArtConfig Checked(Checkpoint checkpoint, PixArtConfig config)
    {
        var missing = config.HeadCount == 0
            ? $"a width of {config.HiddenSize} was not published, so its head count is unknown; give num_attention_heads"
            : config.InputSize == 0 ? $"without '{Positions}' the size that it was trained for is unknown; give sample_size" : null;
        return missing is null ? JointLayouts.Checked(checkpoint, config.Validated)
            : throw new WeightFileException($"{checkpoint.Path}: this is a PixArt transformer, but {missing} in a config.json beside the weights.");
    }

    [GeneratedRegex(@"^blocks\.([0-9]{1,4})\.")]
    private static partial Regex OriginalBlock();

    [GeneratedRegex(@"^transformer_blocks\.([0-9]{1,4})\.")]
    private static partial Regex DiffusersBlock();
}
