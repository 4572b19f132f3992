using Augur.Tensors.Weights;

namespace Augur.Studies.Flux;

/// <summary>
/// Files of FLUX.1-dev's real shapes with random weights, under the names that its published files have: network, T5-XXL, CLIP-L, autoencoder.
/// What such a file costs is what the trained one costs.
/// </summary>
internal static class FluxFiles
{
    private const int C = 3072, Mlp = 4 * C;

    /// <summary>The network, of the published depth or less.</summary>
    public static void WriteNetwork(string path, StoredType type, int doubles, int singles, TextWriter output)
    {
        var file = new RandomWeights(1);
        file.Linear("img_in", StoredType.Float16, C, 64).Linear("txt_in", StoredType.Float16, C, 4096);
        foreach (var (name, inputs) in new[] { ("time_in", 256), ("vector_in", 768), ("guidance_in", 256) })
        {
            file.Linear($"{name}.in_layer", StoredType.Float16, C, inputs).Linear($"{name}.out_layer", StoredType.Float16, C, C);
        }

        for (var i = 0; i < doubles; i++)
        {
            foreach (var group in new[] { "img", "txt" })
            {
                var block = $"double_blocks.{i}.{group}";
                file.Linear($"{block}_mod.lin", type, 6 * C, C).Linear($"{block}_attn.qkv", type, 3 * C, C).Linear($"{block}_attn.proj", type, C, C);
                file.Linear($"{block}_mlp.0", type, Mlp, C).Linear($"{block}_mlp.2", type, C, Mlp);
                file.Vector($"{block}_attn.norm.query_norm.scale", 128, 1).Vector($"{block}_attn.norm.key_norm.scale", 128, 1);
            }
        }

        for (var i = 0; i < singles; i++)
        {
            var block = $"single_blocks.{i}";
            file.Linear($"{block}.modulation.lin", type, 3 * C, C).Linear($"{block}.linear1", type, (3 * C) + Mlp, C);
            file.Linear($"{block}.linear2", type, C, C + Mlp);
            file.Vector($"{block}.norm.query_norm.scale", 128, 1).Vector($"{block}.norm.key_norm.scale", 128, 1);
        }

        file.Linear("final_layer.adaLN_modulation.1", StoredType.Float16, 2 * C, C).Linear("final_layer.linear", StoredType.Float16, 64, C);
        file.Save(path, "flux", output);
    }

    /// <summary>What belongs to the network: t5, clip or ae.</summary>
    public static void WritePart(string folder, string part, TextWriter output)
    {
        (Action<string, TextWriter> write, var name) = part switch
        {
            "t5" => ((Action<string, TextWriter>)WriteT5, "t5xxl-Q8_0.gguf"),
            "clip" => (WriteClip, "clip_l.gguf"),
            "ae" => (WriteAutoencoder, "ae.gguf"),
            _ => throw new ArgumentException($"{part} is no part of FLUX.1; there are t5, clip and ae."),
        };
        write(Path.Combine(folder, name), output);
    }

    /// <summary>T5-XXL's encoder with llama.cpp's names, matrices in Q8_0.</summary>
    private static void WriteT5(string path, TextWriter output)
    {
        const int Width = 4096, Hidden = 10240, Heads = 64, Layers = 24;
        var file = new RandomWeights(2);
        file.Add("token_embd.weight", StoredType.Float16, [32128, Width], 1).Vector("enc.output_norm.weight", Width, 1);
        file.Add("enc.blk.0.attn_rel_b.weight", StoredType.Float16, [32, Heads], 1);
        for (var i = 0; i < Layers; i++)
        {
            var block = $"enc.blk.{i}";
            foreach (var part in new[] { "q", "k", "v", "o" })
            {
                file.Matrix($"{block}.attn_{part}.weight", StoredType.Q8_0, Width, Width);
            }

            file.Vector($"{block}.attn_norm.weight", Width, 1).Vector($"{block}.ffn_norm.weight", Width, 1);
            file.Matrix($"{block}.ffn_gate.weight", StoredType.Q8_0, Hidden, Width).Matrix($"{block}.ffn_up.weight", StoredType.Q8_0, Hidden, Width);
            file.Matrix($"{block}.ffn_down.weight", StoredType.Q8_0, Width, Hidden);
        }

        file.Save(path, "t5encoder", output);
    }

