using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>
/// The tokens that matter most (ToCa, arXiv 2410.05317): those with the highest score, raised the longer they were not computed and where they
/// lead their neighbourhood. How many depends on block and call.
/// </summary>
/// <remarks>The formula is in docs/methods/toca.md. Scores are formed on the host: one device-to-host read of [rows, tokens] per branch.</remarks>
public sealed record ToCaTokens(ToCaTokensOptions Options) : ITokenSelector
{
    internal static readonly SettingList<ToCaTokensOptions> Settings = new("Tokens", "toca");

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <summary>
    /// Whether tokens of fused branches are computed too, in their hidden layer and output projection, with what their attention gave before. Such
    /// branches are kept by these parts, at several times the memory.
    /// </summary>
    internal bool InFused { get; init; }

    /// <summary>Where draws come from, if not from the run's seed.</summary>
    internal IUniformDraws? Draws { get; init; }

    /// <summary>Is shown the final scores [rows · tokens] of each choice; for parity checks.</summary>
    internal Action<NetworkCall, Site, float[]>? ObserveScores { get; init; }

    /// <inheritdoc/>
    public ITokenSelection Open(RunInfo run)
    {
        var stream = run.NotNull().Map.Tokens.Sum(range => range.Count);
        var ofOthers = run.Map.Branches.FirstOrDefault(b => b.Site.Kind is SiteKind.Attention or SiteKind.Mlp
            && b.Feature[0] != run.Map.TokensOf(b.Site).Count && b.Feature[0] != stream);
        if (ofOthers is not null)
        {
            throw new ArgumentException(
                $"Tokens toca scores the {run.Map.TokensOf(ofOthers.Site)}, and block {ofOthers.Site.Layer} of this network has "
                + $"{ofOthers.Feature[0]}.");
        }

        RequireSignal(run.Map);

        if (Options.Bonus > 0 && run.Map.Tokens.All(t => t.Grid.Rank < 2))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"Tokens toca: bonus={Options.Bonus} needs a picture of tokens, and this network's are {string.Join(", ", run.Map.Tokens)}; ")
                + "bonus is 0.");
        }

        return new Selection(this, run);
    }

    private static Signal? SignalOf(TokenScore score) => score switch
    {
        TokenScore.Attention => Signal.AttentionReceived,
        TokenScore.ValueNorm => Signal.ValueNorms,
        TokenScore.TextEntropy => Signal.TextEntropy,
        _ => null,
    };

    // Where a score is measured.
    private bool Measures(Site site) => Options.Score == TokenScore.TextEntropy ? site.Kind == SiteKind.CrossAttention
        : site.Kind == SiteKind.Attention || (InFused && site.Kind == SiteKind.FusedAttention);

    // Both maps of a fused branch are run for the same tokens. A kept hidden layer is nothing that a token resembles.
    private bool Refreshes(Site site) => Options.Refreshes(site)
        || (InFused && Options.Score != TokenScore.Similarity && site.Kind is SiteKind.Hidden or SiteKind.Projected);

    private void RequireSignal(NetworkMap map)
    {
        NetworkSite[] measured = [.. map.Sites.Where(s => Measures(s.Site))];
        if (SignalOf(Options.Score) is { } signal
            && (Array.Exists(measured, b => !b.Signals.Contains(signal)) || (signal == Signal.TextEntropy && measured.Length == 0)))
        {
            var where = signal == Signal.TextEntropy ? "cross-attention" : "attention";
            throw new ArgumentException($"Tokens toca: this network does not offer {signal} at its {where}; score is random, similarity or norm.");
        }
    }

    private sealed class Selection(ToCaTokens rule, RunInfo run) : ITokenSelection
    {
        private readonly ToCaTokensOptions _options = rule.Options;
        private readonly IUniformDraws _draws = rule.Draws ?? new SeededDraws(run.Seed);
        private readonly Dictionary<(int Layer, TokenGroup Group), float[]> _measured = []; // by signal, when last computed
        private readonly Dictionary<Site, int[]> _ages = []; // calls since a token was computed
        private readonly Dictionary<TokenGroup, float[]?> _weights = []; // of the region
        private readonly int _firstFused = run.Map.Sites.Where(s => s.Site.Kind == SiteKind.Hidden).Select(s => (int?)s.Site.Layer).Min()
            ?? run.Map.BlockCount;

        private (int Layer, int[] Tokens) _hidden = (-1, []); // chosen for the hidden layer of a fused branch
        private NetworkCall _call;

        /// <summary>Ages and measured scores of all blocks, reserved from the beginning.</summary>
        public long ByteCount { get; } = run.RowCount * (
            run.Map.Sites.Where(s => rule.Refreshes(s.Site) && s.Site.Kind != SiteKind.Projected).Sum(s => (long)s.Feature[0] * sizeof(int))
            + (SignalOf(rule.Options.Score) is null ? 0
                : run.Map.Sites.Where(s => rule.Refreshes(s.Site) && s.Site.Kind is SiteKind.Mlp or SiteKind.Hidden)
                    .Sum(s => (long)s.Feature[0] * sizeof(float))));

        public void Begin(NetworkCall call, bool isDraft) => _call = call;

        public bool Observes(Site site) => rule.Refreshes(site);

        public bool Refreshes(Site site) => rule.Refreshes(site);

        // A branch that is computed in full has no stale tokens. Asked by branch: a call may be full in its first block only.
        public void Observe(Site site, Tensor feature) => _ages.Remove(site);

        public Signal? Hears(Site site) => rule.Measures(site) ? SignalOf(_options.Score) : null;

        public void Hear(Site site, Tensor signal) =>
            _measured[(site.Layer, site.Group)] = _options.Score == TokenScore.ValueNorm ? TokenScores.OfValueNorms(signal, _options.Values)
                : signal.ToArray();

        public void Hear(Site site, IndexTable tokens, Tensor signal)
        {
            var (known, fresh) = (_measured[(site.Layer, site.Group)], signal.ToArray());
            var chosen = tokens.Indices;
            for (var i = 0; i < fresh.Length; i++)
            {
                known[(i / tokens.Shape[1] * (known.Length / tokens.Shape[0])) + chosen[i]] = fresh[i];
            }
        }

        public IndexTable? Select(Site site, Tensor input, Tensor kept)
        {
            int rows = input.Shape[0], tokens = input.Shape[1];
            if (site.Kind == SiteKind.Projected && _hidden.Layer == site.Layer)
            {
                return _hidden.Tokens.Length == 0 ? null
                    : IndexTable.From(input.Backend, _hidden.Tokens, [rows, _hidden.Tokens.Length / rows]);
            }

            if (!_ages.TryGetValue(site, out var ages))
            {
                _ages[site] = ages = new int[rows * tokens];
            }

            var count = FreshCount(site, tokens);
            IndexTable? chosen = null;
            if (count > 0)
            {
                var scores = Scores(site, input, kept, ages);
                rule.ObserveScores?.Invoke(_call, site, scores);
                var judged = Array.TrueForAll(scores, float.IsFinite) ? count : tokens; // what cannot be judged is computed
                chosen = IndexTable.From(Tensor.From(input.Backend, scores, [rows, tokens]).TopK(judged));
            }

            GrowOlder(ages, tokens, chosen);
            _hidden = site.Kind == SiteKind.Hidden ? (site.Layer, chosen?.Indices.ToArray() ?? []) : _hidden;
            return chosen;
        }

        public void Dispose()
        {
        }

        // The schedule for FLUX counts double and single blocks apart.
        private int FreshCount(Site site, int tokens) => (_options.Schedule == FreshSchedule.Flux, site.IsPart) switch
        {
            (true, true) => _options.FreshCount(site, _call, run.Map.BlockCount - _firstFused, tokens, _firstFused),
            (true, false) => _options.FreshCount(site, _call, _firstFused, tokens),
            _ => _options.FreshCount(site, _call, run.Map.BlockCount, tokens),
        };

        private static void GrowOlder(int[] ages, int tokens, IndexTable? chosen)
        {
            for (var i = 0; i < ages.Length; i++)
            {
                ages[i]++;
            }

            var fresh = chosen is null ? [] : chosen.Indices;
            for (var i = 0; i < fresh.Length; i++)
            {
                ages[(i / chosen!.Shape[1] * tokens) + fresh[i]] = 0;
            }
        }

        private float[] Scores(Site site, Tensor input, Tensor kept, int[] ages)
        {
            int rows = input.Shape[0], tokens = input.Shape[1];
            float[] scores = _options.Score switch
            {
                TokenScore.Random => [.. Enumerable.Repeat(_draws.Draw(_call.CallIndex, site, tokens), rows).SelectMany(d => d)],
                TokenScore.Similarity => Array.ConvertAll(input.TokenErrorsFrom(kept, ErrorMeasure.Cosine), e => (float)e),
                TokenScore.Norm => input.TokenNorms().ToArray(),
                _ when _measured.TryGetValue((site.Layer, site.Group), out var measured) => [.. measured],
                _ => throw new InvalidOperationException($"Tokens toca: nothing was measured at {site}."),
            };
            TokenScores.AlignInPlace(scores, tokens, run.RowsPerSample, _options.Twins);
            if (_options.Score == TokenScore.TextEntropy)
            {
                TokenScores.FromEntropiesInPlace(scores, _options.Twins == TwinAlignment.Average ? run.RowsPerSample : 1);
            }

            if (_options.Score != TokenScore.Random)
            {
                TokenScores.NormalizeInPlace(scores, tokens);
            }

            TokenScores.AddStalenessInPlace(scores, ages, (float)_options.Staleness, _options.Interval);
            if (_options.Bonus > 0 && run.Map.TokensOf(site) is { Grid: { Rank: >= 2 } grid } range) // text has no neighbourhood
            {
                for (var row = 0; row < rows; row++)
                {
                    TokenScores.RaiseLeadersInPlace(Own(row, range), [grid[^2], grid[^1]], _options.Window, (float)_options.Bonus);
                }
            }

            if (_options.Region is not null && run.Map.TokensOf(site) is var pictured && Weights(pictured) is { } weights)
            {
                for (var row = 0; row < rows; row++)
                {
                    TokenScores.WeighInPlace(Own(row, pictured), weights);
                }
            }

            return scores;

            // Of a branch of this group alone, or of the whole stream.
            Span<float> Own(int row, TokenRange group) =>
                scores.AsSpan((row * tokens) + (tokens == group.Count ? 0 : group.First), group.Count);
        }

        private float[]? Weights(TokenRange range)
        {
            if (!_weights.TryGetValue(range.Group, out var weights))
            {
                _weights[range.Group] = weights = _options.Region?.Of(run, range, range.Count);
            }

            return weights;
        }
    }
}
