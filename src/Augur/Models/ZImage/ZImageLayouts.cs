using System.Text.RegularExpressions;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.ZImage;

/// <summary>
/// The two published key layouts of a Z-Image transformer's weights: the original's, which diffusers shares, and that of single files, which have
/// the names of Lumina 2, where query, key and value are one map.
/// </summary>
internal static partial class ZImageLayouts
{
    /// <summary>Whether a checkpoint is a Z-Image transformer.</summary>
    public static bool Is(Checkpoint checkpoint) => checkpoint.Tensors.ContainsKey("layers.0.adaLN_modulation.0.weight")
        && checkpoint.Tensors.ContainsKey("cap_pad_token");

    /// <summary>Whether it has the names of single files.</summary>
    public static bool IsFused(Checkpoint checkpoint) => checkpoint.Tensors.ContainsKey("layers.0.attention.qkv.weight");

    /// <summary>Reads the network of a checkpoint in either layout; every tensor must have its place.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="adjust">Changes what shapes cannot tell: position axes, buckets, the latent's default size; null: nothing.</param>
    /// <param name="encoder">Makes embeddings of prompts; null: only embeddings are read.</param>
    /// <exception cref="WeightFileException">A tensor is missing, left over, or has another shape.</exception>
    public static ZImageModel Load(
        Checkpoint checkpoint, IBackend backend, Func<ZImageConfig, ZImageConfig>? adjust = null, IPromptEncoder? encoder = null) =>
        JointLayouts.Load(checkpoint, backend, root =>
        {
            var inferred = Infer(checkpoint);
            var config = JointLayouts.Checked(checkpoint, () => (adjust?.Invoke(inferred) ?? inferred).Validated());
            return new ZImageModel(config, Read(root, config, IsFused(checkpoint)), backend, encoder);
        });

    /// <summary>The sizes that the shapes of a checkpoint imply, with the published position axes where the heads have 128 channels.</summary>
    /// <exception cref="WeightFileException">They imply none.</exception>
    public static ZImageConfig Infer(Checkpoint checkpoint)
    {
        if (!Is(checkpoint))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a Z-Image transformer.");
        }

