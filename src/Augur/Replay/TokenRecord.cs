using Augur.Caching;
using Augur.Caching.Tokens;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>A branch of one call of one sample, by the tokens that were computed of it.</summary>
/// <param name="CallIndex">Which call.</param>
/// <param name="Layer">Which block.</param>
/// <param name="Tokens">One list per row, sorted; null: the branch was computed in full.</param>
internal sealed record RecordedBranch(int CallIndex, int Layer, int[][]? Tokens);

/// <summary>Notes what a token selector is asked and what it answers, sample by sample.</summary>
/// <param name="create">Makes the selector of a sample, in the order in which the samples open it.</param>
internal sealed class TokenRecord(Func<int, ITokenSelector> create) : ITokenSelector
{
    private readonly List<List<RecordedBranch>> _samples = [];

    public string Name => "recorded";

    /// <summary>What was noted of each sample, in order.</summary>
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

        public bool Observes(Site site) => site.Kind == SiteKind.Mlp;

        public void Observe(Site site, Tensor feature)
        {
            notes.Add(new RecordedBranch(_call.CallIndex, site.Layer, null));
            if (inner.Observes(site))
            {
                inner.Observe(site, feature);
            }
        }

        public Signal? Hears(Site site) => inner.Hears(site);

        public void Hear(Site site, Tensor signal) => inner.Hear(site, signal);

        public bool Refreshes(Site site) => inner.Refreshes(site);

        public IndexTable? Select(Site site, Tensor input, Tensor kept)
        {
            var chosen = inner.Select(site, input, kept);
            var tokens = chosen?.Indices.ToArray().Chunk(chosen.Shape[1]).Select(row => row.Order().ToArray()).ToArray();
            notes.Add(new RecordedBranch(_call.CallIndex, site.Layer, tokens ?? [.. Enumerable.Repeat(Array.Empty<int>(), rows)]));
            return chosen;
        }

        public void Merge(Site site, Tensor kept, IndexTable tokens, Tensor fresh) => inner.Merge(site, kept, tokens, fresh);

        public void Dispose() => inner.Dispose();
    }
}
