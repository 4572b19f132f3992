namespace Augur.Caching.Tokens.Compression;

/// <summary>
/// FastV (arXiv 2403.06764; released code): behind the first layers of a language model that looks at a picture, those of the picture's tokens stay
/// that the last token attended to most in the layer before.
/// </summary>
public static class FastV
{
    /// <summary>What one query pays to some of the tokens, mean over heads; the only row of the attention that is needed.</summary>
    /// <param name="query">Of the last token, heads outermost.</param>
    /// <param name="keys">Of all tokens, of as many channels.</param>
    /// <param name="heads">Divides the channels.</param>
    /// <param name="first">The picture's first token.</param>
    /// <param name="count">Tokens of the picture.</param>
    public static double[] Scores(ReadOnlySpan<float> query, TokenRows keys, int heads, int first, int count)
    {
        var (tokens, width) = (keys.NotNull().Count, query.Length / heads);
        var (scores, logits) = (new double[count], new double[tokens]);
        for (var head = 0; head < heads; head++)
        {
            for (var token = 0; token < tokens; token++)
            {
                logits[token] = TokenRows.Dot(query.Slice(head * width, width), keys[token].Slice(head * width, width)) / Math.Sqrt(width);
            }

            var largest = logits.Max();
            var sum = logits.Sum(logit => Math.Exp(logit - largest));
            for (var i = 0; i < count; i++)
            {
                scores[i] += Math.Exp(logits[first + i] - largest) / sum / heads;
            }
        }

        return scores;
    }

    /// <summary>The picture's tokens that stay, as tokens of the whole, the most attended first.</summary>
    /// <param name="scores">Of the picture's tokens.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many stay.</param>
    public static int[] Keep(double[] scores, int first, int count) => [.. TokenRows.Largest(scores, count).Select(i => first + i)];

    /// <summary>All tokens that stay, ascending: these, and every token that is none of the picture's. They keep their places.</summary>
    /// <param name="kept">The picture's.</param>
    /// <param name="first">The picture's first token.</param>
    /// <param name="count">Tokens of the picture.</param>
    /// <param name="tokens">Tokens in all.</param>
    public static int[] With(int[] kept, int first, int count, int tokens) =>
        [.. Enumerable.Range(0, tokens).Where(token => token < first || token >= first + count).Concat(kept.NotNull()).Order()];
}
