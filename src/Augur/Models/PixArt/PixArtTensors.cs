using Augur.Tensors;

namespace Augur.Models.PixArt;

/// <summary>Every tensor of a PixArt transformer with its shape, in both published key layouts.</summary>
internal static class PixArtTensors
{
    private static readonly string[] s_attentions = ["attn1", "attn2"];

    /// <summary>The original code's names.</summary>
    public static Dictionary<string, Shape> Original(PixArtConfig config)
    {
        int c = config.HiddenSize, patch = config.PatchSize, side = config.InputSize / patch;
        var tensors = new TensorShapes
        {
            ["x_embedder.proj.weight"] = [c, config.InChannels, patch, patch],
            ["x_embedder.proj.bias"] = [c],
            ["pos_embed"] = [1, side * side, c],
            ["final_layer.scale_shift_table"] = [2, c],
        };
        tensors.AddLinear("t_block.1", 6 * c, c);
        tensors.AddLinear("y_embedder.y_proj.fc1", c, config.CaptionChannels);
        tensors.AddLinear("y_embedder.y_proj.fc2", c, c);
        tensors.AddLinear("final_layer.linear", patch * patch * config.OutChannels, c);
        foreach (var (name, width) in Embedders(config, "t_embedder", "csize_embedder", "ar_embedder"))
        {
            tensors.AddLinear($"{name}.mlp.0", width, PixArtConfig.FrequencyCount);
            tensors.AddLinear($"{name}.mlp.2", width, width);
        }

        if (config.NullCaptionTokens > 0)
        {
            tensors["y_embedder.y_embedding"] = [config.NullCaptionTokens, config.CaptionChannels];
        }

        foreach (var block in Enumerable.Range(0, config.Depth).Select(layer => $"blocks.{layer}."))
        {
            tensors[$"{block}scale_shift_table"] = [6, c];
            tensors.AddLinear($"{block}attn.qkv", 3 * c, c);
            tensors.AddLinear($"{block}attn.proj", c, c);
            tensors.AddLinear($"{block}cross_attn.q_linear", c, c);
            tensors.AddLinear($"{block}cross_attn.kv_linear", 2 * c, c);
            tensors.AddLinear($"{block}cross_attn.proj", c, c);
            tensors.AddLinear($"{block}mlp.fc1", config.MlpSize, c);
            tensors.AddLinear($"{block}mlp.fc2", c, config.MlpSize);
        }

        return tensors;
    }

    /// <summary>diffusers' names.</summary>
    public static Dictionary<string, Shape> Diffusers(PixArtConfig config)
    {
        int c = config.HiddenSize, patch = config.PatchSize, side = config.InputSize / patch;
        var tensors = new TensorShapes
        {
            ["pos_embed.proj.weight"] = [c, config.InChannels, patch, patch],
            ["pos_embed.proj.bias"] = [c],
            ["pos_embed.pos_embed"] = [1, side * side, c],
            ["scale_shift_table"] = [2, c],
        };
        tensors.AddLinear("adaln_single.linear", 6 * c, c);
        tensors.AddLinear("caption_projection.linear_1", c, config.CaptionChannels);
        tensors.AddLinear("caption_projection.linear_2", c, c);
        tensors.AddLinear("proj_out", patch * patch * config.OutChannels, c);
        foreach (var (name, width) in Embedders(config, "timestep_embedder", "resolution_embedder", "aspect_ratio_embedder"))
        {
            tensors.AddLinear($"adaln_single.emb.{name}.linear_1", width, PixArtConfig.FrequencyCount);
            tensors.AddLinear($"adaln_single.emb.{name}.linear_2", width, width);
        }

        foreach (var block in Enumerable.Range(0, config.Depth).Select(layer => $"transformer_blocks.{layer}."))
        {
            tensors[$"{block}scale_shift_table"] = [6, c];
            foreach (var name in s_attentions.SelectMany(a => (string[])[$"{a}.to_q", $"{a}.to_k", $"{a}.to_v", $"{a}.to_out.0"]))
            {
                tensors.AddLinear(block + name, c, c);
            }

            tensors.AddLinear($"{block}ff.net.0.proj", config.MlpSize, c);
            tensors.AddLinear($"{block}ff.net.2", c, config.MlpSize);
        }

        return tensors;
    }

    private static (string Name, int Width)[] Embedders(PixArtConfig config, string time, string size, string ratio) => config.HasSizeConditions
        ? [(time, config.HiddenSize), (size, config.HiddenSize / 3), (ratio, config.HiddenSize / 3)]
        : [(time, config.HiddenSize)];
}
