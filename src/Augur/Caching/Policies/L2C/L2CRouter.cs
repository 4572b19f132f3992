using System.Globalization;
using Augur.Tensors.Weights;

namespace Augur.Caching.Policies;

/// <summary>
/// A learned router: one number per call and branch, whose sigmoid says how much the branch is worth computing. Calls come in pairs: the first of
/// a pair is computed, and the router speaks for the second.
/// </summary>
internal sealed class L2CRouter
{
    private const string Logits = "router_logits";

    // The released router is held within this while it learns, so that nothing beyond it is ever certain.
    private const float Sure = 5;

    private readonly float[,] _logits;

    /// <param name="name">What messages call it.</param>
    /// <param name="logits">[calls from pure noise, 2 · depth]; +∞ where a branch must be computed.</param>
    private L2CRouter(string name, float[,] logits) => (Name, _logits) = (name, logits);

    public string Name { get; }

    public int CallCount => _logits.GetLength(0);

    public int Depth => _logits.GetLength(1) / 2;

    /// <summary>
    /// Reads a released router (.pt, .pth: <c>routers</c> with <c>0.prob</c> …, counted from the cleanest call), a .safetensors file with
    /// <c>router_logits</c> [calls, 2 · depth] in that order, or .json with <c>calls</c>, <c>depth</c> and <c>reuse</c>.
    /// </summary>
    /// <param name="path">Of the file.</param>
    /// <param name="pairs">What its rows are: of calls from the cleanest, or of steps from pure noise.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="WeightFileException">It holds no router.</exception>
    public static L2CRouter Load(string path, L2CPairs pairs = L2CPairs.Second)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no router file {path}.", path);
        }

        if (path.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return pairs == L2CPairs.Second ? new L2CRouter(path, ReadJson(path))
                : throw new WeightFileException($"{path}: a router of steps (pairs=start) is a .pt, .pth or .safetensors file.");
        }

        using var checkpoint = Checkpoint.Open(path);
        var rows = checkpoint.Tensors.TryGetValue(Logits, out var table) ? RowsOf(path, table) : Released(path, checkpoint);
        var ordered = InOrderOfCalls(path, rows);
        return new L2CRouter(path, pairs == L2CPairs.Second ? ordered : AsTheyStand(rows));
    }

    /// <summary>The table of a run whose steps make two calls: the first of each step but the first reuses.</summary>
    /// <exception cref="ArgumentException">The router has too few rows, or is for another number of blocks.</exception>
    public ReuseTable StartsAt(double threshold, int callCount, int depth)
    {
        if (callCount % 2 != 0 || callCount / 2 > CallCount || depth != Depth)
        {
            throw new ArgumentException(
                $"Policy l2c: the router {Name} is for up to {CallCount} steps of two calls through {Depth} blocks; "
                + $"this run makes {callCount} calls of {depth} blocks.");
        }

        var table = new ReuseTable(callCount, depth);
        for (var step = 1; step < callCount / 2; step++)
        {
            for (var q = 0; q < table.BranchCount; q++)
            {
                table[2 * step, q] = !(1 / (1 + Math.Exp(-_logits[step, q])) > threshold);
            }
        }

        return table;
    }

    /// <summary>Which branches are reused: those whose sigmoid is not above the threshold.</summary>
    public ReuseTable TableAt(double threshold)
    {
        var table = new ReuseTable(CallCount, Depth);
        for (var call = 0; call < CallCount; call++)
        {
            for (var q = 0; q < table.BranchCount; q++)
            {
                var logit = _logits[call, q];
                table[call, q] = !float.IsPositiveInfinity(logit) && !(1 / (1 + Math.Exp(-logit)) > threshold);
            }
        }

        return table;
    }

    /// <summary>
    /// A file that <see cref="Load"/> reads, with notes and further tensors, each [calls, 2 · depth] counted from the cleanest call.
    /// </summary>
    public static void Save(
        string path, ReuseTable table, IEnumerable<(string Name, double[,] Values)> measured, IEnumerable<KeyValuePair<string, string>> notes)
    {
        var writer = new SafetensorsWriter();
        foreach (var (key, value) in notes)
        {
            writer.Metadata[key] = value;
        }

        Add(Logits, (call, q) => table[call, q] ? -Sure : Sure);
        foreach (var (name, values) in measured)
        {
            Add(name, (call, q) => (float)values[call, q]);
        }

        writer.Save(path);

        void Add(string name, Func<int, int, float> value) => writer.Add(
            name,
            [.. Enumerable.Range(0, table.CallCount).Reverse()
                .SelectMany(call => Enumerable.Range(0, table.BranchCount).Select(q => value(call, q)))],
            [table.CallCount, table.BranchCount]);
    }

    private static float[][] RowsOf(string path, StoredTensor table)
    {
        if (table.Shape.Rank != 2)
        {
            throw new WeightFileException($"{path}: {Logits} is {table.Shape}; it is [calls, 2 · depth].");
        }

        return [.. table.ToSingles().Chunk(Math.Max(1, table.Shape[1]))];
    }

    private static float[][] Released(string path, Checkpoint checkpoint)
    {
        var rows = new float[checkpoint.Tensors.Count][];
        for (var i = 0; i < rows.Length; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{i}.prob");
            rows[i] = checkpoint.Tensors.TryGetValue(name, out var row) && row.Shape.Rank == 1 ? row.ToSingles()
                : throw new WeightFileException(
                    $"{path} is no router: it has neither {Logits} [calls, 2 · depth] nor a vector {name} for each of its {rows.Length} tensors.");
        }

        return rows;
    }

    // Files count from the cleanest call. The first of a pair is computed; an odd last call has no pair.
    private static float[,] InOrderOfCalls(string path, float[][] rows)
    {
        var width = rows.Length == 0 ? 0 : rows[0].Length;
        if (width == 0 || width % 2 != 0 || Array.Exists(rows, r => r.Length != width) || Array.Exists(rows, r => Array.Exists(r, float.IsNaN)))
        {
            throw new WeightFileException(
                $"{path}: a router has an attention and a feed-forward number for every block at every call, none of them NaN; "
                + $"these are {rows.Length} calls of {width} numbers.");
        }

        var logits = new float[rows.Length, width];
        for (var call = 0; call < rows.Length; call++)
        {
            for (var q = 0; q < width; q++)
            {
                logits[call, q] = call % 2 == 1 ? rows[^(call + 1)][q] : float.PositiveInfinity;
            }
        }

        return logits;
    }

    private static float[,] AsTheyStand(float[][] rows)
    {
        var logits = new float[rows.Length, rows[0].Length];
        for (var row = 0; row < rows.Length; row++)
        {
            for (var q = 0; q < rows[row].Length; q++)
            {
                logits[row, q] = rows[row][q];
            }
        }

        return logits;
    }

    private static float[,] ReadJson(string path)
    {
        try
        {
            return RouterJson.Read(path, -Sure);
        }
        catch (WeightFileException wrong)
        {
            throw new WeightFileException($"{wrong.Message} A router of this kind is such as {RouterJson.Example}.", wrong);
        }
    }
}
