using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>Calls since a token was computed, and where these are equal a draw (ToCa's s₃ alone).</summary>
internal sealed record AgeScore : ITokenScore
{
    public string Name => "age";

    public bool IsOfInput => false;

    public ITokenScoring Open(RunInfo run) => new Scoring(run.NotNull());

    private sealed class Scoring(RunInfo run) : ITokenScoring
    {
        private readonly TokenAges _ages = new();
        private readonly RandomScoring _draws = new(new SeededDraws(run.Seed));

        public long ByteCount { get; } =
            run.RowCount * run.Map.Branches.Where(b => b.Site.Kind == SiteKind.Mlp).Sum(b => (long)b.Feature[0] * sizeof(int));

        public bool Observes(Site site) => site.Kind == SiteKind.Mlp;

        public void Observe(Site site, Tensor feature) => _ages.Forget(site);

        public float[] Of(TokenView view)
        {
            var scores = _draws.Of(view); // below 1, so that age decides first
            var ages = _ages.Of(view);
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] += ages[i];
            }

            return scores;
        }

        public void Chose(TokenView view, IndexTable? tokens) => _ages.Grow(view, tokens);

        public void Dispose()
        {
        }
    }
}

/// <summary>Calls since each token of a branch was computed.</summary>
internal sealed class TokenAges
{
    private readonly Dictionary<Site, int[]> _ages = [];

    /// <summary>[rows · tokens].</summary>
    public int[] Of(TokenView view) => _ages.TryGetValue(view.Site, out var ages) ? ages : _ages[view.Site] = new int[view.Rows * view.Tokens];

    /// <summary>A branch that is computed in full has no stale tokens.</summary>
    public void Forget(Site site) => _ages.Remove(site);

    /// <summary>A call is over in which these were computed.</summary>
    public void Grow(TokenView view, IndexTable? tokens)
    {
        var ages = Of(view);
        for (var i = 0; i < ages.Length; i++)
        {
            ages[i]++;
        }

        var fresh = tokens is null ? [] : tokens.Indices;
        for (var i = 0; i < fresh.Length; i++)
        {
            ages[(i / tokens!.Shape[1] * view.Tokens) + fresh[i]] = 0;
        }
    }
}
