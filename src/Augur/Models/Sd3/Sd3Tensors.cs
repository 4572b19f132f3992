using Augur.Tensors;

namespace Augur.Models.Sd3;

/// <summary>Every tensor of an SD3 transformer with its shape, in both published key layouts.</summary>
internal static class Sd3Tensors
{
    /// <summary>The original code's names.</summary>
    public static Dictionary<string, Shape> Original(Sd3Config config)
    {
        var c = config.HiddenSize;
        var tensors = Around(config, "x_embedder.proj", "pos_embed", "final_layer.adaLN_modulation.1", "final_layer.linear");
        Embedder(tensors, "t_embedder.mlp.0", "t_embedder.mlp.2", Sd3Config.FrequencyCount, c);
        Embedder(tensors, "y_embedder.mlp.0", "y_embedder.mlp.2", config.PooledChannels, c);
        for (var layer = 0; layer < config.Depth; layer++)
        {
            Group($"joint_blocks.{layer}.x_block", config.IsDual(layer) ? 9 : 6, config.IsDual(layer) ? ["attn", "attn2"] : ["attn"], isWhole: true);
            Group($"joint_blocks.{layer}.context_block", config.IsLast(layer) ? 2 : 6, ["attn"], isWhole: !config.IsLast(layer));
        }

        return tensors;

        void Group(string group, int vectors, string[] attentions, bool isWhole)
        {
            tensors.AddLinear($"{group}.adaLN_modulation.1", vectors * c, c);
            foreach (var attention in attentions.Select(name => $"{group}.{name}"))
            {
                tensors.AddLinear($"{attention}.qkv", 3 * c, c);
                Norms(tensors, config, $"{attention}.ln_q.weight", $"{attention}.ln_k.weight");
                if (isWhole)
                {
                    tensors.AddLinear($"{attention}.proj", c, c);
                }
            }

            if (isWhole)
            {
                tensors.AddLinear($"{group}.mlp.fc1", config.MlpSize, c);
                tensors.AddLinear($"{group}.mlp.fc2", c, config.MlpSize);
            }
        }
    }

    /// <summary>diffusers' names.</summary>
    public static Dictionary<string, Shape> Diffusers(Sd3Config config)
    {
        var c = config.HiddenSize;
        var tensors = Around(config, "pos_embed.proj", "pos_embed.pos_embed", "norm_out.linear", "proj_out");
        Embedder(
            tensors, "time_text_embed.timestep_embedder.linear_1", "time_text_embed.timestep_embedder.linear_2", Sd3Config.FrequencyCount, c);
        Embedder(tensors, "time_text_embed.text_embedder.linear_1", "time_text_embed.text_embedder.linear_2", config.PooledChannels, c);
        for (var layer = 0; layer < config.Depth; layer++)
        {
            var (block, isDual, isLast) = ($"transformer_blocks.{layer}.", config.IsDual(layer), config.IsLast(layer));
            tensors.AddLinear($"{block}norm1.linear", (isDual ? 9 : 6) * c, c);
            tensors.AddLinear($"{block}norm1_context.linear", (isLast ? 2 : 6) * c, c);
            Squares($"{block}attn.", ["to_q", "to_k", "to_v", "to_out.0", "add_q_proj", "add_k_proj", "add_v_proj"]);
            Norms(
                tensors, config, $"{block}attn.norm_q.weight", $"{block}attn.norm_k.weight", $"{block}attn.norm_added_q.weight",
                $"{block}attn.norm_added_k.weight");
            FeedForward($"{block}ff");
            if (!isLast)
            {
                Squares($"{block}attn.", ["to_add_out"]);
                FeedForward($"{block}ff_context");
            }

            if (isDual)
            {
                Squares($"{block}attn2.", ["to_q", "to_k", "to_v", "to_out.0"]);
                Norms(tensors, config, $"{block}attn2.norm_q.weight", $"{block}attn2.norm_k.weight");
            }
        }

        return tensors;

        void Squares(string scope, string[] names) => Array.ForEach(names, name => tensors.AddLinear(scope + name, c, c));

        void FeedForward(string name)
        {
            tensors.AddLinear($"{name}.net.0.proj", config.MlpSize, c);
            tensors.AddLinear($"{name}.net.2", c, config.MlpSize);
        }
    }

    private static TensorShapes Around(Sd3Config config, string patches, string positions, string modulation, string final)
    {
        int c = config.HiddenSize, patch = config.PatchSize;
        var tensors = new TensorShapes
        {
            [$"{patches}.weight"] = [c, config.InChannels, patch, patch],
            [$"{patches}.bias"] = [c],
            [positions] = [1, config.PositionSize * config.PositionSize, c],
        };
        tensors.AddLinear("context_embedder", c, config.TextChannels);
        tensors.AddLinear(modulation, 2 * c, c);
        tensors.AddLinear(final, patch * patch * config.InChannels, c);
        return tensors;
    }

    private static void Embedder(TensorShapes tensors, string first, string second, int inputs, int channels)
    {
        tensors.AddLinear(first, channels, inputs);
        tensors.AddLinear(second, channels, channels);
    }

    private static void Norms(TensorShapes tensors, Sd3Config config, params string[] names) =>
        Array.ForEach(config.HasQueryKeyNorm ? names : [], name => tensors[name] = [config.HeadChannels]);
}
