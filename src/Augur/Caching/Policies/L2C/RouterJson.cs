using Augur.Tensors.Weights;

namespace Augur.Caching.Policies;

/// <summary>A router that a person can write: which blocks' attention and feed-forward branches each call reuses from the call before.</summary>
internal static class RouterJson
{
    private const int MaxBytes = 1 << 22;
    private const int MaxExtent = 2048; // a thousand steps of two calls

    public const string Example = """{ "calls": 50, "depth": 29, "reuse": [ { "call": 1, "attention": [3, 4], "mlp": [4] } ] }""";

    /// <summary>The logits [calls from pure noise, 2 · depth]: a finite number where reused, +∞ elsewhere.</summary>
    /// <exception cref="WeightFileException">It is not such a file, or a call or block is out of range; names the file and the field.</exception>
    public static float[,] Read(string path, float reused)
    {
        var root = ForeignJson.Read(path, MaxBytes);
        root.RequireOnly("calls", "depth", "reuse");
        var (calls, depth) = (Extent(root.Require("calls")), Extent(root.Require("depth")));
        var logits = new float[calls, 2 * depth];
        for (var i = 0; i < logits.Length; i++)
        {
            logits[i / (2 * depth), i % (2 * depth)] = float.PositiveInfinity;
        }

        foreach (var entry in root.Require("reuse").AsItems())
        {
            entry.RequireOnly("call", "attention", "mlp");
            var call = entry.Require("call").AsInteger();
            if (call < 1 || call >= calls)
            {
                throw new WeightFileException($"{path}: call {call} cannot reuse; calls that can are 1 to {calls - 1}.");
            }

            foreach (var (kind, name) in ((int, string)[])[(0, "attention"), (1, "mlp")])
            {
                foreach (var item in entry.Find(name)?.AsItems() ?? [])
                {
                    var layer = item.AsInteger();
                    logits[call, (2 * layer) + kind] = layer >= 0 && layer < depth ? reused
                        : throw new WeightFileException($"{path}: block {layer} of call {call} is not one of {depth}, 0 to {depth - 1}.");
                }
            }
        }

        return logits;
    }

    private static int Extent(ForeignJson field)
    {
        var value = field.AsInteger();
        return value is >= 1 and <= MaxExtent ? value : throw field.Error($"is {value}; it lies between 1 and {MaxExtent}.");
    }
}
