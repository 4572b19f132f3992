namespace Augur.Tuning;

/// <summary>Confidence bounds on a share, from a count of pictures.</summary>
public static class PictureShare
{
    /// <summary>One-sided upper confidence bound on the share of pictures with a property (Clopper and Pearson, 1934).</summary>
    /// <param name="count">Number of pictures with the property, 0 to <paramref name="of"/>.</param>
    /// <param name="of">Number of pictures, at least 1.</param>
    /// <param name="confidence">Confidence of the bound, above 0 and below 1.</param>
    /// <returns>The bound, 0 to 1; for 0 of n pictures 1 − (1 − confidence)^(1/n).</returns>
    public static double Upper(int count, int of, double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(of, Math.Max(1, count));
        if (count == of)
        {
            return 1;
        }

        var (low, high) = ((double)count / of, 1.0);
        for (var halving = 0; halving < 60; halving++)
        {
            var middle = (low + high) / 2;
            (low, high) = AtMost(count, of, middle) > 1 - confidence ? (middle, high) : (low, middle);
        }

        return high;
    }

    // Cumulative binomial probability of at most <c>count</c> successes; each term follows from the previous one, in logarithms.
    private static double AtMost(int count, int of, double share)
    {
        var term = of * Math.Log(1 - share);
        var sum = Math.Exp(term);
        for (var k = 1; k <= count; k++)
        {
            term += Math.Log((of - k + 1.0) / k) + Math.Log(share / (1 - share));
            sum += Math.Exp(term);
        }

        return sum;
    }
}
