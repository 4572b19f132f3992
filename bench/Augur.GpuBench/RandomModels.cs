using System.Runtime.InteropServices;
using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.GpuBench;

/// <summary>Weight files of published shapes with random numbers in bfloat16, in a folder that is deleted in the end.</summary>
internal sealed class RandomModels : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-gpu").FullName;
    private readonly ushort[] _numbers;
    private int _at;

    public RandomModels()
    {
        // A pool that all tensors are cut from: what a network of random weights says means nothing, but no number may grow over its depth.
        var random = new Random(7);
        _numbers = new ushort[(1 << 22) + 3];
        for (var i = 0; i < _numbers.Length; i++)
        {
            _numbers[i] = (ushort)(BitConverter.SingleToUInt32Bits((random.NextSingle() - 0.5f) * 0.04f) >> 16);
        }
    }

    public string Flux(FluxSize size)
    {
        var (c, mlp, head) = (size.Channels, 4 * size.Channels, size.Channels / size.Heads);
        var writer = new SafetensorsWriter();
        Linear(writer, "img_in", c, 64);
        Linear(writer, "txt_in", c, 4096);
        foreach (var (name, inputs) in new[] { ("time_in", 256), ("guidance_in", 256), ("vector_in", 768) })
        {
            Linear(writer, $"{name}.in_layer", c, inputs);
            Linear(writer, $"{name}.out_layer", c, c);
        }

        for (var i = 0; i < size.DoubleBlocks; i++)
        {
            foreach (var group in new[] { "img", "txt" })
            {
                var block = $"double_blocks.{i}.{group}";
                Linear(writer, $"{block}_mod.lin", 6 * c, c);
                Linear(writer, $"{block}_attn.qkv", 3 * c, c);
                Linear(writer, $"{block}_attn.proj", c, c);
                Linear(writer, $"{block}_mlp.0", mlp, c);
                Linear(writer, $"{block}_mlp.2", c, mlp);
                Ones(writer, $"{block}_attn.norm.query_norm.scale", head);
                Ones(writer, $"{block}_attn.norm.key_norm.scale", head);
            }
        }

        for (var i = 0; i < size.SingleBlocks; i++)
        {
            var block = $"single_blocks.{i}";
            Linear(writer, $"{block}.modulation.lin", 3 * c, c);
            Linear(writer, $"{block}.linear1", (3 * c) + mlp, c);
            Linear(writer, $"{block}.linear2", c, c + mlp);
            Ones(writer, $"{block}.norm.query_norm.scale", head);
            Ones(writer, $"{block}.norm.key_norm.scale", head);
        }

        Linear(writer, "final_layer.adaLN_modulation.1", 2 * c, c);
        Linear(writer, "final_layer.linear", 64, c);
        return Save(writer, "flux.safetensors");
    }

    public string Dit(DitSize size)
    {
        const int Grid = 16, Patch = 2, Latent = 4;
        var c = size.Channels;
        var writer = new SafetensorsWriter();
        Add(writer, "pos_embed", [1, Grid * Grid, c]);
        Add(writer, "x_embedder.proj.weight", [c, Latent, Patch, Patch]);
        Add(writer, "x_embedder.proj.bias", [c]);
        Add(writer, "y_embedder.embedding_table.weight", [1001, c]);
        Linear(writer, "t_embedder.mlp.0", c, 256);
        Linear(writer, "t_embedder.mlp.2", c, c);
        for (var i = 0; i < size.Depth; i++)
        {
            var block = $"blocks.{i}";
            Linear(writer, $"{block}.adaLN_modulation.1", 6 * c, c);
            Linear(writer, $"{block}.attn.qkv", 3 * c, c);
            Linear(writer, $"{block}.attn.proj", c, c);
            Linear(writer, $"{block}.mlp.fc1", 4 * c, c);
            Linear(writer, $"{block}.mlp.fc2", c, 4 * c);
        }

        Linear(writer, "final_layer.adaLN_modulation.1", 2 * c, c);
        Linear(writer, "final_layer.linear", Patch * Patch * 2 * Latent, c);
        File.WriteAllText(Path.Combine(_folder, "config.json"), $$"""
            {"architecture": "dit", "input_size": {{Grid * Patch}}, "patch_size": {{Patch}}, "in_channels": {{Latent}}, "hidden_size": {{c}},
            "depth": {{size.Depth}}, "num_heads": {{size.Heads}}, "num_classes": 1000}
            """);
        return Save(writer, "dit.safetensors");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Save(SafetensorsWriter writer, string name)
    {
        var path = Path.Combine(_folder, name);
        writer.Save(path);
        return path;
    }

    private void Linear(SafetensorsWriter writer, string name, int outputs, int inputs)
    {
        Add(writer, $"{name}.weight", [outputs, inputs]);
        Add(writer, $"{name}.bias", [outputs]);
    }

    private void Add(SafetensorsWriter writer, string name, Shape shape)
    {
        var bytes = new byte[shape.ElementCount * sizeof(ushort)];
        var values = MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan());
        for (var i = 0; i < values.Length;)
        {
            var count = Math.Min(values.Length - i, _numbers.Length - _at);
            _numbers.AsSpan(_at, count).CopyTo(values[i..]);
            (i, _at) = (i + count, (_at + count) % _numbers.Length);
        }

        writer.Add(name, StoredType.BFloat16, bytes, shape);
    }

    private static void Ones(SafetensorsWriter writer, string name, int length) => writer.Add(name, [.. Enumerable.Repeat(1f, length)], [length]);
}

/// <summary>Nothing is drawn: the network is what is measured.</summary>
internal sealed class NoDecoder : IDecoder
{
    public int PixelsPerCell => 1;

    public Medium Decode(Tensor latent) => new Picture(RgbImage.FromPixels(Tensor.Zeros(latent.Backend, [1, 1, 8, 8])).Single());

    public void Dispose()
    {
    }
}
