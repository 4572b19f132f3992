using System.Diagnostics;
using System.Text.RegularExpressions;
using Augur.Tensors.Weights;

namespace Augur.Fuzz;

/// <summary>
/// Opens damaged weight files and reads every tensor in them. A file may be accepted or refused; refused means a
/// <see cref="WeightFileException"/> of one line that begins with the file's name, and either way little memory.
/// </summary>
internal sealed class WeightFuzzer(IReadOnlyList<FuzzSeed> seeds, int seed)
{
    /// <summary>
    /// Most bytes that one input, of a few KB, may make a reader allocate. A header alone costs some objects for each of its bytes.
    /// </summary>
    public const long MostBytes = 1 << 20;

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
        var thrown = Exercise(origin, bytes);
        var (elapsed, allocated) = (watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);

        report.MostBytes = Math.Max(report.MostBytes, allocated);
        report.Longest = elapsed > report.Longest ? elapsed : report.Longest;
        if (thrown is null)
        {
            report.Accepted++;
        }
        else if (thrown is WeightFileException)
        {
            report.Refused++;
            report.Reasons.Add(Reason(thrown.Message));
        }

        if (Complaint(origin, thrown, allocated) is { } complaint)
        {
            report.Failures.Add($"input {index} (from {origin.Name}, {bytes.Length} bytes) {complaint}");
        }
    }

    private static string? Complaint(FuzzSeed origin, Exception? thrown, long allocated) => thrown switch
    {
        _ when allocated > MostBytes => $"allocated {allocated} bytes",
        null => null,
        WeightFileException { Message: var m } when m.StartsWith(origin.Name + ": ", StringComparison.Ordinal) && !m.Contains('\n')
            && m.Length <= 1000 => null,
        WeightFileException => $"was not refused in one sentence: {thrown.Message}",
        _ => $"threw {thrown.GetType().Name}: {thrown.Message}",
    };

    // A refusal without the names and numbers in it: the number of reasons tells how deep the damage reaches.
    internal static string Reason(string message) =>
        Regex.Replace(
            message[Math.Max(0, message.IndexOf(": ", StringComparison.Ordinal))..], @"'.*'|\[[^\]]*\]|-?\d+|0x\w+", "#",
            RegexOptions.None, TimeSpan.FromSeconds(1));

    private static Exception? Exercise(FuzzSeed origin, byte[] bytes)
    {
        try
        {
            if (origin.Kind == SeedKind.Index)
            {
                ShardIndex.Parse(ForeignJson.Parse(origin.Name, bytes));
            }
            else
            {
                ReadAll(origin.Name, bytes);
            }

            return null;
        }
        catch (Exception e)
        {
            return e; // whatever it is: that is what is being looked for
        }
    }

    private static void ReadAll(string name, byte[] bytes)
    {
        using var checkpoint = Checkpoint.FromBytes(name, bytes);
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

    /// <summary>The different reasons of the refusals, without names and numbers.</summary>
    public HashSet<string> Reasons { get; } = [];

    /// <summary>The most bytes that one input made the reader allocate.</summary>
    public long MostBytes { get; set; }

    /// <summary>The most bytes of tensors that one input led to.</summary>
    public long MostTensorBytes { get; set; }

    /// <summary>More than this no input may take, on a machine that has nothing else to do.</summary>
    public TimeSpan LongestAllowed { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that one input took.</summary>
    public TimeSpan Longest { get; set; }

    /// <summary>Inputs that led to anything else.</summary>
    public List<string> Failures { get; } = [];
}
