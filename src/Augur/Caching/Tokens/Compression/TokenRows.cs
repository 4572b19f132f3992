namespace Augur.Caching.Tokens.Compression;

/// <summary>Tokens of one sequence on the host, [tokens, channels].</summary>
/// <param name="Values">Channels fastest.</param>
/// <param name="Channels">At least 1; divides the values.</param>
public sealed record TokenRows(float[] Values, int Channels)
{
    /// <summary>Tokens.</summary>
    public int Count => Values.Length / Channels;

    /// <summary>A token's channels.</summary>
    public Span<float> this[int token] => Values.AsSpan(token * Channels, Channels);

    /// <summary>Some tokens, in the order given.</summary>
    public TokenRows Take(IEnumerable<int> tokens) => new([.. tokens.SelectMany(token => this[token].ToArray())], Channels);

    /// <summary>These tokens, then others of as many channels.</summary>
    public TokenRows Then(TokenRows others) => new([.. Values, .. others.NotNull().Values], Channels);

    /// <summary>Every token over its Euclidean norm.</summary>
    public TokenRows Unit()
    {
        var unit = new TokenRows([.. Values], Channels);
        for (var token = 0; token < Count; token++)
        {
            var norm = (float)Math.Sqrt(Dot(this[token], this[token]));
            foreach (ref var value in unit[token])
            {
                value /= norm;
            }
        }

        return unit;
    }

    /// <summary>Sum of the products of two tokens' channels.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    /// <summary>Of these tokens the one with the largest product with a token, the first on ties.</summary>
    public int Nearest(ReadOnlySpan<float> token, out double similarity, int except = -1)
    {
        var (best, at) = (double.NegativeInfinity, 0);
        for (var other = 0; other < Count; other++)
        {
            var product = other == except ? double.NegativeInfinity : Dot(token, this[other]);
            (best, at) = product > best ? (product, other) : (best, at);
        }

        similarity = best;
        return at;
    }

    /// <summary>Positions of the largest scores, the largest first, the first on ties.</summary>
    public static int[] Largest(IReadOnlyList<double> scores, int count) =>
        [.. Enumerable.Range(0, scores.NotNull().Count).OrderByDescending(i => scores[i]).Take(count)];
}
