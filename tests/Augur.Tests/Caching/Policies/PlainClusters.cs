namespace Augur.Tests.Caching;

/// <summary>k-means with the Manhattan distance as docs/methods/clusca.md words it, one number at a time: the oracle.</summary>
internal static class PlainClusters
{
    /// <summary>Clusters rows of tokens; all rows stop together.</summary>
    /// <param name="values">[rows, tokens, channels].</param>
    /// <param name="centroids">Of each row, [count, channels], empty before the first time; updated.</param>
    /// <param name="first">Tokens at which centroids begin, [rows, count].</param>
    /// <param name="tokens">Tokens of a row.</param>
    /// <param name="channels">Of a token.</param>
    /// <param name="count">Clusters of a row.</param>
    /// <param name="iterations">Most passes.</param>
    public static (int[] Labels, int Passes) Cluster(
        float[] values, float[][] centroids, int[] first, int tokens, int channels, int count, int iterations)
    {
        float At(int row, int token, int channel) => values[(((row * tokens) + token) * channels) + channel];
        for (var row = 0; row < centroids.Length; row++)
        {
            if (centroids[row].Length == 0)
            {
                centroids[row] = [.. Enumerable.Range(0, count * channels).Select(i => At(row, first[(row * count) + (i / channels)], i % channels))];
            }
        }

        var labels = new int[centroids.Length * tokens];
        for (var pass = 1; ; pass++)
        {
            var moved = centroids.Select((old, row) =>
            {
                for (var n = 0; n < tokens; n++)
                {
                    double Distance(int c) => Enumerable.Range(0, channels).Sum(d => Math.Abs((double)At(row, n, d) - old[(c * channels) + d]));
                    labels[(row * tokens) + n] = Enumerable.Range(0, count).MinBy(Distance);
                }

                return Enumerable.Range(0, count * channels).Select(i =>
                {
                    var members = Enumerable.Range(0, tokens).Where(n => labels[(row * tokens) + n] == i / channels).ToArray();
                    return (float)(members.Sum(n => (double)At(row, n, i % channels)) / (members.Length + 1e-8));
                }).ToArray();
            }).ToArray();
            if (centroids.SelectMany(c => c).Zip(moved.SelectMany(c => c))
                .All(c => Math.Abs(c.First - c.Second) <= 1e-8 + (1e-4 * Math.Abs(c.Second))))
            {
                return (labels, pass);
            }

            moved.CopyTo(centroids, 0);
            if (pass == iterations)
            {
                return (labels, pass);
            }
        }
    }
}
