namespace Augur.Caching.Tokens.Compression;

/// <summary>DivPrune (arXiv 2503.02175): keeps the tokens that lie farthest from each other, whatever anybody attends to.</summary>
public static class DivPrune
{
    /// <summary>1 − cosine of every two tokens, [tokens, tokens].</summary>
    public static float[] Distances(TokenRows x)
    {
        var unit = x.NotNull().Unit();
        return [.. Enumerable.Range(0, x.Count).SelectMany(i =>
            Enumerable.Range(0, x.Count).Select(j => (float)(1 - TokenRows.Dot(unit[i], unit[j]))))];
    }

    /// <summary>
    /// Picks tokens one by one: the first is farthest from its nearest other, the next ones from the nearest that was picked; the first on ties.
    /// </summary>
    /// <param name="x">Tokens.</param>
    /// <param name="count">How many, 1 to all.</param>
    public static int[] Pick(TokenRows x, int count)
    {
        var (distances, tokens) = (Distances(x), x.NotNull().Count);
        double[] first = [.. Enumerable.Range(0, tokens).Select(j =>
            Enumerable.Range(0, tokens).Select(i => (double)distances[(i * tokens) + j]).Order().ElementAt(Math.Min(1, tokens - 1)))];
        var picked = new List<int> { TokenRows.Largest(first, 1)[0] };
        while (picked.Count < count)
        {
            double[] nearest = [.. Enumerable.Range(0, tokens).Select(i => picked.Min(p => (double)distances[(p * tokens) + i]))];
            picked.Add(TokenRows.Largest(nearest, 1)[0]);
        }

        return [.. picked];
    }
}
