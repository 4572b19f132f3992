using Augur.Cli.Commands.Compare;
using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Bench;

/// <summary>What has been measured in a folder so far, and what is added.</summary>
internal sealed class BenchResults : IDisposable
{
    private readonly IDisposable? _claim;
    private readonly long _wholeBytes;
    private BenchLog? _log;
    private readonly List<BenchChunk> _chunks;
    private readonly int _session;

    private BenchResults(BenchFolder folder, BenchLogContent content, IDisposable? claim)
    {
        (Folder, Header, IsTorn, _wholeBytes, _claim) = (folder, content.Header, content.IsTorn, content.WholeBytes, claim);
        _chunks = [.. content.Chunks];
        _session = _chunks.Count == 0 ? 0 : _chunks.Max(c => c.Session) + 1;
    }

    public BenchFolder Folder { get; }

    public BenchHeader Header { get; }

    /// <summary>In the order of their measurement.</summary>
    public IReadOnlyList<BenchChunk> Chunks => _chunks;

    /// <summary>Whether the last line was torn, and left out.</summary>
    public bool IsTorn { get; }

    /// <summary>Begins a folder, or goes on in it.</summary>
    /// <exception cref="CommandException">The folder was measured with other settings.</exception>
    public static BenchResults Open(BenchFolder folder, BenchHeader header)
    {
        folder.Create();
        var claim = folder.Claim();
        try
        {
            var content = File.Exists(folder.Results) ? BenchLog.Read(folder.Results) : new BenchLogContent(header, [], 0, IsTorn: false);
            return content.Header.FirstDifference(header) is { } difference
                ? throw CommandException.WrongUse($"{folder.Path} was measured with {difference.Name} {difference.Here}, not {difference.There}; "
                    + $"give another --out.")
                : new BenchResults(folder, content, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>What a folder holds; nothing is added.</summary>
    /// <exception cref="CommandException">It is not a bench's.</exception>
    public static BenchResults Read(BenchFolder folder) => File.Exists(folder.Results)
        ? new BenchResults(folder, BenchLog.Read(folder.Results), claim: null)
        : throw CommandException.WrongUse($"--report {folder.Path}: there is no results.jsonl.");

    /// <summary>Whether a contender's chunk has been measured.</summary>
    public bool Has(string policy, int chunk) => _chunks.Any(c => c.Policy == policy && c.Index == chunk && c.Pictures.Count > 0);

    /// <summary>Keeps what a contender drew, with its differences from what the uncached run drew.</summary>
    public void Keep(Contender contender, int chunk, IReadOnlyList<GenerationResult> results, TimeSpan taken, Func<GenerationRequest, string?> nameOf)
    {
        var first = chunk * Header.Batch;
        Folder.Keep(contender.Name, chunk, first, results);
        var latents = Folder.ReferenceLatents(chunk);
        Add(contender, chunk, results.Count, taken, [.. results.Select((result, i) => BenchPicture.Of(
            first + i, result, RgbImage.LoadPng(Folder.Picture(Contender.Reference.Name, first + i)), latents[i], nameOf(result.Request)))]);
    }

    /// <summary>Keeps the time of a chunk that the uncached run drew once more.</summary>
    public void KeepTime(int chunk, int count, TimeSpan taken) => Add(Contender.Reference, chunk, count, taken, []);

    /// <summary>A row per contender, from the slowest by FLOPs.</summary>
    /// <param name="features">Describe pictures, where descriptions are wanted; must outlive the rows.</param>
    public IReadOnlyList<BenchRow> Rows(BenchFeatures? features = null)
    {
        var byPolicy = _chunks.Where(c => c.Pictures.Count > 0).GroupBy(c => c.Policy).ToDictionary(g => g.Key, g => g.ToList());
        if (!byPolicy.TryGetValue(Contender.Reference.Name, out var chunks))
        {
            return [];
        }

        var reference = new BenchRow(Folder, chunks, null, 1, features);
        return [reference, .. byPolicy.Where(p => p.Key != Contender.Reference.Name)
            .Select(p => new BenchRow(Folder, p.Value, reference, BenchClock.Speedup(_chunks, p.Key), features))
            .OrderBy(r => r.FlopsSpeedup).ThenBy(r => r.Policy, StringComparer.Ordinal)];
    }

    public void Dispose()
    {
        _log?.Dispose();
        _claim?.Dispose();
    }

    private void Add(Contender contender, int chunk, int count, TimeSpan taken, IReadOnlyList<BenchPicture> pictures)
    {
        var line = new BenchChunk
        {
            Policy = contender.Name,
            Index = chunk,
            Count = count,
            Seconds = taken.TotalSeconds,
            Load = Machine.Load(),
            Session = _session,
            Pictures = pictures,
        };
        // Not before there is something: settings that cannot be drawn leave nothing behind.
        _log ??= _wholeBytes == 0 ? BenchLog.Create(Folder.Results, Header) : BenchLog.Append(Folder.Results, _wholeBytes);
        _log.Add(line);
        _chunks.Add(line);
    }
}
