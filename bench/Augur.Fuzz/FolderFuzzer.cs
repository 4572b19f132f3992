using System.Diagnostics;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Fuzz;

/// <summary>
/// Damages one or two files of a small model folder, loads it as a host would, and draws with one call of the network. A folder may be drawn from or
/// refused; refused means a <see cref="WeightFileException"/> of one line, and either way little memory, of which none remains.
/// </summary>
internal sealed class FolderFuzzer : IDisposable
{
    /// <summary>Most bytes that loading one folder of some hundred KB may allocate in the managed heap.</summary>
    public const long MostBytes = 16 << 20;

    /// <summary>Most bytes of tensors that one folder may lead to.</summary>
    public const long MostTensorBytes = 16 << 20;

    private readonly IReadOnlyList<FolderSeed> _seeds;
    private readonly int _seed;
    private readonly string _root = Directory.CreateTempSubdirectory("augur-fuzz-").FullName;
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    /// <param name="seeds">The folders.</param>
    /// <param name="seed">Input i is the same in every run of the same seed.</param>
    public FolderFuzzer(IReadOnlyList<FolderSeed> seeds, int seed)
    {
        (_seeds, _seed) = (seeds, seed);
        foreach (var folder in seeds)
        {
            foreach (var (name, bytes) in folder.Files)
            {
                Write(folder, name, bytes);
            }
        }
    }

    /// <summary>Runs inputs 0 to <paramref name="count"/>.</summary>
    public FuzzReport Run(int count)
    {
        var report = new FuzzReport();
        for (var i = 0; i < count; i++)
        {
            RunOne(report, i);
        }

        return report;
    }

    /// <summary>One input, to look into a failure: the folder and the changed files.</summary>
    public (FolderSeed Seed, IReadOnlyList<(string Name, byte[] Bytes)> Changed) Input(int index)
    {
        var random = new Random(unchecked((_seed * 1_000_003) + index));
        var seed = _seeds[random.Next(_seeds.Count)];
        var mutator = new FolderMutator(seed, random);
        return (seed, [.. Enumerable.Range(0, random.Next(4) == 0 ? 2 : 1).Select(_ => mutator.Next()).DistinctBy(c => c.Name)]);
    }

    public void Dispose()
    {
        _backend.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private void RunOne(FuzzReport report, int index)
    {
        var (seed, changed) = Input(index);
        foreach (var (name, bytes) in changed)
        {
            Write(seed, name, bytes);
        }

        _backend.ResetPeak();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var (thrown, wasLoaded) = Exercise(seed);
        var (elapsed, allocated) = (watch.Elapsed, GC.GetAllocatedBytesForCurrentThread() - before);
        foreach (var (name, _) in changed)
        {
            Write(seed, name, seed.Files[name]);
        }

        report.MostBytes = Math.Max(report.MostBytes, allocated);
        report.MostTensorBytes = Math.Max(report.MostTensorBytes, _backend.PeakBytesInUse);
        report.Longest = elapsed > report.Longest ? elapsed : report.Longest;
        if (thrown is null)
        {
            report.Accepted++;
        }
        else if (Complaint(thrown, wasLoaded) is null)
        {
            report.Refused++;
            report.Reasons.Add(WeightFuzzer.Reason(thrown.Message));
        }

        var complaint = allocated > MostBytes ? $"allocated {allocated} bytes"
            : _backend.PeakBytesInUse > MostTensorBytes ? $"made tensors of {_backend.PeakBytesInUse} bytes"
            : _backend.BytesInUse != 0 ? $"left {_backend.BytesInUse} bytes of tensors"
            : thrown is null ? null : Complaint(thrown, wasLoaded);
        if (complaint is not null)
        {
            report.Failures.Add($"input {index} ({seed.Name}: {string.Join(", ", changed.Select(c => c.Name))}) {complaint}");
        }
    }

    private (Exception? Thrown, bool WasLoaded) Exercise(FolderSeed seed)
    {
        var wasLoaded = false;
        try
        {
            var folder = Path.Combine(_root, seed.Name);
            using var model = ModelCatalog.Load(folder, _backend, seed.Autoencoder is null ? null : Path.Combine(folder, seed.Autoencoder));
            wasLoaded = true;
            _ = model.Classes.Nearest("a", 3);
            _ = new GenerationPipeline(model).GenerateAsync(model.Request(0) with { Steps = 1 }).GetAwaiter().GetResult();
            return (null, true);
        }
        catch (Exception e)
        {
            return (e, wasLoaded); // whatever it is: that is what is being looked for
        }
    }

    // Weights may be finite and still lead to numbers that are not; that is said once they appear, with a sentence of its own.
    private static string? Complaint(Exception thrown, bool wasLoaded) => thrown switch
    {
        WeightFileException or InvalidDataException when thrown.Message.Contains('\n') || thrown.Message.Length is 0 or > 1500 =>
            $"was not refused in one sentence: {thrown.Message}",
        WeightFileException => null,
        InvalidDataException or ArithmeticException or NotFiniteException when wasLoaded => null,
        _ =>
            $"threw {thrown.GetType().Name} while {(wasLoaded ? "drawing" : "loading")}: {thrown.Message} {thrown.StackTrace?.Split('\n')[0].Trim()}",
    };

    private void Write(FolderSeed seed, string name, byte[] bytes)
    {
        var path = Path.Combine(_root, seed.Name, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }
}
