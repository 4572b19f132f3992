using Augur.Tuning;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>What has been measured of texts in a folder so far, and what is added.</summary>
internal sealed class TextBenchResults : IDisposable
{
    private readonly BenchStore<TextBenchChunk> _store;

    private TextBenchResults(BenchStore<TextBenchChunk> store)
    {
        _store = store;
        Session = store.Chunks.Count == 0 ? 0 : store.Chunks.Max(c => c.Session) + 1;
    }

    public BenchFolder Folder => _store.Folder;

    public BenchHeader Header => _store.Header;

    /// <inheritdoc cref="BenchStore{TChunk}.Chunks"/>
    public IReadOnlyList<TextBenchChunk> Chunks => _store.Chunks;

    /// <inheritdoc cref="BenchStore{TChunk}.IsTorn"/>
    public bool IsTorn => _store.IsTorn;

    /// <summary>Of the lines that are added.</summary>
    public int Session { get; }

    /// <inheritdoc cref="BenchStore{TChunk}.Open"/>
    public static TextBenchResults Open(BenchFolder folder, BenchHeader header) =>
        new(BenchStore<TextBenchChunk>.Open(folder, header, CliJson.Compact.TextBenchChunk));

    /// <inheritdoc cref="BenchStore{TChunk}.Read"/>
    public static TextBenchResults Read(BenchFolder folder) => new(BenchStore<TextBenchChunk>.Read(folder, CliJson.Compact.TextBenchChunk));

    /// <summary>Whether a contender has written a text.</summary>
    public bool Has(string policy, int index) => Chunks.Any(c => c.Policy == policy && c.Index == index && c.Text is not null);

    /// <summary>Keeps a text, or a time alone.</summary>
    public void Add(TextBenchChunk chunk) => _store.Add(chunk);

    /// <summary>A row per contender, the uncached run first, then from the slowest by FLOPs.</summary>
    public IReadOnlyList<TextBenchRow> Rows()
    {
        var reference = TextContender.Reference.Name;
        var written = Chunks.Where(c => c.Policy == reference && c.Text is not null).Select(c => c.Index).ToHashSet();
        return written.Count == 0 ? [] :
        [
            .. Chunks.Where(c => c.Text is not null && written.Contains(c.Index)).Select(c => c.Policy).Distinct()
                .Select(policy => new TextBenchRow(Chunks, policy))
                .OrderBy(row => row.Policy != reference).ThenBy(row => row.FlopsSpeedup).ThenBy(row => row.Policy, StringComparer.Ordinal),
        ];
    }

    public void Dispose() => _store.Dispose();
}
