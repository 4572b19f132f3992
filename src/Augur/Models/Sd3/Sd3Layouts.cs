using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Sd3;

/// <summary>The two published key layouts of an SD3 transformer's weights, read into one network.</summary>
internal static partial class Sd3Layouts
{
    /// <summary>Whether a checkpoint has the original code's names.</summary>
    public static bool IsOriginal(Checkpoint checkpoint) =>
        HasAll(checkpoint, "joint_blocks.0.x_block.attn.qkv.weight", "joint_blocks.0.context_block.attn.qkv.weight", "x_embedder.proj.weight");

    /// <summary>Whether a checkpoint has diffusers' names.</summary>
    public static bool IsDiffusers(Checkpoint checkpoint) => HasAll(
        checkpoint, "transformer_blocks.0.attn.add_k_proj.weight", "pos_embed.proj.weight", "context_embedder.weight",
        "time_text_embed.text_embedder.linear_1.weight");

    /// <summary>Whether it has either.</summary>
    public static bool Is(Checkpoint checkpoint) => IsOriginal(checkpoint) || IsDiffusers(checkpoint);

    /// <summary>Reads the network of a checkpoint in either layout; every tensor must have its place.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="adjust">Changes what shapes cannot tell: heads, buckets, the latent's default size, skip-layer guidance; null: nothing.</param>
    /// <param name="encoder">Makes embeddings of prompts; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">A tensor is missing, left over, or has another shape.</exception>
    public static Sd3Model Load(
        Checkpoint checkpoint, IBackend backend, Func<Sd3Config, Sd3Config>? adjust = null, IPromptEncoder? encoder = null) =>
        JointLayouts.Load(checkpoint, backend, root =>
        {
            var config = Infer(checkpoint, adjust);
            return new Sd3Model(config, IsOriginal(checkpoint) ? ReadOriginal(root, config) : ReadDiffusers(root, config), backend, encoder);
        });

    /// <summary>
    /// The sizes that the shapes of a checkpoint imply. Where no norm tells the channels of a head they are 64, as published, and in a network
    /// of another width there are as many heads as blocks, as in the original code.
    /// </summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="adjust">Changes what shapes cannot tell; null: nothing.</param>
    /// <exception cref="WeightFileException">They imply none; the message says what is missing.</exception>
    public static Sd3Config Infer(Checkpoint checkpoint, Func<Sd3Config, Sd3Config>? adjust = null)
    {
        var isOriginal = IsOriginal(checkpoint);
        if (!isOriginal && !IsDiffusers(checkpoint))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of an SD3 transformer.");
        }

        var patch = Find(isOriginal ? "x_embedder.proj.weight" : "pos_embed.proj.weight", 4); // [channels, in, patch, patch]
        var positions = Find(isOriginal ? "pos_embed" : "pos_embed.pos_embed", 3);
        var text = Find("context_embedder.weight", 2);
        var pooled = Find(isOriginal ? "y_embedder.mlp.0.weight" : "time_text_embed.text_embedder.linear_1.weight", 2);
        var mlp = Find(isOriginal ? "joint_blocks.0.x_block.mlp.fc1.weight" : "transformer_blocks.0.ff.net.0.proj.weight", 2);
        var side = (int)Math.Round(Math.Sqrt(positions[1]));
        var norm = checkpoint.Tensors.GetValueOrDefault(
            isOriginal ? "joint_blocks.0.x_block.attn.ln_k.weight" : "transformer_blocks.0.attn.norm_k.weight");
        var headChannels = norm is { Shape: { Rank: 1, ElementCount: > 0 } width } ? width[0] : Sd3Config.PublishedHeadChannels;
        var layers = Layers(isOriginal ? OriginalBlock() : DiffusersBlock());
        var depth = layers.IsEmpty ? 0 : layers[^1] + 1;
        var inferred = new Sd3Config
        {
            PatchSize = patch[2],
            InChannels = patch[1],
            HiddenSize = patch[0],
            HeadCount = patch[0] % headChannels == 0 ? patch[0] / headChannels : norm is null && depth > 0 && patch[0] % depth == 0 ? depth : 0,
            Depth = depth,
            DualBlocks = Layers(isOriginal ? OriginalDual() : DiffusersDual()),
            HasQueryKeyNorm = norm is not null,
            MlpSize = mlp[0],
            TextChannels = text[1],
            PooledChannels = pooled[1],
            PositionSize = (long)side * side == positions[1] ? side : 0,
        };
        var sides = Math.Min(64, inferred.PositionSize) * inferred.PatchSize; // 1024 pixels, or what there are places for
        inferred = inferred with { LatentHeight = sides, LatentWidth = sides };
        return JointLayouts.Checked(checkpoint, (adjust?.Invoke(inferred) ?? inferred).Validated);

