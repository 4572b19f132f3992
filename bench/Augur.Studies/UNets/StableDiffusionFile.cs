using System.Globalization;
using System.Runtime.InteropServices;
using Augur.Models.UNet;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Studies.UNets;

/// <summary>
/// A single file as Stable Diffusion 1.5 is published, network, CLIP and autoencoder under the original names in half precision, with random weights:
/// what a call costs does not depend on their values.
/// </summary>
internal static class StableDiffusionFile
{
    private static readonly ushort[] s_pool = Pool();

    /// <summary>The network's sizes.</summary>
    public static UNetConfig Config { get; } = new()
    {
        BlockChannels = [320, 640, 1280, 1280],
        TransformerDepths = [1, 1, 1, 0],
        MiddleDepth = 1,
        HeadCounts = [8, 8, 8, 8],
        CrossChannels = 768,
    };

    /// <summary>Writes it, 2.1 GB.</summary>
    public static void Write(string path, TextWriter output)
    {
        var writer = new SafetensorsWriter();
        var names = new OriginalUNetNames(Config.LevelCount, Config.LayersPerBlock);
        foreach (var (name, shape) in new UNetExpectation(Config, names, "model.diffusion_model.").Tensors())
        {
            Add(writer, name, shape);
        }

        Clip(writer, "cond_stage_model.transformer.text_model");
        Autoencoder(writer, "first_stage_model");
        writer.Save(path);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {new FileInfo(path).Length / 1e9:0.00} GB"));
    }

    private static void Clip(SafetensorsWriter writer, string root)
    {
        const int Width = 768;
        Add(writer, $"{root}.embeddings.token_embedding.weight", [49408, Width]);
        Add(writer, $"{root}.embeddings.position_embedding.weight", [77, Width]);
        for (var i = 0; i < 12; i++)
        {
            var layer = $"{root}.encoder.layers.{i}";
            foreach (var part in new[] { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj" })
            {
                Linear(writer, $"{layer}.{part}", [Width, Width]);
            }

            Linear(writer, $"{layer}.mlp.fc1", [4 * Width, Width]);
            Linear(writer, $"{layer}.mlp.fc2", [Width, 4 * Width]);
            Linear(writer, $"{layer}.layer_norm1", [Width]);
            Linear(writer, $"{layer}.layer_norm2", [Width]);
        }

        Linear(writer, $"{root}.final_layer_norm", [Width]);
    }

    private static void Autoencoder(SafetensorsWriter writer, string root)
    {
        int[] widths = [128, 256, 512, 512];
        Linear(writer, $"{root}.encoder.conv_in", [128, 3, 3, 3]);
        for (var (level, width) = (0, 128); level < 4; width = widths[level++])
        {
            Residuals(writer, $"{root}.encoder.down.{level}.block", 2, width, widths[level]);
            if (level < 3)
            {
                Linear(writer, $"{root}.encoder.down.{level}.downsample.conv", [widths[level], widths[level], 3, 3]);
            }
        }

        Middle(writer, $"{root}.encoder");
        Linear(writer, $"{root}.encoder.norm_out", [512]);
        Linear(writer, $"{root}.encoder.conv_out", [8, 512, 3, 3]);
        Linear(writer, $"{root}.quant_conv", [8, 8, 1, 1]);
        Linear(writer, $"{root}.post_quant_conv", [4, 4, 1, 1]);
        Linear(writer, $"{root}.decoder.conv_in", [512, 4, 3, 3]);
        Middle(writer, $"{root}.decoder");
        for (var (level, width) = (3, 512); level >= 0; width = widths[level--])
        {
            Residuals(writer, $"{root}.decoder.up.{level}.block", 3, width, widths[level]);
            if (level > 0)
            {
                Linear(writer, $"{root}.decoder.up.{level}.upsample.conv", [widths[level], widths[level], 3, 3]);
            }
        }

        Linear(writer, $"{root}.decoder.norm_out", [128]);
        Linear(writer, $"{root}.decoder.conv_out", [3, 128, 3, 3]);
    }

    private static void Middle(SafetensorsWriter writer, string side)
    {
        Residuals(writer, $"{side}.mid.block_1", 0, 512, 512);
        Residuals(writer, $"{side}.mid.block_2", 0, 512, 512);
        Linear(writer, $"{side}.mid.attn_1.norm", [512]);
        foreach (var part in new[] { "q", "k", "v", "proj_out" })
        {
            Linear(writer, $"{side}.mid.attn_1.{part}", [512, 512, 1, 1]);
        }
    }

    // So many numbered blocks; 0: one without a number.
    private static void Residuals(SafetensorsWriter writer, string name, int count, int from, int to)
    {
        for (var i = 0; i < Math.Max(1, count); i++)
        {
            var (block, inputs) = (count == 0 ? name : $"{name}.{i}", i == 0 ? from : to);
            Linear(writer, $"{block}.norm1", [inputs]);
            Linear(writer, $"{block}.conv1", [to, inputs, 3, 3]);
            Linear(writer, $"{block}.norm2", [to]);
            Linear(writer, $"{block}.conv2", [to, to, 3, 3]);
            if (inputs != to)
            {
                Linear(writer, $"{block}.nin_shortcut", [to, inputs, 1, 1]);
            }
        }
    }

    private static void Linear(SafetensorsWriter writer, string name, Shape shape)
    {
        Add(writer, $"{name}.weight", shape);
        Add(writer, $"{name}.bias", [shape[0]]);
    }

    // Uniform with the spread 1/√inputs, so that nothing grows from layer to layer; norms pass what they get.
    private static void Add(SafetensorsWriter writer, string name, Shape shape)
    {
        var bytes = new byte[shape.ElementCount * sizeof(ushort)];
        var values = MemoryMarshal.Cast<byte, Half>(bytes.AsSpan());
        var scale = shape.Rank > 1 ? 1 / Math.Sqrt(shape.ElementCount / (double)shape[0]) : 0;
        var table = Array.ConvertAll(s_scales, number => (Half)(number * scale));
        var one = shape.Rank == 1 && name.EndsWith(".weight", StringComparison.Ordinal) ? Half.One : Half.Zero;
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = shape.Rank > 1 ? table[s_pool[i & (s_pool.Length - 1)]] : one;
        }

        writer.Add(name, StoredType.Float16, bytes, shape);
    }

    // 256 values of a uniform distribution of spread 1.
    private static readonly double[] s_scales = [.. Enumerable.Range(0, 256).Select(i => (i - 127.5) / 128 * Math.Sqrt(3))];

    private static ushort[] Pool()
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, 1 << 20).Select(_ => (ushort)random.Next(256))];
    }
}