        var isFused = IsFused(checkpoint);
        var image = JointLayouts.Find(checkpoint, $"{ImageName(isFused)}.weight", 2);
        var time = JointLayouts.Find(checkpoint, "t_embedder.mlp.2.weight", 2);
        return new ZImageConfig
        {
            InChannels = image[1],
            HiddenSize = image[0],
            HeadCount = image[0] / JointLayouts.Find(checkpoint, $"layers.0.{Norm("k", isFused)}", 1)[0],
            BlockCount = JointLayouts.Blocks(checkpoint, Block()),
            NoiseRefinerCount = JointLayouts.Blocks(checkpoint, NoiseRefiner()),
            ContextRefinerCount = JointLayouts.Blocks(checkpoint, ContextRefiner()),
            TextChannels = JointLayouts.Find(checkpoint, "cap_embedder.1.weight", 2)[1],
            MlpSize = JointLayouts.Find(checkpoint, "layers.0.feed_forward.w1.weight", 2)[0],
            TimeSize = time[1],
            VectorSize = time[0],
        };
    }

    /// <summary>What each linear map is made of in a checkpoint, and in every layout.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint)
    {
        var config = Infer(checkpoint);
        return LayoutTraces.At(
            IsFused(checkpoint) ? 0 : 1,
            WeightTrace.Of("single file", root => Read(root, config, isFused: true)),
            WeightTrace.Of("diffusers", root => Read(root, config, isFused: false)));
    }

    /// <summary>Every tensor of a checkpoint's layout with its shape.</summary>
    public static Dictionary<string, Shape> Expected(Checkpoint checkpoint, ZImageConfig config)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        var isFused = IsFused(checkpoint);
        var expected = new Dictionary<string, Shape>
        {
            ["x_pad_token"] = [1, c],
            ["cap_pad_token"] = [1, c],
            ["cap_embedder.0.weight"] = [config.TextChannels],
        };
        Maps(
            hasBias: true,
            (ImageName(isFused), c, config.InChannels),
            ("cap_embedder.1", c, config.TextChannels),
            ("t_embedder.mlp.0", config.TimeSize, ZImageConfig.FrequencyCount),
            ("t_embedder.mlp.2", config.VectorSize, config.TimeSize),
            ($"{FinalName(isFused)}.adaLN_modulation.1", c, config.VectorSize),
            ($"{FinalName(isFused)}.linear", config.InChannels, c));
        foreach (var (stack, count, isModulated) in Stacks(config))
        {
            foreach (var block in Enumerable.Range(0, count).Select(i => $"{stack}.{i}"))
            {
                Maps(hasBias: true, isModulated ? [($"{block}.adaLN_modulation.0", 4 * c, config.VectorSize)] : []);
                Maps(hasBias: false, [.. QkvNames(isFused).Select(name => ($"{block}.{name}", isFused ? 3 * c : c, c))]);
                Maps(hasBias: false, ($"{block}.{ProjectionName(isFused)}", c, c));
                Maps(
                    hasBias: false,
                    ($"{block}.feed_forward.w1", mlp, c), ($"{block}.feed_forward.w2", c, mlp), ($"{block}.feed_forward.w3", mlp, c));
                expected[$"{block}.{Norm("q", isFused)}"] = expected[$"{block}.{Norm("k", isFused)}"] = [config.HeadChannels];
                foreach (var norm in new[] { "attention_norm1", "attention_norm2", "ffn_norm1", "ffn_norm2" })
                {
                    expected[$"{block}.{norm}.weight"] = [c];
                }
            }
        }

        return expected;

        void Maps(bool hasBias, params (string Name, int Outputs, int Inputs)[] maps)
        {
            foreach (var (name, outputs, inputs) in maps)
            {
                expected[$"{name}.weight"] = [outputs, inputs];
                if (hasBias)
                {
                    expected[$"{name}.bias"] = [outputs];
                }
            }
        }
    }

    private static ZImageWeights Read(WeightScope root, ZImageConfig config, bool isFused)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        ZImageBlockWeights Block(string name, bool isModulated)
        {
            var block = root.Scope(name);
            Tensor Vector(string norm, int count) => block.SingleTensor(norm, [count]);
            return new(
                isModulated ? block.Linear("adaLN_modulation.0", 4 * c, config.VectorSize) : null,
                isFused ? block.Linear(QkvNames(isFused)[0], 3 * c, c, bias: false) : DitLayouts.Joined(block, c, hasBias: false, QkvNames(isFused)),
                Vector(Norm("q", isFused), config.HeadChannels),
                Vector(Norm("k", isFused), config.HeadChannels),
                block.Linear(ProjectionName(isFused), c, c, bias: false),
                Vector("attention_norm1.weight", c),
                Vector("attention_norm2.weight", c),
                block.Linear("feed_forward.w1", mlp, c, bias: false),
                block.Linear("feed_forward.w3", mlp, c, bias: false),
                block.Linear("feed_forward.w2", c, mlp, bias: false),
                Vector("ffn_norm1.weight", c),
                Vector("ffn_norm2.weight", c));
        }

        var stacks = Stacks(config).Select(stack =>
            Enumerable.Range(0, stack.Count).Select(i => Block($"{stack.Name}.{i}", stack.IsModulated)).ToArray()).ToArray();
        return new ZImageWeights(
            root.Linear(ImageName(isFused), c, config.InChannels),
            root.SingleTensor("x_pad_token", [1, c]),
            root.SingleTensor("cap_embedder.0.weight", [config.TextChannels]),
            root.Linear("cap_embedder.1", c, config.TextChannels),
            root.SingleTensor("cap_pad_token", [1, c]),
            new JointEmbedder(
                root.Linear("t_embedder.mlp.0", config.TimeSize, ZImageConfig.FrequencyCount),
                root.Linear("t_embedder.mlp.2", config.VectorSize, config.TimeSize)),
            stacks[0],
            stacks[1],
            stacks[2],
            root.Linear($"{FinalName(isFused)}.adaLN_modulation.1", c, config.VectorSize),
            root.Linear($"{FinalName(isFused)}.linear", config.InChannels, c));
    }

    private static (string Name, int Count, bool IsModulated)[] Stacks(ZImageConfig config) =>
    [
        ("noise_refiner", config.NoiseRefinerCount, true),
        ("context_refiner", config.ContextRefinerCount, false),
        ("layers", config.BlockCount, true),
    ];

    private static string ImageName(bool isFused) => isFused ? "x_embedder" : "all_x_embedder.2-1";

    private static string FinalName(bool isFused) => isFused ? "final_layer" : "all_final_layer.2-1";

    private static string[] QkvNames(bool isFused) =>
        isFused ? ["attention.qkv"] : ["attention.to_q", "attention.to_k", "attention.to_v"];

    private static string ProjectionName(bool isFused) => isFused ? "attention.out" : "attention.to_out.0";

    private static string Norm(string what, bool isFused) => isFused ? $"attention.{what}_norm.weight" : $"attention.norm_{what}.weight";

    [GeneratedRegex(@"^layers\.([0-9]{1,4})\.")]
    private static partial Regex Block();

    [GeneratedRegex(@"^noise_refiner\.([0-9]{1,4})\.")]
    private static partial Regex NoiseRefiner();

    [GeneratedRegex(@"^context_refiner\.([0-9]{1,4})\.")]
    private static partial Regex ContextRefiner();
}
