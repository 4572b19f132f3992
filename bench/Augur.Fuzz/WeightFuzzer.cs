using System.Diagnostics;
using Augur.Tensors.Weights;

namespace Augur.Fuzz;

/// <summary>
/// Opens damaged weight files and reads every tensor in them. A file may be accepted or refused; refused means a
/// <see cref="WeightFileException"/> of one line that begins with the file's name, and either way little memory.
/// </summary>
internal sealed class WeightFuzzer(IReadOnlyList<FuzzSeed> seeds, int seed)
{
    /// <summary>Most bytes that one input, of a few KB, may make a reader allocate. A header alone costs some objects for each of its bytes.</summary>
    public const long MostBytes = 4 << 20;

    /// <summary>Runs inputs 0 to <paramref name="count"/>; input i is the same in every run.</summary>
    public FuzzReport Run(int count)
    {
        var report = new FuzzReport();
        for (var i = 0; i < count; i++)
        {
            var (origin, bytes) = Input(i);
            RunOne(report, i, origin, bytes);
        }

        return report;
    }

    /// <summary>One input, to look into a failure.</summary>
    public (FuzzSeed Seed, byte[] Bytes) Input(int index) => new Mutator(seeds, new Random(unchecked((seed * 1_000_003) + index))).Next();

    private static void RunOne(FuzzReport report, int index, FuzzSeed origin, byte[] bytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        string? failure = null;
        try
        {
            Exercise(origin, bytes);
            report.Accepted++;
        }
        catch (WeightFileException e)
        {
            report.Refused++;
            if (!e.Message.StartsWith(origin.Name + ": ", StringComparison.Ordinal) || e.Message.Contains('\n') || e.Message.Length > 1000)
            {
                failure = $"is not refused in one sentence: {e.Message}";
            }
        }
        catch (Exception e)
        {
            failure = $"threw {e.GetType().Name}: {e.Message}";
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        report.MostBytes = Math.Max(report.MostBytes, allocated);
        report.Longest = watch.Elapsed > report.Longest ? watch.Elapsed : report.Longest;
        if (failure is null && allocated > MostBytes)
        {
            failure = $"allocated {allocated} bytes";
        }

        if (failure is not null)
        {
            report.Failures.Add($"input {index} (from {origin.Name}, {bytes.Length} bytes) {failure}");
        }
    }

    private static void Exercise(FuzzSeed origin, byte[] bytes)
    {
        if (origin.Kind == SeedKind.Index)
        {
            ShardIndex.Parse(new MemorySource(origin.Name, bytes));
            return;
        }

        using var checkpoint = Checkpoint.FromBytes(origin.Name, bytes);
        CheckpointSummary.Of(checkpoint);
        foreach (var tensor in checkpoint.Tensors.Values)
        {
            tensor.ToSingles();
            if (tensor.Type.IsInteger())
            {
                tensor.ToInt64s();
            }
        }
    }
}

/// <summary>What a run found.</summary>
internal sealed class FuzzReport
{
    /// <summary>Inputs that could be read in full.</summary>
    public int Accepted { get; set; }

    /// <summary>Inputs that were refused as they should be.</summary>
    public int Refused { get; set; }

    /// <summary>The most bytes that one input made the reader allocate.</summary>
    public long MostBytes { get; set; }

    /// <summary>The longest time that one input took.</summary>
    public TimeSpan Longest { get; set; }

    /// <summary>Inputs that led to anything else.</summary>
    public List<string> Failures { get; } = [];
}
