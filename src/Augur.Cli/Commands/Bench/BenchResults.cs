using Augur.Cli.Commands.Compare;
using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Bench;

/// <summary>What has been measured in a folder so far, and what is added.</summary>
internal sealed class BenchResults : IDisposable
{
    private readonly BenchStore<BenchChunk> _store;
    private readonly int _session;

    private BenchResults(BenchStore<BenchChunk> store)
    {
        _store = store;
        _session = store.Chunks.Count == 0 ? 0 : store.Chunks.Max(c => c.Session) + 1;
    }

    public BenchFolder Folder => _store.Folder;

    public BenchHeader Header => _store.Header;

    /// <inheritdoc cref="BenchStore{TChunk}.Chunks"/>
    public IReadOnlyList<BenchChunk> Chunks => _store.Chunks;

    /// <inheritdoc cref="BenchStore{TChunk}.IsTorn"/>
    public bool IsTorn => _store.IsTorn;

    /// <inheritdoc cref="BenchStore{TChunk}.Open"/>
    public static BenchResults Open(BenchFolder folder, BenchHeader header) =>
        new(BenchStore<BenchChunk>.Open(folder, header, CliJson.Compact.BenchChunk));

    /// <inheritdoc cref="BenchStore{TChunk}.Read"/>
    public static BenchResults Read(BenchFolder folder) => new(BenchStore<BenchChunk>.Read(folder, CliJson.Compact.BenchChunk));

    /// <summary>Whether a contender's chunk has been measured.</summary>
    public bool Has(string policy, int chunk) => Chunks.Any(c => c.Policy == policy && c.Index == chunk && c.Pictures.Count > 0);

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
        var byPolicy = Chunks.Where(c => c.Pictures.Count > 0).GroupBy(c => c.Policy).ToDictionary(g => g.Key, g => g.ToList());
        if (!byPolicy.TryGetValue(Contender.Reference.Name, out var chunks))
        {
            return [];
        }

        var reference = new BenchRow(Folder, chunks, null, 1, features);
        return [reference, .. byPolicy.Where(p => p.Key != Contender.Reference.Name)
            .Select(p => new BenchRow(Folder, p.Value, reference, BenchClock.Speedup(Chunks, p.Key), features))
            .OrderBy(r => r.FlopsSpeedup).ThenBy(r => r.Policy, StringComparer.Ordinal)];
    }

    public void Dispose() => _store.Dispose();

    private void Add(Contender contender, int chunk, int count, TimeSpan taken, IReadOnlyList<BenchPicture> pictures)
    {
        _store.Add(new BenchChunk
        {
            Policy = contender.Name,
            Index = chunk,
            Count = count,
            Seconds = taken.TotalSeconds,
            Load = Machine.Load(),
            Session = _session,
            Pictures = pictures,
        });
    }
}
