namespace Augur.Caching.Tokens.Compression;

/// <summary>
/// LLaVA-PruMerge (arXiv 2403.15388; released code): keeps the tokens that the class token attends to most, adds to each what resembles it, and
/// appends one token of all that is dropped.
/// </summary>
public static class PruMerge
{
    private const int ClusterSize = 32;

    /// <summary>The share of values beyond the outlier limit, the third quartile and 1.5 times the distance between quartiles.</summary>
    public static double OutlierShare(float[] values)
    {
        float[] sorted = [.. values.Order()];
        double first = Quantile(0.25), third = Quantile(0.75);
        var limit = third + (1.5 * (third - first));
        return values.Count(value => value > limit) / (double)values.NotNull().Length;

        double Quantile(double share)
        {
            var at = share * (sorted.Length - 1);
            var low = Math.Min((int)at, sorted.Length - 2);
            return sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low]));
        }
    }

    /// <summary>Attention of the class token to the others, softmax over all of q kᵀ/√channels, without heads.</summary>
    /// <param name="query">Of the class token.</param>
    /// <param name="keys">Of all tokens, the class token first.</param>
    public static float[] ClassAttention(ReadOnlySpan<float> query, TokenRows keys)
    {
        var logits = new double[keys.NotNull().Count];
        for (var token = 0; token < logits.Length; token++)
        {
            logits[token] = TokenRows.Dot(query, keys[token]) / Math.Sqrt(keys.Channels);
        }

        var largest = logits.Max();
        var sum = logits.Sum(logit => Math.Exp(logit - largest));
        return [.. logits.Skip(1).Select(logit => (float)(Math.Exp(logit - largest) / sum))];
    }

    /// <summary>The tokens that are kept, the most attended first.</summary>
    public static int[] Keep(float[] attention, double ratio) =>
        TokenRows.Largest(Array.ConvertAll(attention, a => (double)a), (int)(attention.NotNull().Length * ratio));

    /// <summary>
    /// The kept tokens, each with the attended sum of the 32 others of the most similar keys, then one token of all that is dropped.
    /// </summary>
    /// <param name="features">Tokens without the class token.</param>
    /// <param name="keys">Their keys.</param>
    /// <param name="attention">Of the class token to them.</param>
    /// <param name="kept">Tokens that are kept, in the order in which they come out.</param>
    public static TokenRows Merge(TokenRows features, TokenRows keys, float[] attention, int[] kept)
    {
        var unit = keys.NotNull().Unit();
        var merged = features.NotNull().Take(kept);
        int[] dropped = [.. Enumerable.Range(0, features.Count).Except(kept)];
        for (var i = 0; i < kept.NotNull().Length; i++)
        {
            int[] others = [.. kept.Where((_, j) => j != i), .. dropped];
            var own = unit[kept[i]].ToArray();
            var similar = TokenRows.Largest([.. others.Select(other => TokenRows.Dot(own, unit[other]))], ClusterSize);
            Add(merged[i], [.. similar.Select(at => others[at])]);
        }

        var extra = new TokenRows(new float[features.Channels], features.Channels);
        Add(extra[0], dropped);
        return merged.Then(extra);

        void Add(Span<float> to, int[] tokens)
        {
            for (var c = 0; c < to.Length; c++)
            {
                var sum = 0.0;
                foreach (var token in tokens)
                {
                    sum += (double)features[token][c] * attention.NotNull()[token];
                }

                to[c] += (float)sum;
            }
        }
    }
}
