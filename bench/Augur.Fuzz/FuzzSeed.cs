using Augur.Tensors.Weights;

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
}

/// <summary>A valid file from which inputs are made.</summary>
internal sealed record FuzzSeed(string Name, SeedKind Kind, byte[] Bytes)
{
    /// <summary>A written safetensors file, an index, and the PyTorch files of a folder.</summary>
    public static IReadOnlyList<FuzzSeed> All(string pytorchFolder) =>
    [
        new("many.safetensors", SeedKind.Safetensors, Many()),
        new("one.safetensors", SeedKind.Safetensors, new SafetensorsWriter().Add("w", [1f, 2, 3, 4, 5, 6], [2, 3]).ToArray()),
        new("model.safetensors.index.json", SeedKind.Index, Index()),
        .. Directory.GetFiles(pytorchFolder, "*.pt").Order(StringComparer.Ordinal).Select(f => new FuzzSeed(
            Path.GetFileName(f), f.EndsWith(".legacy.pt", StringComparison.Ordinal) ? SeedKind.Legacy : SeedKind.Zip, File.ReadAllBytes(f))),
    ];

    private static byte[] Many()
    {
        var writer = new SafetensorsWriter { Metadata = { ["format"] = "pt", ["note"] = "a \"quoted\" note" } };
        foreach (var type in Enum.GetValues<StoredType>())
        {
            writer.Add($"layers.{(int)type}.{type}", type, new byte[6 * type.Size()], [2, 3]);
        }

        return writer.Add("empty", ReadOnlySpan<float>.Empty, [0, 4]).Add("scalar", [1f], []).ToArray();
    }

    private static byte[] Index() =>
        """
        {"metadata": {"total_size": 1234, "nested": {"a": [1, 2]}},
         "weight_map": {"a.weight": "model-00001-of-00002.safetensors", "a.bias": "model-00001-of-00002.safetensors",
                        "b.weight": "model-00002-of-00002.safetensors"}}
        """u8.ToArray();
}
