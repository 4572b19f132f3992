using System.Text.RegularExpressions;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.QwenImage;

/// <summary>The published key layout of a Qwen-Image transformer's weights, which diffusers and single files have in common.</summary>
internal static partial class QwenImageLayouts
{
    private const string Addition = "time_text_embed.addition_t_embedding.weight";

    /// <summary>Names of what picture and text have of a block: modulation, qkv, norms, projection, feed-forward.</summary>
    private static readonly (string Modulation, string[] Qkv, string QueryNorm, string KeyNorm, string Projection, string Mlp)[] s_groups =
    [
        ("img_mod.1", ["attn.to_q", "attn.to_k", "attn.to_v"], "attn.norm_q.weight", "attn.norm_k.weight", "attn.to_out.0", "img_mlp"),
        ("txt_mod.1", ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"], "attn.norm_added_q.weight", "attn.norm_added_k.weight",
            "attn.to_add_out", "txt_mlp"),
    ];

    /// <summary>Whether a checkpoint is a Qwen-Image transformer.</summary>
    public static bool Is(Checkpoint checkpoint) => checkpoint.Tensors.ContainsKey("transformer_blocks.0.img_mod.1.weight")
        && checkpoint.Tensors.ContainsKey("txt_norm.weight");

    /// <summary>Reads the network of a checkpoint; every tensor must have its place.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="adjust">Changes what shapes cannot tell: position axes, buckets, the latent's default size; null: nothing.</param>
    /// <param name="kinds">Rows for the kinds of layers, [2, channels], that stand in another file, copied; null: they stand in this one.</param>
    /// <param name="encoder">Makes embeddings of prompts; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">A tensor is missing, left over, or has another shape.</exception>
    public static QwenImageModel Load(
        Checkpoint checkpoint,
        IBackend backend,
        Func<QwenImageConfig, QwenImageConfig>? adjust = null,
        Tensor? kinds = null,
        IPromptEncoder? encoder = null) =>
        JointLayouts.Load(checkpoint, backend, root =>
        {
            var inferred = Infer(checkpoint) is var own && kinds is null ? own : own with { HasLayers = true };
            var config = JointLayouts.Checked(checkpoint, () => (adjust?.Invoke(inferred) ?? inferred).Validated());
            var rows = kinds is not null ? root.Own(kinds.Copy().Retain())
                : config.HasLayers ? root.SingleTensor(Addition, [2, config.HiddenSize]) : null;
            return new QwenImageModel(config, Read(root, config, rows), backend, encoder);
        });

    /// <summary>The sizes that the shapes of a checkpoint imply, with the published position axes where the heads have 128 channels.</summary>
    /// <exception cref="WeightFileException">They imply none.</exception>
    public static QwenImageConfig Infer(Checkpoint checkpoint)
    {
        if (!Is(checkpoint))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a Qwen-Image transformer.");
        }

        var image = JointLayouts.Find(checkpoint, "img_in.weight", 2);
        return new QwenImageConfig
        {
            InChannels = image[1],
            HiddenSize = image[0],
            HeadCount = image[0] / JointLayouts.Find(checkpoint, "transformer_blocks.0.attn.norm_k.weight", 1)[0],
            BlockCount = JointLayouts.Blocks(checkpoint, Block()),
            TextChannels = JointLayouts.Find(checkpoint, "txt_in.weight", 2)[1],
            MlpSize = JointLayouts.Find(checkpoint, "transformer_blocks.0.img_mlp.net.0.proj.weight", 2)[0],
            HasLayers = checkpoint.Tensors.ContainsKey(Addition),
        };
    }

    /// <summary>Every tensor with its shape.</summary>
    public static Dictionary<string, Shape> Expected(QwenImageConfig config)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        var expected = new Dictionary<string, Shape> { ["txt_norm.weight"] = [config.TextChannels] };
        Maps("", ("img_in", c, config.InChannels), ("txt_in", c, config.TextChannels), ("norm_out.linear", 2 * c, c));
        Maps("", ("proj_out", config.InChannels, c));
        Maps("time_text_embed.timestep_embedder.", ("linear_1", c, QwenImageConfig.FrequencyCount), ("linear_2", c, c));
        if (config.HasLayers)
        {
            expected[Addition] = [2, c];
        }

        foreach (var block in Enumerable.Range(0, config.BlockCount).Select(i => $"transformer_blocks.{i}."))
        {
            foreach (var group in s_groups)
            {
                Maps(block, [.. group.Qkv.Select(name => (name, c, c))]);
                Maps(block, (group.Modulation, 6 * c, c), (group.Projection, c, c));
                Maps(block, ($"{group.Mlp}.net.0.proj", mlp, c), ($"{group.Mlp}.net.2", c, mlp));
                expected[block + group.QueryNorm] = [config.HeadChannels];
                expected[block + group.KeyNorm] = [config.HeadChannels];
            }
        }

        return expected;

        void Maps(string scope, params (string Name, int Outputs, int Inputs)[] maps)
        {
            foreach (var (name, outputs, inputs) in maps)
            {
                expected[$"{scope}{name}.weight"] = [outputs, inputs];
                expected[$"{scope}{name}.bias"] = [outputs];
            }
        }
    }

    /// <summary>What each linear map is made of.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint)
    {
        var config = Infer(checkpoint);
        return LayoutTraces.At(0, WeightTrace.Of("diffusers", root => Read(root, config, null)));
    }

    private static QwenImageWeights Read(WeightScope root, QwenImageConfig config, Tensor? kinds)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        JointDoubleBlockWeights Double(int layer)
        {
            var block = root.Scope($"transformer_blocks.{layer}");
            var groups = Array.ConvertAll(s_groups, group => new JointGroupWeights(
                block.Linear(group.Modulation, 6 * c, c),
                DitLayouts.Joined(block, c, hasBias: true, group.Qkv),
                block.SingleTensor(group.QueryNorm, [config.HeadChannels]),
                block.SingleTensor(group.KeyNorm, [config.HeadChannels]),
                block.Linear(group.Projection, c, c),
                new(new(block.Linear($"{group.Mlp}.net.0.proj", mlp, c), IsGated: false), block.Linear($"{group.Mlp}.net.2", c, mlp))));
            return new(groups[0], groups[1]);
        }

        var time = root.Scope("time_text_embed.timestep_embedder");
        return new QwenImageWeights(
            root.Linear("img_in", c, config.InChannels),
            root.SingleTensor("txt_norm.weight", [config.TextChannels]),
            root.Linear("txt_in", c, config.TextChannels),
            new JointEmbedder(time.Linear("linear_1", c, QwenImageConfig.FrequencyCount), time.Linear("linear_2", c, c)),
            kinds,
            [.. Enumerable.Range(0, config.BlockCount).Select(Double)],
            JointLayouts.HalvesSwapped(root, "norm_out.linear", c),
            root.Linear("proj_out", config.InChannels, c));
    }

    [GeneratedRegex(@"^transformer_blocks\.([0-9]{1,4})\.")]
    private static partial Regex Block();
}
