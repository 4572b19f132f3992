using Augur.Tensors;

namespace Augur.Caching.Tokens;

/// <summary>
/// ToCa's score for one sample: what is measured of a token, normalised, and raised the longer it was not computed, where it leads its window, and
/// in the region that changes.
/// </summary>
/// <param name="rule">The settings.</param>
/// <param name="run">The sample's run.</param>
/// <param name="measured">What is measured.</param>
internal sealed class ToCaScoring(ToCaTokens rule, RunInfo run, ITokenScoring measured) : ITokenScoring
{
    private readonly ToCaTokensOptions _options = rule.Options;
    private readonly TokenAges _ages = new();
    private readonly Dictionary<TokenGroup, float[]?> _weights = []; // of the region

    /// <summary>Ages and measured scores of all blocks, reserved from the beginning.</summary>
    public long ByteCount { get; } = measured.ByteCount
        + (run.RowCount * run.Map.Branches.Where(b => rule.Options.Refreshes(b.Site)).Sum(b => (long)b.Feature[0] * sizeof(int)));

    public bool Observes(Site site) => _options.Refreshes(site);

    // A branch that is computed in full has no stale tokens. Asked by branch: a call may be full in its first block only.
    public void Observe(Site site, Tensor feature) => _ages.Forget(site);

    public Signal? Hears(Site site) => measured.Hears(site);

    public void Hear(Site site, Tensor signal) => measured.Hear(site, signal);

    public void Hear(Site site, IndexTable tokens, Tensor signal) => measured.Hear(site, tokens, signal);

    public void Chose(TokenView view, IndexTable? tokens) => _ages.Grow(view, tokens);

    public float[] Of(TokenView view)
    {
        var (site, tokens, scores) = (view.Site, view.Tokens, measured.Of(view));
        ScoreTerms.AlignInPlace(scores, tokens, run.RowsPerSample, _options.Twins);
        if (_options.Score == TokenScore.TextEntropy)
        {
            ScoreTerms.FromEntropiesInPlace(scores, _options.Twins == TwinAlignment.Average ? run.RowsPerSample : 1);
        }

        if (_options.Score != TokenScore.Random)
        {
            ScoreTerms.NormalizeInPlace(scores, tokens);
        }

        ScoreTerms.AddStalenessInPlace(scores, _ages.Of(view), (float)_options.Staleness, _options.Interval);
        if (_options.Bonus > 0 && run.Map.TokensOf(site) is { Grid: { Rank: >= 2 } grid } range) // text has no neighbourhood
        {
            for (var row = 0; row < view.Rows; row++)
            {
                ScoreTerms.RaiseLeadersInPlace(Own(row, range), [grid[^2], grid[^1]], _options.Window, (float)_options.Bonus);
            }
        }

        if (_options.Region is not null && run.Map.TokensOf(site) is var pictured && Weights(pictured) is { } weights)
        {
            for (var row = 0; row < view.Rows; row++)
            {
                ScoreTerms.WeighInPlace(Own(row, pictured), weights);
            }
        }

        rule.ObserveScores?.Invoke(view.Call, site, scores);
        return scores;

        // Of a branch of this group alone, or of the whole stream.
        Span<float> Own(int row, TokenRange group) => scores.AsSpan((row * tokens) + (tokens == group.Count ? 0 : group.First), group.Count);
    }

    public void Dispose() => measured.Dispose();

    private float[]? Weights(TokenRange range)
    {
        if (!_weights.TryGetValue(range.Group, out var weights))
        {
            _weights[range.Group] = weights = _options.Region?.Of(run, range, range.Count);
        }

        return weights;
    }
}
