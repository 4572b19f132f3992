using System.Text.Json.Serialization.Metadata;

namespace Augur.Cli.Commands.Bench;

/// <summary>The results of a folder as its file has them, and the next ones.</summary>
internal sealed class BenchStore<TChunk> : IDisposable
    where TChunk : class
{
    private readonly IDisposable? _claim;
    private readonly JsonTypeInfo<TChunk> _line;
    private readonly long _wholeBytes;
    private readonly List<TChunk> _chunks;
    private BenchLog<TChunk>? _log;

    private BenchStore(BenchFolder folder, BenchLogContent<TChunk> content, JsonTypeInfo<TChunk> line, IDisposable? claim)
    {
        (Folder, Header, IsTorn, _wholeBytes, _line, _claim) = (folder, content.Header, content.IsTorn, content.WholeBytes, line, claim);
        _chunks = [.. content.Chunks];
    }

    public BenchFolder Folder { get; }

    public BenchHeader Header { get; }

    /// <summary>In the order of their measurement.</summary>
    public IReadOnlyList<TChunk> Chunks => _chunks;

    /// <summary>Whether the last line was torn, and left out.</summary>
    public bool IsTorn { get; }

    /// <summary>Begins a folder, or goes on in it.</summary>
    /// <exception cref="CommandException">The folder was measured with other settings.</exception>
    public static BenchStore<TChunk> Open(BenchFolder folder, BenchHeader header, JsonTypeInfo<TChunk> line)
    {
        folder.Create();
        var claim = folder.Claim();
        try
        {
            if ((folder.FindHeader() ?? header).FirstDifference(header) is { } difference)
            {
                throw CommandException.WrongUse($"{folder.Path} was measured with {difference.Name} {difference.Here}, not {difference.There}; "
                    + $"give another --out.");
            }

            var content = File.Exists(folder.Results) ? BenchLog<TChunk>.Read(folder.Results, line) : new(header, [], 0, IsTorn: false);
            return new(folder, content, line, claim);
        }
        catch
        {
            claim.Dispose();
            throw;
        }
    }

    /// <summary>What a folder holds; nothing is added.</summary>
    /// <exception cref="CommandException">It is not a bench's.</exception>
    public static BenchStore<TChunk> Read(BenchFolder folder, JsonTypeInfo<TChunk> line) => File.Exists(folder.Results)
        ? new(folder, BenchLog<TChunk>.Read(folder.Results, line), line, claim: null)
        : throw CommandException.WrongUse($"--report {folder.Path}: there is no results.jsonl.");

    /// <summary>Keeps a chunk, on disk when this returns.</summary>
    public void Add(TChunk chunk)
    {
        // Not before there is something: settings that cannot be used leave nothing behind.
        _log ??= _wholeBytes == 0 ? BenchLog<TChunk>.Create(Folder.Results, Header, _line)
            : BenchLog<TChunk>.Append(Folder.Results, _wholeBytes, _line);
        _log.Add(chunk);
        _chunks.Add(chunk);
    }

    public void Dispose()
    {
        _log?.Dispose();
        _claim?.Dispose();
    }
}