    /// <summary>CLIP-L's text transformer.</summary>
    private static void WriteClip(string path, TextWriter output)
    {
        const int Width = 768;
        var file = new RandomWeights(3);
        file.Add("text_model.embeddings.token_embedding.weight", StoredType.Float16, [49408, Width], 0.02);
        file.Add("text_model.embeddings.position_embedding.weight", StoredType.Float16, [77, Width], 0.02);
        for (var i = 0; i < 12; i++)
        {
            var layer = $"text_model.encoder.layers.{i}";
            foreach (var part in new[] { "q_proj", "k_proj", "v_proj", "out_proj" })
            {
                file.Linear($"{layer}.self_attn.{part}", StoredType.Float16, Width, Width);
            }

            file.Linear($"{layer}.mlp.fc1", StoredType.Float16, 4 * Width, Width).Linear($"{layer}.mlp.fc2", StoredType.Float16, Width, 4 * Width);
            Norm(file, $"{layer}.layer_norm1", Width);
            Norm(file, $"{layer}.layer_norm2", Width);
        }

        Norm(file, "text_model.final_layer_norm", Width);
        file.Save(path, null, output);
    }

    /// <summary>FLUX.1's autoencoder, both ways, original names.</summary>
    private static void WriteAutoencoder(string path, TextWriter output)
    {
        const int Latent = 16;
        int[] widths = [128, 256, 512, 512];
        var file = new RandomWeights(4);
        Convolution(file, "encoder.conv_in", 128, 3, 3);
        for (var (level, width) = (0, 128); level < 4; width = widths[level++])
        {
            Residuals(file, $"encoder.down.{level}.block", 2, width, widths[level]);
            if (level < 3)
            {
                Convolution(file, $"encoder.down.{level}.downsample.conv", widths[level], widths[level], 3);
            }
        }

        Ends(file, "encoder", 512, 2 * Latent);
        Convolution(file, "decoder.conv_in", 512, Latent, 3);
        for (var (level, width) = (3, 512); level >= 0; width = widths[level--])
        {
            Residuals(file, $"decoder.up.{level}.block", 3, width, widths[level]);
            if (level > 0)
            {
                Convolution(file, $"decoder.up.{level}.upsample.conv", widths[level], widths[level], 3);
            }
        }

        Ends(file, "decoder", 128, 3);
        file.Save(path, null, output);
    }

    private static void Ends(RandomWeights file, string side, int last, int outputs)
    {
        Residual(file, $"{side}.mid.block_1", 512, 512);
        Residual(file, $"{side}.mid.block_2", 512, 512);
        Norm(file, $"{side}.mid.attn_1.norm", 512);
        foreach (var part in new[] { "q", "k", "v", "proj_out" })
        {
            Convolution(file, $"{side}.mid.attn_1.{part}", 512, 512, 1);
        }

        var inputs = side == "encoder" ? 512 : last;
        Norm(file, $"{side}.norm_out", inputs);
        Convolution(file, $"{side}.conv_out", outputs, inputs, 3);
    }

    private static void Residuals(RandomWeights file, string name, int count, int from, int to)
    {
        for (var i = 0; i < count; i++)
        {
            Residual(file, $"{name}.{i}", i == 0 ? from : to, to);
        }
    }

    private static void Residual(RandomWeights file, string name, int from, int to)
    {
        Norm(file, $"{name}.norm1", from);
        Convolution(file, $"{name}.conv1", to, from, 3);
        Norm(file, $"{name}.norm2", to);
        Convolution(file, $"{name}.conv2", to, to, 3);
        if (from != to)
        {
            Convolution(file, $"{name}.nin_shortcut", to, from, 1);
        }
    }

    private static void Convolution(RandomWeights file, string name, int outputs, int inputs, int side) =>
        file.Matrix($"{name}.weight", StoredType.Float16, outputs, inputs, side, side).Vector($"{name}.bias", outputs, 0);

    private static void Norm(RandomWeights file, string name, int width) => file.Vector($"{name}.weight", width, 1).Vector($"{name}.bias", width, 0);
}
