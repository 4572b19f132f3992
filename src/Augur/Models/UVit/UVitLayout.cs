using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.UVit;

/// <summary>The key layout of U-ViT's original code.</summary>
internal static class UVitLayout
{
    /// <summary>Whether a checkpoint holds such a network.</summary>
    public static bool Is(Checkpoint checkpoint) => checkpoint.Tensors.ContainsKey("mid_block.attn.qkv.weight")
        && checkpoint.Tensors.ContainsKey("out_blocks.0.skip_linear.weight") && checkpoint.Tensors.ContainsKey("decoder_pred.weight");

    /// <summary>Reads the network; every tensor must have its place.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="adjust">Changes what shapes cannot tell, the number of heads; null: nothing.</param>
    /// <exception cref="WeightFileException">A tensor is missing, left over, or has another shape.</exception>
    public static UVitModel Load(Checkpoint checkpoint, IBackend backend, Func<UVitConfig, UVitConfig>? adjust = null)
    {
        var root = new WeightScope(checkpoint, backend);
        try
        {
            var inferred = Infer(checkpoint);
            var config = Checked(checkpoint, adjust?.Invoke(inferred) ?? inferred);
            var weights = Read(root, config);
            root.RequireAllUsed();
            return new UVitModel(config, weights, backend);
        }
        catch
        {
            root.ReleaseAll();
            throw;
        }
    }

    /// <summary>The sizes that the shapes imply, with 64 channels a head.</summary>
    /// <exception cref="WeightFileException">They imply none.</exception>
    public static UVitConfig Infer(Checkpoint checkpoint)
    {
        if (!Is(checkpoint))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a U-ViT.");
        }

        var patches = Find("patch_embed.proj.weight", 4);
        var (positions, output) = (Find("pos_embed", 3), Find("decoder_pred.weight", 2));
        var isOfTexts = checkpoint.Tensors.ContainsKey("context_embed.weight");
        var classes = isOfTexts ? 0 : Find("label_emb.weight", 2)[0];
        var half = 1 + checkpoint.Tensors.Keys.Where(key => key.StartsWith("in_blocks.", StringComparison.Ordinal))
            .Select(key => int.TryParse(key.Split('.')[1], NumberStyles.None, CultureInfo.InvariantCulture, out var i) && i < 1024 ? i : -1)
            .DefaultIfEmpty(-1).Max();
        var (grid, extras) = Places(checkpoint, positions[1], isOfTexts);
        return new UVitConfig
        {
            InputSize = grid * patches[2],
            PatchSize = patches[2],
            InChannels = patches[1],
            HiddenSize = patches[0],
            Depth = 2 * half,
            HeadCount = Math.Max(1, patches[0] / 64),
            MlpSize = Find("mid_block.mlp.fc1.weight", 2)[0],
            HasQkvBias = checkpoint.Tensors.ContainsKey("mid_block.attn.qkv.bias"),
            HasTimeMaps = checkpoint.Tensors.ContainsKey("time_embed.0.weight"),
            HasFinalConvolution = checkpoint.Tensors.ContainsKey("final_layer.weight"),
            ClassCount = classes,
            TextChannels = isOfTexts ? Find("context_embed.weight", 2)[1] : 0,
            TextTokens = isOfTexts ? extras - 1 : 0,
        };

        Shape Find(string name, int rank) => checkpoint.Tensors.TryGetValue(name, out var tensor) && tensor.Shape.Rank == rank ? tensor.Shape
            : throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' with {rank} axes is missing.");
    }

    // Of so many places a square of patches, and what stands before it: label and time, or time and the tokens of a text, of which published networks
    // have 77. Where that leaves no square, the largest below is taken.
    private static (int Grid, int Extras) Places(Checkpoint checkpoint, int count, bool isOfTexts)
    {
        const int ClipTokens = 77;
        foreach (var extras in isOfTexts ? (int[])[1 + ClipTokens] : [2])
        {
            var side = (int)Math.Round(Math.Sqrt(Math.Max(0, count - extras)));
            if (side > 0 && (side * side) + extras == count)
            {
                return (side, extras);
            }
        }

        var largest = (int)Math.Sqrt(Math.Max(0, count - 2));
        return isOfTexts && largest > 0 ? (largest, count - (largest * largest))
            : throw new WeightFileException(
                $"{checkpoint.Path}: 'pos_embed' has {count} places, which are no square of patches beside label and time.");
    }

    private static UVitWeights Read(WeightScope root, UVitConfig config)
    {
        int c = config.HiddenSize, half = config.Depth / 2;
        string[] names =
        [
            .. Enumerable.Range(0, half).Select(i => $"in_blocks.{i}"), "mid_block", .. Enumerable.Range(0, half).Select(i => $"out_blocks.{i}"),
        ];
        return new UVitWeights(
            root.Conv2d("patch_embed.proj", c, config.InChannels, config.PatchSize),
            root.SingleTensor("pos_embed", [1, config.ExtraTokens + config.PatchCount, c]),
            config.HasTimeMaps ? (root.Linear("time_embed.0", 4 * c, c), root.Linear("time_embed.2", c, 4 * c)) : null,
            config.ClassCount > 0 ? root.SingleTensor("label_emb.weight", [config.ClassCount, c]) : null,
            config.TextChannels > 0 ? root.Linear("context_embed", c, config.TextChannels) : null,
            [.. names.Select((name, layer) => Block(root.Scope(name), config, layer > half))],
            Norm(root, "norm", c),
            root.Linear("decoder_pred", config.PatchChannels, c),
            config.HasFinalConvolution ? root.Conv2d("final_layer", config.InChannels, config.InChannels, 3) : null);
    }

    private static UVitBlockWeights Block(WeightScope block, UVitConfig config, bool hasSkip)
    {
        var c = config.HiddenSize;
        return new(
            Norm(block, "norm1", c),
            block.Linear("attn.qkv", 3 * c, c, config.HasQkvBias),
            block.Linear("attn.proj", c, c),
            Norm(block, "norm2", c),
            block.Linear("mlp.fc1", config.MlpSize, c),
            block.Linear("mlp.fc2", c, config.MlpSize),
            hasSkip ? block.Linear("skip_linear", c, 2 * c) : null);
    }

    private static (Tensor Weight, Tensor Bias) Norm(WeightScope scope, string name, int channels) =>
        (scope.SingleTensor($"{name}.weight", [channels]), scope.SingleTensor($"{name}.bias", [channels]));

    private static UVitConfig Checked(Checkpoint checkpoint, UVitConfig config)
    {
        try
        {
            return config.Validated();
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{checkpoint.Path}: {error.Message}", error);
        }
    }
}
