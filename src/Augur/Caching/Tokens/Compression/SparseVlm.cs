namespace Augur.Caching.Tokens.Compression;

/// <summary>
/// SparseVLM, version 1 (arXiv 2410.04417; released code): tokens of the text that are about the picture rate its tokens; of what is dropped,
/// clusters are kept.
/// </summary>
public static class SparseVlm
{
    /// <summary>
    /// How much each token of the text is about the picture: softmax over the text of the products with it, mean over the picture's tokens.
    /// </summary>
    public static double[] Relevance(TokenRows visual, TokenRows text)
    {
        var relevance = new double[text.NotNull().Count];
        for (var v = 0; v < visual.NotNull().Count; v++)
        {
            double[] logits = [.. Enumerable.Range(0, text.Count).Select(t => TokenRows.Dot(visual[v], text[t]))];
            var largest = logits.Max();
            var sum = logits.Sum(logit => Math.Exp(logit - largest));
            for (var t = 0; t < logits.Length; t++)
            {
                relevance[t] += Math.Exp(logits[t] - largest) / sum / visual.Count;
            }
        }

        return relevance;
    }

    /// <summary>Tokens of the text that are above the mean.</summary>
    public static int[] Raters(double[] relevance)
    {
        var mean = relevance.Average();
        return [.. Enumerable.Range(0, relevance.NotNull().Length).Where(t => relevance[t] > mean)];
    }

    /// <summary>What the raters pay to each of the picture's tokens, mean over heads and raters.</summary>
    /// <param name="attention">[heads, tokens, tokens].</param>
    /// <param name="heads">Heads.</param>
    /// <param name="raters">Places of the raters in the sequence.</param>
    /// <param name="first">Place of the picture's first token.</param>
    /// <param name="count">Tokens of the picture.</param>
    public static double[] Scores(float[] attention, int heads, int[] raters, int first, int count)
    {
        var tokens = (int)Math.Sqrt(attention.NotNull().Length / heads);
        return [.. Enumerable.Range(first, count).Select(token => Enumerable.Range(0, heads).Average(head =>
            raters.Average(rater => (double)attention[(((head * tokens) + rater) * tokens) + token])))];
    }

    /// <summary>The tokens of the largest scores, ascending; one is always dropped.</summary>
    public static int[] Keep(double[] scores, int count) => [.. TokenRows.Largest(scores, Math.Min(count, scores.NotNull().Length - 1)).Order()];

    /// <summary>
    /// Means of clusters by density peaks: centres are dense and far from what is denser, and the others join the nearest.
    /// </summary>
    /// <param name="x">Tokens.</param>
    /// <param name="count">Clusters, 1 to the number of tokens; also the neighbours that a density counts.</param>
    /// <param name="noise">Added to the densities times 1e-6, one per token.</param>
    public static TokenRows Cluster(TokenRows x, int count, float[] noise)
    {
        var distances = Distances(x.NotNull());
        double[] density = [.. distances.Select((row, i) => Math.Exp(-row.Order().Take(count).Average(d => d * d)) + (noise[i] * 1e-6))];
        var largest = distances.Max(row => row.Max());
        double[] scores = [.. distances.Select((row, i) => density[i] * row.Select((d, j) => density[j] > density[i] ? d : largest).Min())];
        var centres = TokenRows.Largest(scores, count);
        var (sums, sizes) = (new double[count, x.Channels], new int[count]);
        for (var token = 0; token < x.Count; token++)
        {
            var own = Array.IndexOf(centres, token);
            var cluster = own >= 0 ? own : Enumerable.Range(0, count).MinBy(c => distances[centres[c]][token]);
            sizes[cluster]++;
            for (var c = 0; c < x.Channels; c++)
            {
                sums[cluster, c] += x[token][c];
            }
        }

        return new(
            [.. Enumerable.Range(0, count).SelectMany(k => Enumerable.Range(0, x.Channels).Select(c => (float)(sums[k, c] / (sizes[k] + 1e-6))))],
            x.Channels);
    }

    // Euclidean, over the root of the channels.
    private static double[][] Distances(TokenRows x) => [.. Enumerable.Range(0, x.Count).Select(i => Enumerable.Range(0, x.Count).Select(j =>
    {
        var sum = 0.0;
        for (var c = 0; c < x.Channels; c++)
        {
            sum += Math.Pow((double)x[i][c] - x[j][c], 2);
        }

        return Math.Sqrt(sum / x.Channels);
    }).ToArray())];
}
