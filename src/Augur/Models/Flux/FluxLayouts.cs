using System.Text.RegularExpressions;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Joint;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Flux;

/// <summary>The two published key layouts of a FLUX transformer's weights, read into one network.</summary>
internal static partial class FluxLayouts
{
    /// <summary>Whether a checkpoint has the original code's names.</summary>
    public static bool IsOriginal(Checkpoint checkpoint) => checkpoint.Tensors.ContainsKey("double_blocks.0.img_attn.norm.key_norm.scale")
        && !checkpoint.Tensors.ContainsKey("single_stream_modulation.lin.weight"); // FLUX.2, which has the same names

    /// <summary>Whether a checkpoint has diffusers' names.</summary>
    public static bool IsDiffusers(Checkpoint checkpoint) =>
        checkpoint.Tensors.ContainsKey("transformer_blocks.0.norm1_context.linear.weight")
        && checkpoint.Tensors.ContainsKey("single_transformer_blocks.0.proj_mlp.weight");

    /// <summary>Reads the network of a checkpoint in either layout; every tensor must have its place.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="backend">Where to compute.</param>
    /// <param name="adjust">Changes what shapes cannot tell: position axes, buckets, the latent's default size; null: nothing.</param>
    /// <param name="prompts">Its text encoders, disposed with it; null: it reads texts that were encoded elsewhere.</param>
    /// <exception cref="WeightFileException">A tensor is missing, left over, or has another shape.</exception>
    public static FluxModel Load(
        Checkpoint checkpoint, IBackend backend, Func<FluxConfig, FluxConfig>? adjust = null, IPromptEncoder? prompts = null) =>
        JointLayouts.Load(checkpoint, backend, root =>
        {
            var inferred = Infer(checkpoint);
            var config = JointLayouts.Checked(checkpoint, () => (adjust?.Invoke(inferred) ?? inferred).Validated());
            var weights = IsOriginal(checkpoint) ? ReadOriginal(root, config) : ReadDiffusers(root, config);
            return new FluxModel(config, weights, backend, prompts);
        });

    /// <summary>The sizes that the shapes of a checkpoint imply, with the published shares of the position axes.</summary>
    /// <exception cref="WeightFileException">They imply none.</exception>
    public static FluxConfig Infer(Checkpoint checkpoint)
    {
        var isOriginal = IsOriginal(checkpoint);
        if (!isOriginal && !IsDiffusers(checkpoint))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a FLUX transformer.");
        }

        var image = Matrix(isOriginal ? "img_in.weight" : "x_embedder.weight");
        var text = Matrix(isOriginal ? "txt_in.weight" : "context_embedder.weight");
        var pooled = Matrix(isOriginal ? "vector_in.in_layer.weight" : "time_text_embed.text_embedder.linear_1.weight");
        var mlp = Matrix(isOriginal ? "double_blocks.0.img_mlp.0.weight" : "transformer_blocks.0.ff.net.0.proj.weight");
        var norm = JointLayouts.Find(
            checkpoint, isOriginal ? "double_blocks.0.img_attn.norm.key_norm.scale" : "transformer_blocks.0.attn.norm_k.weight", 1);
        return new FluxConfig
        {
            InChannels = image[1],
            HiddenSize = image[0],
            HeadCount = image[0] / norm[0],
            DoubleBlockCount = Blocks(isOriginal ? OriginalDouble() : DiffusersDouble()),
            SingleBlockCount = Blocks(isOriginal ? OriginalSingle() : DiffusersSingle()),
            TextChannels = text[1],
            PooledChannels = pooled[1],
            PositionAxes = FluxConfig.AxesOf(norm[0]),
            MlpSize = mlp[0],
            HasGuidance = checkpoint.Tensors.ContainsKey(
                isOriginal ? "guidance_in.in_layer.weight" : "time_text_embed.guidance_embedder.linear_1.weight"),
            HasQkvBias = checkpoint.Tensors.ContainsKey(isOriginal ? "double_blocks.0.img_attn.qkv.bias" : "transformer_blocks.0.attn.to_q.bias"),
        };

        Shape Matrix(string name) => JointLayouts.Find(checkpoint, name, 2);