        Shape Find(string name, int rank) => JointLayouts.Find(checkpoint, name, rank);

        ImmutableArray<int> Layers(Regex name) => [.. checkpoint.Tensors.Keys.Select(k => name.Match(k)).Where(m => m.Success)
            .Select(m => int.Parse(m.Groups[1].ValueSpan)).Distinct().Order()];
    }

    /// <summary>What each linear map is made of in a checkpoint, and in every layout.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint)
    {
        var config = Infer(checkpoint);
        return LayoutTraces.At(
            IsOriginal(checkpoint) ? 0 : 1,
            WeightTrace.Of("original", root => ReadOriginal(root, config)),
            WeightTrace.Of("diffusers", root => ReadDiffusers(root, config)));
    }

    /// <summary>Every tensor of a checkpoint's layout with its shape.</summary>
    public static Dictionary<string, Shape> Expected(Checkpoint checkpoint, Sd3Config config) =>
        IsOriginal(checkpoint) ? Sd3Tensors.Original(config) : Sd3Tensors.Diffusers(config);

    private static Sd3Weights ReadOriginal(WeightScope root, Sd3Config config)
    {
        int c = config.HiddenSize, side = config.PositionSize;
        Sd3AttentionWeights Attention(WeightScope at, bool hasQueries) => new(
            at.Linear("qkv", 3 * c, c),
            config.HasQueryKeyNorm ? at.SingleTensor("ln_q.weight", [config.HeadChannels]) : null,
            config.HasQueryKeyNorm ? at.SingleTensor("ln_k.weight", [config.HeadChannels]) : null,
            hasQueries ? at.Linear("proj", c, c) : null);
        Sd3GroupWeights Group(WeightScope group, int vectors, bool isDual, bool isWhole) => new(
            group.Linear("adaLN_modulation.1", vectors * c, c),
            Attention(group.Scope("attn"), isWhole),
            isDual ? Attention(group.Scope("attn2"), hasQueries: true) : null,
            isWhole ? FeedForward(group, "mlp.fc1", "mlp.fc2", config) : null);
        Sd3BlockWeights Block(int layer)
        {
            var (isDual, isLast) = (config.IsDual(layer), config.IsLast(layer));
            return new(
                Group(root.Scope($"joint_blocks.{layer}.x_block"), isDual ? 9 : 6, isDual, isWhole: true),
                Group(root.Scope($"joint_blocks.{layer}.context_block"), isLast ? 2 : 6, isDual: false, isWhole: !isLast));
        }

        return new Sd3Weights(
            root.Conv2d("x_embedder.proj", c, config.InChannels, config.PatchSize),
            root.SingleTensor("pos_embed", [1, side * side, c]),
            JointEmbedder.Read(root, "t_embedder.mlp.0", "t_embedder.mlp.2", c, Sd3Config.FrequencyCount),
            JointEmbedder.Read(root, "y_embedder.mlp.0", "y_embedder.mlp.2", c, config.PooledChannels),
            root.Linear("context_embedder", c, config.TextChannels),
            [.. Enumerable.Range(0, config.Depth).Select(Block)],
            root.Linear("final_layer.adaLN_modulation.1", 2 * c, c),
            root.Linear("final_layer.linear", config.PatchSize * config.PatchSize * config.InChannels, c));
    }

    // In diffusers' layout query, key and value are apart, and scale stands before shift in the final modulation and in that of the last block's
    // text.
    private static Sd3Weights ReadDiffusers(WeightScope root, Sd3Config config)
    {
        int c = config.HiddenSize, side = config.PositionSize;
        Sd3AttentionWeights Attention(WeightScope at, string[] qkv, string queryNorm, string keyNorm, string? projection) => new(
            DitLayouts.Joined(at, c, hasBias: true, qkv),
            config.HasQueryKeyNorm ? at.SingleTensor($"{queryNorm}.weight", [config.HeadChannels]) : null,
            config.HasQueryKeyNorm ? at.SingleTensor($"{keyNorm}.weight", [config.HeadChannels]) : null,
            projection is null ? null : at.Linear(projection, c, c));
        Sd3BlockWeights Block(int layer)
        {
            var block = root.Scope($"transformer_blocks.{layer}");
            var (at, isDual, isLast) = (block.Scope("attn"), config.IsDual(layer), config.IsLast(layer));
            return new(
                new(
                    block.Linear("norm1.linear", (isDual ? 9 : 6) * c, c),
                    Attention(at, ["to_q", "to_k", "to_v"], "norm_q", "norm_k", "to_out.0"),
                    isDual ? Attention(block.Scope("attn2"), ["to_q", "to_k", "to_v"], "norm_q", "norm_k", "to_out.0") : null,
                    FeedForward(block, "ff.net.0.proj", "ff.net.2", config)),
                new(
                    isLast ? JointLayouts.HalvesSwapped(block, "norm1_context.linear", c) : block.Linear("norm1_context.linear", 6 * c, c),
                    Attention(
                        at, ["add_q_proj", "add_k_proj", "add_v_proj"], "norm_added_q", "norm_added_k", isLast ? null : "to_add_out"),
                    null,
                    isLast ? null : FeedForward(block, "ff_context.net.0.proj", "ff_context.net.2", config)));
        }

        var embedders = root.Scope("time_text_embed");
        return new Sd3Weights(
            root.Conv2d("pos_embed.proj", c, config.InChannels, config.PatchSize),
            root.SingleTensor("pos_embed.pos_embed", [1, side * side, c]),
            JointEmbedder.Read(embedders, "timestep_embedder.linear_1", "timestep_embedder.linear_2", c, Sd3Config.FrequencyCount),
            JointEmbedder.Read(embedders, "text_embedder.linear_1", "text_embedder.linear_2", c, config.PooledChannels),
            root.Linear("context_embedder", c, config.TextChannels),
            [.. Enumerable.Range(0, config.Depth).Select(Block)],
            JointLayouts.HalvesSwapped(root, "norm_out.linear", c),
            root.Linear("proj_out", config.PatchSize * config.PatchSize * config.InChannels, c));
    }

    private static JointFeedForward FeedForward(WeightScope scope, string first, string second, Sd3Config config) => new(
        new JointHidden(scope.Linear(first, config.MlpSize, config.HiddenSize), IsGated: false),
        scope.Linear(second, config.HiddenSize, config.MlpSize));

    private static bool HasAll(Checkpoint checkpoint, params string[] names) => Array.TrueForAll(names, checkpoint.Tensors.ContainsKey);

    [GeneratedRegex(@"^joint_blocks\.([0-9]{1,4})\.")]
    private static partial Regex OriginalBlock();

    [GeneratedRegex(@"^transformer_blocks\.([0-9]{1,4})\.")]
    private static partial Regex DiffusersBlock();

    [GeneratedRegex(@"^joint_blocks\.([0-9]{1,4})\.x_block\.attn2\.qkv\.weight$")]
    private static partial Regex OriginalDual();

    [GeneratedRegex(@"^transformer_blocks\.([0-9]{1,4})\.attn2\.to_q\.weight$")]
    private static partial Regex DiffusersDual();
}
