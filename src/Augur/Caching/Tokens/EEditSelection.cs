using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>What EEdit's choice remembers of one sample: how stale each token is, and the choices where they were made before the run.</summary>
internal sealed class EEditSelection : ITokenSelection
{
    private readonly EEditTokens _rule;
    private readonly RunInfo _run;
    private readonly IUniformDraws _draws;
    private readonly Dictionary<Site, Candidates[]> _candidates = [];
    private readonly Dictionary<(int Step, Site Site), int[]>? _table;
    private int _step;

    public EEditSelection(EEditTokens rule, RunInfo run)
    {
        (_rule, _run, _draws) = (rule, run, rule.Draws ?? new SeededDraws(run.Seed));
        NetworkSite[] sites = [.. run.Map.Sites.Where(site => Refreshes(site.Site) && !SharesChoice(site.Site))];
        foreach (var site in sites)
        {
            _candidates[site.Site] = Candidates.Of(rule, run, site);
        }

        ByteCount = _candidates.Values.Sum(parts => parts.Sum(part => (long)part.Count * sizeof(int)));
        if (rule.FullSteps is { } full)
        {
            _table = [];
            for (var step = 0; step < full.Length; step++)
            {
                foreach (var site in sites.Select(s => s.Site))
                {
                    if (full[step])
                    {
                        Observe(site);
                    }
                    else
                    {
                        _table[(step, site)] = Choose(step, site);
                    }
                }
            }

            ByteCount += _table.Values.Sum(tokens => (long)tokens.Length * sizeof(int));
        }
    }

    /// <summary>Ages, and what was chosen before the run.</summary>
    public long ByteCount { get; }

    public void Begin(NetworkCall call, bool isDraft) => _step = call.StepIndex;

    public bool Refreshes(Site site) => site.Kind is SiteKind.Mlp or SiteKind.Hidden or SiteKind.Projected;

    public bool Observes(Site site) => _table is null && Refreshes(site);

    public void Observe(Site site, Tensor feature) => Observe(site);

    public IndexTable? Select(Site site, Tensor input, Tensor kept)
    {
        var place = SharesChoice(site) ? Site.Hidden(site.Layer) : site;
        var tokens = _table is null ? place == site ? Choose(_step, site) : Latest(place)
            : _table.TryGetValue((_step, place), out var known) ? known : [];
        return tokens.Length == 0 ? null : IndexTable.From(
            input.Backend, [.. Enumerable.Repeat(tokens, input.Shape[0]).SelectMany(t => t)], [input.Shape[0], tokens.Length]);
    }

    public void Dispose()
    {
    }

    // Both maps of a fused branch are run for the same tokens; the hidden layer is asked for first.
    private bool SharesChoice(Site site) => site.Kind == SiteKind.Projected && !_rule.HasTwoLists;

    private void Observe(Site site)
    {
        foreach (var part in _candidates.GetValueOrDefault(site, []))
        {
            part.Forget();
        }
    }

    private int[] Latest(Site site) => [.. _candidates[site].SelectMany(part => part.Chosen)];

    private int[] Choose(int step, Site site)
    {
        foreach (var part in _candidates[site])
        {
            part.Choose(_draws.Draw(step, site with { Group = part.Group }, part.Count), _rule.Options);
            _rule.OnChoice?.Invoke(step, site with { Group = part.Group }, part.Drawn);
        }

        return Latest(site);
    }

    /// <summary>Tokens of one group at a site, among which a share is chosen.</summary>
    private sealed class Candidates(TokenGroup group, int count, int chosen, float[]? weights, Func<int, int> placeOf)
    {
        private readonly int[] _ages = new int[count];

        public TokenGroup Group => group;

        public int Count => count;

        /// <summary>The last choice, as drawn.</summary>
        public int[] Drawn { get; private set; } = [];

        /// <summary>The last choice, as tokens of the site.</summary>
        public IEnumerable<int> Chosen => Drawn.Select(placeOf);

        public void Forget() => Array.Clear(_ages);

        /// <summary>Those with the highest (draw + staleness) · weight, the first of equals.</summary>
        public void Choose(float[] draws, EEditTokensOptions options)
        {
            float[] scores = [.. draws.AsSpan(0, count)];
            ScoreTerms.AddStalenessInPlace(scores, _ages, (float)options.Staleness, options.Interval);
            ScoreTerms.WeighInPlace(scores, weights);
            Drawn = [.. Enumerable.Range(0, count).OrderByDescending(i => scores[i]).Take(chosen).Order()];
            for (var i = 0; i < count; i++)
            {
                _ages[i]++;
            }

            Array.ForEach(Drawn, i => _ages[i] = 0);
        }

        /// <summary>The groups of a site, in the order of its tokens.</summary>
        public static Candidates[] Of(EEditTokens rule, RunInfo run, NetworkSite site)
        {
            var (map, tokens) = (run.Map, site.Feature[0]);
            var isWhole = site.Site.Group == TokenGroup.All && map.Tokens.Length > 1 && tokens == map.Tokens.Sum(t => t.Count);
            var picture = map.Tokens.FirstOrDefault(t => t.Group == TokenGroup.Image);
            if (isWhole && rule.IsShifted && picture is not null && picture.First == 0)
            {
                var text = tokens - picture.Count; // in the released code's order it stands first
                return [Make(picture, picture.Count, drawn => drawn < text ? picture.Count + drawn : drawn - text)];
            }

            return isWhole ? [.. map.Tokens.Select(range => Make(range, range.Count, drawn => range.First + drawn))]
                : [Make(map.TokensOf(site.Site), tokens, drawn => drawn)];

            Candidates Make(TokenRange range, int own, Func<int, int> placeOf)
            {
                var count = range.Group == TokenGroup.Text ? Math.Min(own, rule.TextCandidates ?? own) : own;
                return new(range.Group, count, (int)((float)rule.Options.Ratio * count), rule.Options.Region?.Of(run, range, own), placeOf);
            }
        }
    }
}