        int Blocks(Regex name) => JointLayouts.Blocks(checkpoint, name);
    }

    /// <summary>Reads the original layout: black-forest-labs/flux's state dict.</summary>
    public static FluxWeights ReadOriginal(WeightScope root, FluxConfig config)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        JointDoubleBlockWeights Double(int layer)
        {
            var block = root.Scope($"double_blocks.{layer}");
            return new(Group(block, "img"), Group(block, "txt"));
        }

        JointEmbedder Embedder(string name, int inputs) => new(root.Linear($"{name}.in_layer", c, inputs), root.Linear($"{name}.out_layer", c, c));
        JointGroupWeights Group(WeightScope block, string group) => new(
            block.Linear($"{group}_mod.lin", 6 * c, c),
            block.Linear($"{group}_attn.qkv", 3 * c, c, config.HasQkvBias),
            block.SingleTensor($"{group}_attn.norm.query_norm.scale", [config.HeadChannels]),
            block.SingleTensor($"{group}_attn.norm.key_norm.scale", [config.HeadChannels]),
            block.Linear($"{group}_attn.proj", c, c),
            new(new(block.Linear($"{group}_mlp.0", mlp, c), IsGated: false), block.Linear($"{group}_mlp.2", c, mlp)));
        JointSingleBlockWeights Single(int layer)
        {
            var block = root.Scope($"single_blocks.{layer}");
            var modulation = block.Linear("modulation.lin", 3 * c, c);
            var parts = block.LinearParts("linear1", [3 * c, mlp], c);
            return new(
                modulation, parts[0], new(parts[1], IsGated: false),
                block.SingleTensor("norm.query_norm.scale", [config.HeadChannels]),
                block.SingleTensor("norm.key_norm.scale", [config.HeadChannels]),
                block.Linear("linear2", c, c + mlp));
        }

        return new FluxWeights(
            root.Linear("img_in", c, config.InChannels),
            root.Linear("txt_in", c, config.TextChannels),
            Embedder("time_in", FluxConfig.FrequencyCount),
            Embedder("vector_in", config.PooledChannels),
            config.HasGuidance ? Embedder("guidance_in", FluxConfig.FrequencyCount) : null,
            [.. Enumerable.Range(0, config.DoubleBlockCount).Select(Double)],
            [.. Enumerable.Range(0, config.SingleBlockCount).Select(Single)],
            root.Linear("final_layer.adaLN_modulation.1", 2 * c, c),
            root.Linear("final_layer.linear", config.InChannels, c));
    }

    /// <summary>Reads diffusers' layout, in which query, key and value are apart, and scale stands before shift in the final modulation.</summary>
    public static FluxWeights ReadDiffusers(WeightScope root, FluxConfig config)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        JointEmbedder Embedder(string name, int inputs) => new(
            root.Linear($"time_text_embed.{name}.linear_1", c, inputs), root.Linear($"time_text_embed.{name}.linear_2", c, c));
        JointDoubleBlockWeights Double(int layer)
        {
            var block = root.Scope($"transformer_blocks.{layer}");
            return new(
                Group(block, "norm1", ["attn.to_q", "attn.to_k", "attn.to_v"], "attn.norm_q", "attn.norm_k", "attn.to_out.0", "ff"),
                Group(
                    block,
                    "norm1_context",
                    ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"],
                    "attn.norm_added_q",
                    "attn.norm_added_k",
                    "attn.to_add_out",
                    "ff_context"));
        }

        JointGroupWeights Group(
            WeightScope block, string modulation, string[] qkv, string queryNorm, string keyNorm, string projection, string feedForward) => new(
            block.Linear($"{modulation}.linear", 6 * c, c),
            DitLayouts.Joined(block, c, config.HasQkvBias, qkv),
            block.SingleTensor($"{queryNorm}.weight", [config.HeadChannels]),
            block.SingleTensor($"{keyNorm}.weight", [config.HeadChannels]),
            block.Linear(projection, c, c),
            new(new(block.Linear($"{feedForward}.net.0.proj", mlp, c), IsGated: false), block.Linear($"{feedForward}.net.2", c, mlp)));
        JointSingleBlockWeights Single(int layer)
        {
            var block = root.Scope($"single_transformer_blocks.{layer}");
            return new(
                block.Linear("norm.linear", 3 * c, c),
                DitLayouts.Joined(block, c, config.HasQkvBias, "attn.to_q", "attn.to_k", "attn.to_v"),
                new(block.Linear("proj_mlp", mlp, c), IsGated: false),
                block.SingleTensor("attn.norm_q.weight", [config.HeadChannels]),
                block.SingleTensor("attn.norm_k.weight", [config.HeadChannels]),
                block.Linear("proj_out", c, c + mlp));
        }

        return new FluxWeights(
            root.Linear("x_embedder", c, config.InChannels),
            root.Linear("context_embedder", c, config.TextChannels),
            Embedder("timestep_embedder", FluxConfig.FrequencyCount),
            Embedder("text_embedder", config.PooledChannels),
            config.HasGuidance ? Embedder("guidance_embedder", FluxConfig.FrequencyCount) : null,
            [.. Enumerable.Range(0, config.DoubleBlockCount).Select(Double)],
            [.. Enumerable.Range(0, config.SingleBlockCount).Select(Single)],
            JointLayouts.HalvesSwapped(root, "norm_out.linear", c),
            root.Linear("proj_out", config.InChannels, c));
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
    public static Dictionary<string, Shape> Expected(Checkpoint checkpoint, FluxConfig config)
    {
        int c = config.HiddenSize, mlp = config.MlpSize;
        var expected = new Dictionary<string, Shape>();
        if (IsOriginal(checkpoint))
        {
            Maps("", ("img_in", c, config.InChannels), ("txt_in", c, config.TextChannels), ("final_layer.adaLN_modulation.1", 2 * c, c));
            Maps("", ("final_layer.linear", config.InChannels, c));
            Embedders("", "_in.in_layer", "_in.out_layer", "time", "vector", "guidance");
            foreach (var block in Enumerable.Range(0, config.DoubleBlockCount).Select(i => $"double_blocks.{i}."))
            {
                foreach (var group in new[] { "img", "txt" })
                {
                    Maps(block, ($"{group}_mod.lin", 6 * c, c), ($"{group}_attn.proj", c, c), ($"{group}_mlp.0", mlp, c), ($"{group}_mlp.2", c, mlp));
                    Map($"{block}{group}_attn.qkv", 3 * c, c, config.HasQkvBias);
                    Norms($"{block}{group}_attn.norm.query_norm.scale", $"{block}{group}_attn.norm.key_norm.scale");
                }
            }

            foreach (var block in Enumerable.Range(0, config.SingleBlockCount).Select(i => $"single_blocks.{i}."))
            {
                Maps(block, ("modulation.lin", 3 * c, c), ("linear1", (3 * c) + mlp, c), ("linear2", c, c + mlp));
                Norms($"{block}norm.query_norm.scale", $"{block}norm.key_norm.scale");
            }

            return expected;
        }

        Maps("", ("x_embedder", c, config.InChannels), ("context_embedder", c, config.TextChannels), ("norm_out.linear", 2 * c, c));
        Maps("", ("proj_out", config.InChannels, c));
        Embedders("time_text_embed.", "_embedder.linear_1", "_embedder.linear_2", "timestep", "text", "guidance");
        foreach (var block in Enumerable.Range(0, config.DoubleBlockCount).Select(i => $"transformer_blocks.{i}."))
        {
            Maps(block, ("norm1.linear", 6 * c, c), ("norm1_context.linear", 6 * c, c), ("attn.to_out.0", c, c), ("attn.to_add_out", c, c));
            Maps(block, ("ff.net.0.proj", mlp, c), ("ff.net.2", c, mlp), ("ff_context.net.0.proj", mlp, c), ("ff_context.net.2", c, mlp));
            Squares(block, "attn.to_q", "attn.to_k", "attn.to_v", "attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj");
            Norms($"{block}attn.norm_q.weight", $"{block}attn.norm_k.weight", $"{block}attn.norm_added_q.weight", $"{block}attn.norm_added_k.weight");
        }

        foreach (var block in Enumerable.Range(0, config.SingleBlockCount).Select(i => $"single_transformer_blocks.{i}."))
        {
            Maps(block, ("norm.linear", 3 * c, c), ("proj_mlp", mlp, c), ("proj_out", c, c + mlp));
            Squares(block, "attn.to_q", "attn.to_k", "attn.to_v");
            Norms($"{block}attn.norm_q.weight", $"{block}attn.norm_k.weight");
        }

        return expected;

        void Map(string name, int outputs, int inputs, bool hasBias)
        {
            expected[$"{name}.weight"] = [outputs, inputs];
            if (hasBias)
            {
                expected[$"{name}.bias"] = [outputs];
            }
        }

        void Maps(string scope, params (string Name, int Outputs, int Inputs)[] maps) =>
            Array.ForEach(maps, map => Map(scope + map.Name, map.Outputs, map.Inputs, hasBias: true));

        void Squares(string scope, params string[] names) => Array.ForEach(names, name => Map(scope + name, c, c, config.HasQkvBias));

        void Norms(params string[] names) => Array.ForEach(names, name => expected[name] = [config.HeadChannels]);

        void Embedders(string scope, string first, string second, string time, string pooled, string guidance)
        {
            var inputs = new List<(string, int)> { (time, FluxConfig.FrequencyCount), (pooled, config.PooledChannels) };
            inputs.AddRange(config.HasGuidance ? [(guidance, FluxConfig.FrequencyCount)] : []);
            inputs.ForEach(i => Maps(scope, (i.Item1 + first, c, i.Item2), (i.Item1 + second, c, c)));
        }
    }

    [GeneratedRegex(@"^double_blocks\.([0-9]{1,4})\.")]
    private static partial Regex OriginalDouble();

    [GeneratedRegex(@"^single_blocks\.([0-9]{1,4})\.")]
    private static partial Regex OriginalSingle();

    [GeneratedRegex(@"^transformer_blocks\.([0-9]{1,4})\.")]
    private static partial Regex DiffusersDouble();

    [GeneratedRegex(@"^single_transformer_blocks\.([0-9]{1,4})\.")]
    private static partial Regex DiffusersSingle();
}
