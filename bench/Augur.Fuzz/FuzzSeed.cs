using Augur.Tensors.Weights;
using Augur.Tensors.Weights.Gguf;

namespace Augur.Fuzz;

/// <summary>How a seed is built, so that mutations can keep the rest of it consistent.</summary>
internal enum SeedKind
{
    /// <summary>Header length, JSON header, data.</summary>
    Safetensors,

    /// <summary>JSON that maps tensors to shards.</summary>
    Index,

    /// <summary>A zip archive around a pickle: mutations mostly keep its length, or its directory would hide the rest.</summary>
    Zip,

    /// <summary>Pickles, then storages.</summary>
    Legacy,

    /// <summary>Counts, metadata and a table of tensors in binary, then aligned data.</summary>
    Gguf,
}

/// <summary>A valid file from which inputs are made.</summary>
internal sealed record FuzzSeed(string Name, SeedKind Kind, byte[] Bytes)
{
    /// <summary>Written safetensors and GGUF files, an index, and the PyTorch and GGUF files of a folder.</summary>
    public static IReadOnlyList<FuzzSeed> All(string pytorchFolder) =>
    [
        new("many.safetensors", SeedKind.Safetensors, Many()),
        new("one.safetensors", SeedKind.Safetensors, new SafetensorsWriter().Add("w", [1f, 2, 3, 4, 5, 6], [2, 3]).ToArray()),
        new("model.safetensors.index.json", SeedKind.Index, Index()),
        new("float8.safetensors", SeedKind.Safetensors, Float8()),
        new("types.gguf", SeedKind.Gguf, Gguf()),
        new("llama.gguf", SeedKind.Gguf, Llama()),
        .. Directory.GetFiles(Path.Combine(pytorchFolder, "gguf"), "*.gguf").Order(StringComparer.Ordinal)
            .Select(f => new FuzzSeed(Path.GetFileName(f), SeedKind.Gguf, File.ReadAllBytes(f))),
        .. Directory.GetFiles(pytorchFolder, "*.pt").Order(StringComparer.Ordinal).Select(f => new FuzzSeed(
            Path.GetFileName(f), f.EndsWith(".legacy.pt", StringComparison.Ordinal) ? SeedKind.Legacy : SeedKind.Zip, File.ReadAllBytes(f))),
    ];

    private static byte[] Many()
    {
        var writer = new SafetensorsWriter { Metadata = { ["format"] = "pt", ["note"] = "a \"quoted\" note" } };
        foreach (var type in Enum.GetValues<StoredType>().Where(type => !type.IsBlocks()))
        {
            writer.Add($"layers.{(int)type}.{type}", type, new byte[6 * type.Size()], [2, 3]);
        }

        return writer.Add("empty", ReadOnlySpan<float>.Empty, [0, 4]).Add("scalar", [1f], []).ToArray();
    }

    // Weights in 8 bits with their scales beside them.
    private static byte[] Float8() => new SafetensorsWriter()
        .Add("a.weight", StoredType.Float8E4M3, new byte[6], [2, 3]).Add("a.scale_weight", [0.5f], []).Add("a.scale_input", [1f], [])
        .Add("b.weight", StoredType.Float8E5M2, new byte[6], [2, 3]).Add("b.weight_scale", [0.5f, 2f], [2, 1])
        .Add("scaled_fp8", StoredType.Float8E4M3, new byte[2], [2]).ToArray();

    // Every type that GGUF has, and a shape of five axes in the metadata.
    private static byte[] Gguf()
    {
        var writer = new GgufWriter { Metadata = { ["general.architecture"] = "flux", ["general.name"] = "a \"quoted\" name" } };
        foreach (var type in Enum.GetValues<StoredType>().Where(type => GgufTypes.IdOf(type) is not null))
        {
            var columns = 2 * GgufTypes.BlockElements(type);
            writer.Add($"layers.{type}.weight", type, [2, columns], new byte[type.Bytes(2 * columns)]);
        }

        return writer.Add("five", StoredType.Float16, [1, 2, 1, 2, 3], new byte[24]).Add("scalar", StoredType.Float32, [], new byte[4]).ToArray();
    }

    // Rows that are permuted, and names that are translated.
    private static byte[] Llama()
    {
        var writer = new GgufWriter { Metadata = { ["general.architecture"] = "llama", ["llama.attention.head_count"] = "2" } };
        return writer.Add("blk.0.attn_q.weight", StoredType.Q8_0, [8, 32], new byte[8 * 34])
            .Add("blk.0.attn_q.bias", StoredType.Float32, [8], new byte[32])
            .Add("blk.0.ffn_up.weight", StoredType.Float16, [4, 4], new byte[32])
            .Add("token_embd.weight", StoredType.Float32, [2, 4], new byte[32]).ToArray();
    }

    private static byte[] Index() =>
        """
        {"metadata": {"total_size": 1234, "nested": {"a": [1, 2]}},
         "weight_map": {"a.weight": "model-00001-of-00002.safetensors", "a.bias": "model-00001-of-00002.safetensors",
                        "b.weight": "model-00002-of-00002.safetensors"}}
        """u8.ToArray();
}
