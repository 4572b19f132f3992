using Augur.Caching;
using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>The tokens that were computed in one branch of one call of a sample.</summary>
/// <param name="CallIndex">Index of the network call.</param>
/// <param name="Site">The branch.</param>
/// <param name="Tokens">One list per row, sorted; null: the branch was computed in full.</param>
internal sealed record RecordedBranch(int CallIndex, Site Site, int[][]? Tokens)
{
    /// <summary>Index of the block.</summary>
    public int Layer => Site.Layer;
}

/// <summary>Records the selections of a token selector, sample by sample.</summary>
/// <param name="create">Makes the selector of a sample, given the index of the sample in order of opening.</param>
internal sealed class TokenRecord(Func<int, ITokenSelector> create) : ITokenSelector
{
    private readonly List<List<RecordedBranch>> _samples = [];

    public string Name => "recorded";

    /// <summary>The records of each sample, in order.</summary>
    public IReadOnlyList<IReadOnlyList<RecordedBranch>> Samples => _samples;

    public ITokenSelection Open(RunInfo run)
    {
        var notes = new List<RecordedBranch>();
        _samples.Add(notes);
        return new Selection(create(_samples.Count - 1).Open(run), run.RowCount, notes);
    }

    private sealed class Selection(ITokenSelection inner, int rows, List<RecordedBranch> notes) : ITokenSelection
    {
        private NetworkCall _call;

        public long ByteCount => inner.ByteCount;

        public void Begin(NetworkCall call, bool isDraft)
        {
            _call = call;
            inner.Begin(call, isDraft);
        }

        public bool Observes(Site site) => inner.Refreshes(site);

        public void Observe(Site site, Tensor feature)
        {
            notes.Add(new RecordedBranch(_call.CallIndex, site, null));
            if (inner.Observes(site))
            {
                inner.Observe(site, feature);
            }
        }

        public Signal? Hears(Site site) => inner.Hears(site);

        public void Hear(Site site, Tensor signal) => inner.Hear(site, signal);

        public void Hear(Site site, IndexTable tokens, Tensor signal) => inner.Hear(site, tokens, signal);

        public bool Refreshes(Site site) => inner.Refreshes(site);

        public IndexTable? Select(Site site, Tensor input, Tensor kept)
        {
            var chosen = inner.Select(site, input, kept);
            var tokens = chosen?.Indices.ToArray().Chunk(chosen.Shape[1]).Select(row => row.Order().ToArray()).ToArray();
            notes.Add(new RecordedBranch(_call.CallIndex, site, tokens ?? [.. Enumerable.Repeat(Array.Empty<int>(), rows)]));
            return chosen;
        }

        public void Merge(Site site, Tensor kept, IndexTable tokens, Tensor fresh) => inner.Merge(site, kept, tokens, fresh);

        public void Dispose() => inner.Dispose();
    }
}
