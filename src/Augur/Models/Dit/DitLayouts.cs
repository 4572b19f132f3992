using System.Text.RegularExpressions;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Dit;

/// <summary>The two published key layouts of a DiT's weights, read into one network.</summary>
internal static partial class DitLayouts
{
    /// <summary>Whether a checkpoint has the original code's names (ours are the same).</summary>
    public static bool IsOriginal(Checkpoint checkpoint) =>
        checkpoint.Tensors.ContainsKey("x_embedder.proj.weight") && checkpoint.Tensors.ContainsKey("y_embedder.embedding_table.weight");

    /// <summary>Whether a checkpoint has diffusers' names.</summary>
    public static bool IsDiffusers(Checkpoint checkpoint) =>
        checkpoint.Tensors.ContainsKey("pos_embed.proj.weight") && checkpoint.Tensors.ContainsKey("transformer_blocks.0.attn1.to_q.weight");

    /// <summary>The configuration that the shapes of an original checkpoint imply.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="headCount">Heads, which no shape tells; 0 to take the published size's.</param>
    /// <exception cref="WeightFileException">The shapes imply none, or the head count is not known.</exception>
    public static DitConfig Infer(Checkpoint checkpoint, int headCount)
    {
        var patch = Shape(checkpoint, "x_embedder.proj.weight", 4); // [channels, in, patch, patch]
        var table = Shape(checkpoint, "y_embedder.embedding_table.weight", 2);
        var final = Shape(checkpoint, "final_layer.linear.weight", 2);
        var tokens = checkpoint.Tensors.TryGetValue("pos_embed", out var positions) && positions.Shape.Rank == 3 ? positions.Shape[1] : 0;
        var side = (int)Math.Round(Math.Sqrt(tokens));
        if (tokens == 0 || side * side != tokens)
        {
            throw new WeightFileException(
                $"{checkpoint.Path}: without a square 'pos_embed' the input size is unknown; give it in a config.json beside the weights.");
        }

        var heads = headCount != 0 ? headCount : DitConfig.PublishedHeadCount(patch[0]);
        if (heads == 0)
        {
            throw new WeightFileException(
                $"{checkpoint.Path}: a DiT of hidden size {patch[0]} was not published, so its head count is unknown; "
                + $"give num_heads in a config.json beside the weights.");
        }

        var layers = checkpoint.Tensors.Keys.Select(k => BlockName().Match(k)).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].ValueSpan));
        var config = new DitConfig
        {
            InputSize = (int)Math.Min(int.MaxValue, (long)side * patch[2]),
            PatchSize = patch[2],
            InChannels = patch[1],
            HiddenSize = patch[0],
            Depth = layers.DefaultIfEmpty(-1).Max() + 1,
            HeadCount = heads,
            ClassCount = table[0] - 1,
            LearnsVariance = final[0] == 2L * patch[2] * patch[2] * patch[1],
        };
        try
        {
            return config.Validated();
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{checkpoint.Path}: the shapes of its tensors make no DiT: {error.Message}", error);
        }
    }

    /// <summary>Reads the original layout: facebookresearch/DiT's state dict, and ours.</summary>
    public static DitWeights ReadOriginal(WeightScope root, DitConfig config)
    {
        var c = config.HiddenSize;
        var blocks = new List<DitBlockWeights>();
        for (var layer = 0; layer < config.Depth; layer++)
        {
            var block = root.Scope($"blocks.{layer}");
            blocks.Add(new DitBlockWeights(
                block.Linear("adaLN_modulation.1", 6 * c, c),
                block.Linear("attn.qkv", 3 * c, c),
                block.Linear("attn.proj", c, c),
                block.Linear("mlp.fc1", 4 * c, c),
                block.Linear("mlp.fc2", c, 4 * c)));
        }

        return new DitWeights(
            root.Conv2d("x_embedder.proj", c, config.InChannels, config.PatchSize),
            root.Contains("pos_embed") ? root.SingleTensor("pos_embed", [1, config.TokenCount, c]) : Positions(root, config),
            root.Linear("t_embedder.mlp.0", c, DitConfig.FrequencyCount),
            root.Linear("t_embedder.mlp.2", c, c),
            root.SingleTensor("y_embedder.embedding_table.weight", [config.ClassCount + 1, c]),
            blocks,
            root.Linear("final_layer.adaLN_modulation.1", 2 * c, c),
            root.Linear("final_layer.linear", config.PatchSize * config.PatchSize * config.OutChannels, c));
    }

    /// <summary>Reads diffusers' layout, in which query, key and value are apart and every block repeats the embedders.</summary>
    public static DitWeights ReadDiffusers(WeightScope root, DitConfig config)
    {
        var c = config.HiddenSize;
        var blocks = new List<DitBlockWeights>();
        for (var layer = 0; layer < config.Depth; layer++)
        {
            var block = root.Scope($"transformer_blocks.{layer}");
            RequireSameEmbedders(root, layer);
            blocks.Add(new DitBlockWeights(
                block.Linear("norm1.linear", 6 * c, c),
                Joined(block, c, hasBias: true, "attn1.to_q", "attn1.to_k", "attn1.to_v"),
                block.Linear("attn1.to_out.0", c, c),
                block.Linear("ff.net.0.proj", 4 * c, c),
                block.Linear("ff.net.2", c, 4 * c)));
        }

        var embedders = root.Scope("transformer_blocks.0.norm1.emb");
        return new DitWeights(
            root.Conv2d("pos_embed.proj", c, config.InChannels, config.PatchSize),
            root.Contains("pos_embed.pos_embed") ? root.SingleTensor("pos_embed.pos_embed", [1, config.TokenCount, c]) : Positions(root, config),
            embedders.Linear("timestep_embedder.linear_1", c, DitConfig.FrequencyCount),
            embedders.Linear("timestep_embedder.linear_2", c, c),
            embedders.SingleTensor("class_embedder.embedding_table.weight", [config.ClassCount + 1, c]),
            blocks,
            root.Linear("proj_out_1", 2 * c, c),
            root.Linear("proj_out_2", config.PatchSize * config.PatchSize * config.OutChannels, c));
    }

    /// <summary>Every tensor of the original layout with its shape; "pos_embed" may be absent.</summary>
    public static Dictionary<string, Shape> ExpectedOriginal(DitConfig config)
    {
        int c = config.HiddenSize, patch = config.PatchSize;
        var expected = new Dictionary<string, Shape>
        {
            ["x_embedder.proj.weight"] = [c, config.InChannels, patch, patch],
            ["x_embedder.proj.bias"] = [c],
            ["pos_embed"] = [1, config.TokenCount, c],
            ["y_embedder.embedding_table.weight"] = [config.ClassCount + 1, c],
        };
        AddLinear(expected, "t_embedder.mlp.0", c, DitConfig.FrequencyCount);
        AddLinear(expected, "t_embedder.mlp.2", c, c);
        for (var layer = 0; layer < config.Depth; layer++)
        {
            AddLinear(expected, $"blocks.{layer}.adaLN_modulation.1", 6 * c, c);
            AddLinear(expected, $"blocks.{layer}.attn.qkv", 3 * c, c);
            AddLinear(expected, $"blocks.{layer}.attn.proj", c, c);
            AddLinear(expected, $"blocks.{layer}.mlp.fc1", 4 * c, c);
            AddLinear(expected, $"blocks.{layer}.mlp.fc2", c, 4 * c);
        }

        AddLinear(expected, "final_layer.adaLN_modulation.1", 2 * c, c);
        AddLinear(expected, "final_layer.linear", patch * patch * config.OutChannels, c);
        return expected;
    }

    /// <summary>Every tensor of diffusers' layout with its shape; "pos_embed.pos_embed" may be absent.</summary>
    public static Dictionary<string, Shape> ExpectedDiffusers(DitConfig config)
    {
        int c = config.HiddenSize, patch = config.PatchSize;
        var expected = new Dictionary<string, Shape>
        {
            ["pos_embed.proj.weight"] = [c, config.InChannels, patch, patch],
            ["pos_embed.proj.bias"] = [c],
            ["pos_embed.pos_embed"] = [1, config.TokenCount, c],
        };
        for (var layer = 0; layer < config.Depth; layer++)
        {
            var block = $"transformer_blocks.{layer}";
            AddLinear(expected, $"{block}.norm1.emb.timestep_embedder.linear_1", c, DitConfig.FrequencyCount);
            AddLinear(expected, $"{block}.norm1.emb.timestep_embedder.linear_2", c, c);
            expected[$"{block}.norm1.emb.class_embedder.embedding_table.weight"] = [config.ClassCount + 1, c];
            AddLinear(expected, $"{block}.norm1.linear", 6 * c, c);
            foreach (var projection in new[] { "to_q", "to_k", "to_v", "to_out.0" })
            {
                AddLinear(expected, $"{block}.attn1.{projection}", c, c);
            }

            AddLinear(expected, $"{block}.ff.net.0.proj", 4 * c, c);
            AddLinear(expected, $"{block}.ff.net.2", c, 4 * c);
        }

        AddLinear(expected, "proj_out_1", 2 * c, c);
        AddLinear(expected, "proj_out_2", patch * patch * config.OutChannels, c);
        return expected;
    }

    private static void AddLinear(Dictionary<string, Shape> expected, string name, int outputs, int inputs)
    {
        expected[$"{name}.weight"] = [outputs, inputs];
        expected[$"{name}.bias"] = [outputs];
    }

    private static Tensor Positions(WeightScope root, DitConfig config) =>
        root.Own(DitEmbeddings.Positions(root.Backend, config.GridSize, config.HiddenSize).Retain());

    /// <summary>Square linear maps that read the same, as one.</summary>
    public static PackedLinear Joined(WeightScope block, int channels, bool hasBias, params string[] names) =>
        block.Joined(channels, hasBias, [.. names.Select(name => WeightRows.All(name, channels))]);

    // Converted checkpoints carry one embedder, copied into every block; the network here has one. A checkpoint whose copies differ is another
    // network.
    private static void RequireSameEmbedders(WeightScope root, int layer)
    {
        string[] names =
        [
            "timestep_embedder.linear_1.weight", "timestep_embedder.linear_1.bias", "timestep_embedder.linear_2.weight",
            "timestep_embedder.linear_2.bias", "class_embedder.embedding_table.weight",
        ];
        foreach (var name in layer == 0 ? [] : names)
        {
            string mine = $"transformer_blocks.{layer}.norm1.emb.{name}", first = $"transformer_blocks.0.norm1.emb.{name}";
            root.Ignore(mine);
            if (root.Checkpoint.Tensors.TryGetValue(mine, out var copy) && root.Checkpoint.Tensors.TryGetValue(first, out var original)
                && !copy.Bytes.SequenceEqual(original.Bytes))
            {
                throw new WeightFileException(
                    $"{root.Checkpoint.Path}: tensor '{mine}' differs from block 0's; a DiT has one embedder for all blocks.");
            }
        }
    }

    private static Shape Shape(Checkpoint checkpoint, string name, int rank) =>
        checkpoint.Tensors.TryGetValue(name, out var tensor) && tensor.Shape.Rank == rank ? tensor.Shape
        : throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' with {rank} axes is missing.");

    [GeneratedRegex(@"^blocks\.([0-9]{1,4})\.")]
    private static partial Regex BlockName();
}
