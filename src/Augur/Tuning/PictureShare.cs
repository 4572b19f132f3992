namespace Augur.Tuning;

/// <summary>What a count of pictures says of the share among all pictures like them.</summary>
public static class PictureShare
{
    /// <summary>The largest share at which so few would still be seen with some probability (Clopper and Pearson, 1934, upper end,
    /// one-sided).</summary>
    /// <param name="count">Pictures seen, 0 to <paramref name="of"/>.</param>
    /// <param name="of">Pictures looked at, at least 1.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <returns>0 to 1; for none of n pictures 1 − (1 − confidence)^(1/n).</returns>
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

    // Probability of at most so many successes: the terms of the binomial distribution, each from the one before, in logarithms.
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
