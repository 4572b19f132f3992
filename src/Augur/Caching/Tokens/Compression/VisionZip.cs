namespace Augur.Caching.Tokens.Compression;

/// <summary>
/// VisionZip (arXiv 2412.04467; released code): keeps the tokens that the class token attends to most, and merges the others into some of their own.
/// </summary>
public static class VisionZip
{
    /// <summary>Attention of the class token to each other, summed over heads.</summary>
    /// <param name="attention">Of the class token, [heads, tokens], the class token first.</param>
    /// <param name="heads">Heads.</param>
    public static double[] Scores(float[] attention, int heads)
    {
        var tokens = attention.NotNull().Length / heads;
        return [.. Enumerable.Range(1, tokens - 1).Select(token =>
            Enumerable.Range(0, heads).Sum(head => (double)attention[(head * tokens) + token]))];
    }

    /// <summary>The class token, then the dominant ones, the largest score first.</summary>
    public static int[] Dominant(double[] scores, int count) => [0, .. TokenRows.Largest(scores, count).Select(i => i + 1)];

    /// <summary>
    /// The dominant tokens in their own order, then the contextual ones: evenly spaced of the rest, to each of which the mean of those of the rest
    /// that resemble it most is added.
    /// </summary>
    /// <param name="hidden">Tokens, the class token first.</param>
    /// <param name="metric">What is compared by its cosine, of as many tokens.</param>
    /// <param name="dominant">Tokens that are kept.</param>
    /// <param name="contextual">Tokens that stand for the rest.</param>
    public static TokenRows Compress(TokenRows hidden, TokenRows metric, int[] dominant, int contextual)
    {
        int[] rest = [.. Enumerable.Range(0, hidden.NotNull().Count).Except(dominant)];
        var stride = Math.Max(1, rest.Length / contextual);
        int[] targets = [.. Enumerable.Range(0, rest.Length).Where(i => i % stride == 0).Take(contextual).Select(i => rest[i])];
        var unit = metric.NotNull().Unit();
        var (compared, context) = (unit.Take(targets), hidden.Take(targets));
        foreach (var group in rest.Except(targets).GroupBy(token => compared.Nearest(unit[token], out _)))
        {
            var sum = new double[hidden.Channels];
            var to = context[group.Key];
            foreach (var token in group)
            {
                for (var c = 0; c < hidden.Channels; c++)
                {
                    sum[c] += hidden[token][c];
                }
            }

            for (var c = 0; c < hidden.Channels; c++)
            {
                to[c] += (float)(sum[c] / group.Count());
            }
        }

        return hidden.Take(dominant.Order()).Then(context);
    }
}
