using System.Text.Json;
using Augur.Tensors.Weights;

namespace Augur.Caching.Policies;

/// <summary>A router that a person can write: which blocks' attention and feed-forward branches each call reuses from the call before.</summary>
internal static class RouterJson
{
    private const int MaxExtent = 2048; // a thousand steps of two calls

    public const string Example = """{ "calls": 50, "depth": 29, "reuse": [ { "call": 1, "attention": [3, 4], "mlp": [4] } ] }""";

    /// <summary>The logits [calls from pure noise, 2 · depth]: a finite number where reused, +∞ elsewhere.</summary>
    /// <exception cref="WeightFileException">A call or block is out of range.</exception>
    public static float[,] Read(string path, byte[] content, float reused)
    {
        using var json = JsonDocument.Parse(content);
        var root = json.RootElement;
        var (calls, depth) = (Extent(path, root, "calls"), Extent(path, root, "depth"));
        var logits = new float[calls, 2 * depth];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i / (2 * depth), i % (2 * depth)] = float.PositiveInfinity;
        }

        foreach (var entry in root.GetProperty("reuse").EnumerateArray())
        {
            var call = entry.GetProperty("call").GetInt32();
            if (call < 1 || call >= calls)
            {
                throw new WeightFileException($"{path}: call {call} cannot reuse; calls that can are 1 to {calls - 1}.");
            }

            foreach (var (kind, name) in ((int, string)[])[(0, "attention"), (1, "mlp")])
            {
                foreach (var layer in entry.TryGetProperty(name, out var layers) ? layers.EnumerateArray().Select(l => l.GetInt32()) : [])
                {
                    logits[call, (2 * layer) + kind] = layer >= 0 && layer < depth ? reused
                        : throw new WeightFileException($"{path}: block {layer} of call {call} is not one of {depth}, 0 to {depth - 1}.");
                }
            }
        }

        return logits;
    }

    private static int Extent(string path, JsonElement root, string name)
    {
        var value = root.GetProperty(name).GetInt32();
        return value is >= 1 and <= MaxExtent ? value : throw new WeightFileException($"{path}: \"{name}\" is {value}; it lies between 1 and {MaxExtent}.");
    }
}
