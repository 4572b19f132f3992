using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Augur.Models.Flux;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays a folder of GGUF files: numbers of each tensor type bit for bit (<c>quants</c>), the weights of NAME.gguf against the dequantised ones and
/// their digests in NAME.json (<c>NAME</c>), the forward with them (<c>NAME.forward</c>), and damaged files (<c>hostile</c>).
/// </summary>
internal static class GgufReplay
{
    private const string Quants = "quants", Hostile = "hostile", Forward = ".forward";

    /// <summary>Whether a folder holds such files.</summary>
    public static bool Is(string folder) => File.Exists(Path.Combine(folder, "hostile.json")) || Files(folder).Any();

    /// <summary>Names of the runs.</summary>
    public static IEnumerable<string> Runs(string folder) =>
    [
        .. File.Exists(Saved(folder, Quants)) ? [Quants] : Array.Empty<string>(),
        .. Files(folder).SelectMany(name => File.Exists(Saved(folder, name + Forward)) ? [name, name + Forward] : new[] { name }),
        .. File.Exists(Path.Combine(folder, "hostile.json")) ? [Hostile] : Array.Empty<string>(),
    ];

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The network of a forward is not built.</exception>
    public static ReplayResult Run(string folder, string run, IBackend backend)
    {
        var compare = new Comparison(Comparison.ForwardTolerance);
        IEnumerable<string> names = [];
        switch (run)
        {
            case Quants:
                names = CompareNumbers(Saved(folder, run), compare);
                break;
            case Hostile:
                CompareRefusals(folder, compare);
                break;
            case var _ when run.EndsWith(Forward, StringComparison.Ordinal):
                names = CompareForward(folder, run[..^Forward.Length], compare, backend);
                break;
            default:
                CompareWeights(folder, run, compare);
                break;
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", names);
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.gguf")
        .Select(file => Path.GetFileNameWithoutExtension(file)!)
        .Where(name => File.Exists(Path.Combine(folder, $"{name}.json")))
        .Order(StringComparer.Ordinal);

    private static string Saved(string folder, string run) => Path.Combine(folder, $"{run}.safetensors");

    private static string[] CompareNumbers(string path, Comparison compare)
    {
        using var saved = new FixtureFile(path);
        foreach (var (bytes, values) in new[] { ("quantised", "dequantised"), ("packed", "packed_dequantised") })
        {
            foreach (var name in saved.Names.Where(n => n.EndsWith($".{bytes}", StringComparison.Ordinal)))
            {
                compare.Used(name);
                var packed = Array.ConvertAll(saved.Integers(name), b => (byte)b);
                var expected = $"{name[..^bytes.Length]}{values}";
                compare.Exact(expected, Bits(Numbers(name[..^(bytes.Length + 1)], packed, saved.Shape(expected))), Bits(saved.Singles(expected)));
            }
        }

        compare.Used("source"); // of the quantiser, whose search of scales is its own
        return [.. saved.Names];
    }

    private static float[] Numbers(string type, byte[] packed, Shape shape)
    {
        var values = new float[shape.ElementCount];
        for (var i = 0; i < values.Length && type is ("F16" or "BF16"); i++)
        {
            var bits = BitConverter.ToUInt16(packed, 2 * i);
            values[i] = type == "F16" ? (float)BitConverter.UInt16BitsToHalf(bits) : BitConverter.UInt32BitsToSingle((uint)bits << 16);
        }

        if (type is not ("F16" or "BF16"))
        {
            Enum.Parse<QuantizedFormat>(type).Widen(packed, values);
        }

        return values;
    }

    private static void CompareWeights(string folder, string run, Comparison compare)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, $"{run}.gguf"));
        using var json = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
        compare.Exact("tensor count", [checkpoint.Tensors.Count], [json.RootElement.GetProperty("tensor_count").GetInt64()]);
        foreach (var row in json.RootElement.GetProperty("tensors").EnumerateArray())
        {
            var name = row.GetArrayLength() > 6 && row[6].ValueKind == JsonValueKind.String ? row[6].GetString()! : row[0].GetString()!;
            var stored = Find(checkpoint, name);
            compare.Exact($"shape of {name}", [.. stored.Shape.Select(n => (long)n)], [.. row[2].EnumerateArray().Select(n => n.GetInt64())]);
            if (row[5].GetString() is { Length: > 0 } digest)
            {
                var ours = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(stored.ToSingles().AsSpan())))[..digest.Length];
                compare.Exact($"values of {name}", [ours == digest ? 1 : 0], [1]);
            }
        }

        if (!File.Exists(Saved(folder, $"{run}.dequantised")))
        {
            return;
        }

        using var expected = new FixtureFile(Saved(folder, $"{run}.dequantised"));
        foreach (var name in expected.Names)
        {
            var stored = Find(checkpoint, name);
            compare.Exact($"shape of {name}", [.. stored.Shape.Select(n => (long)n)], [.. expected.Shape(name).Select(n => (long)n)]);
            compare.Exact(name, Bits(stored.ToSingles()), Bits(expected.Singles(name)));
        }
    }

    // A prefix that all names share is dropped when a file is opened.
    private static StoredTensor Find(Checkpoint checkpoint, string name)
    {
        var prefix = checkpoint.Metadata.GetValueOrDefault("dropped prefix") ?? "";
        var bare = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        return checkpoint.Tensors.TryGetValue(bare, out var found) ? found
            : throw new WeightFileException($"{checkpoint.Path}: tensor '{name}' is missing.");
    }

    private static string[] CompareForward(string folder, string run, Comparison compare, IBackend backend)
    {
        var path = Path.Combine(folder, $"{run}.gguf");
        using (var checkpoint = Checkpoint.Open(path))
        {
            if (GgufTextForward.Is(checkpoint))
            {
                return GgufTextForward.Compare(checkpoint, Path.Combine(folder, $"{run}.json"), Saved(folder, run + Forward), compare, backend);
            }

            if (OriginalForward.Is(checkpoint))
            {
                using var sizes = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
                using var forward = new FixtureFile(Saved(folder, run + Forward));
                var config = sizes.RootElement.GetProperty("config");
                var groups = config.TryGetProperty("groups", out var given) ? given.GetInt32() : 0;
                OriginalForward.Compare(checkpoint, config, groups, forward, "", "out", compare, backend);
                compare.Used("x", "t", "y", "context", "sample", "timestep");
                return [.. forward.Names];
            }

            if (!FluxLayouts.IsOriginal(checkpoint))
            {
                throw new NotSupportedException($"the network of {run}.gguf ({checkpoint.Format}) is not built");
            }
        }

        using var json = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
        using var saved = new FixtureFile(Saved(folder, run + Forward));
        FluxFolder.CompareOutput(path, json.RootElement.GetProperty("config"), saved, "out", compare, backend);
        return [.. saved.Names];
    }

    // 1: accepted, 0: refused. Where either will do, only that nothing else happens counts.
    private static void CompareRefusals(string folder, Comparison compare)
    {
        using var json = ReplayRunner.Parse(Path.Combine(folder, "hostile.json"));
        foreach (var file in json.RootElement.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.Object))
        {
            var expected = file.Value.GetProperty("expected").GetString();
            var accepted = Accepts(Path.Combine(folder, Hostile, $"{file.Name}.gguf")) ? 1L : 0;
            compare.Exact(file.Name, [accepted], [expected switch { "accept" => 1, "reject" => 0, _ => accepted }]);
        }
    }

    private static bool Accepts(string path)
    {
        try
        {
            using var checkpoint = Checkpoint.Open(path);
            foreach (var tensor in checkpoint.Tensors.Values)
            {
                tensor.ToSingles();
            }

            return true;
        }
        catch (WeightFileException)
        {
            return false;
        }
    }

    // A NaN is a NaN, whatever its bits.
    private static long[] Bits(float[] values) =>
        Array.ConvertAll(values, value => float.IsNaN(value) ? long.MaxValue : BitConverter.SingleToUInt32Bits(value));
}
