namespace Augur.Metrics;

/// <summary>
/// A confidence interval of a mean by Efron's percentile bootstrap (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13):
/// means of many samples that are drawn with replacement from the values, of which the interval contains the central share.
/// </summary>
/// <remarks>It measures the uncertainty from the choice of prompts and seeds. Below about 20 values it is too narrow.</remarks>
/// <param name="Estimate">Mean of the values, in their unit.</param>
/// <param name="Lower">Lower end, in the unit of the values.</param>
/// <param name="Upper">Upper end, in the unit of the values.</param>
/// <param name="Confidence">Share of the resampled means inside, above 0 and below 1.</param>
public sealed record BootstrapInterval(double Estimate, double Lower, double Upper, double Confidence)
{
    /// <summary>Default number of resamples.</summary>
    public const int DefaultResamples = 10_000;

    /// <summary>Default confidence.</summary>
    public const double DefaultConfidence = 0.95;

    /// <summary>Interval of a mean.</summary>
    /// <param name="values">At least 2, finite: cap an infinite PSNR first.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="resamples">At least 100.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <exception cref="ArgumentException">There are too few values, one is not finite, or a number is out of range.</exception>
    public static BootstrapInterval OfMean(
        IReadOnlyList<double> values, int seed, int resamples = DefaultResamples, double confidence = DefaultConfidence)
    {
        ArgumentNullException.ThrowIfNull(values);
        RequireUsable(values, resamples, confidence);
        var means = ResampledMeans([.. values], new Random(seed), resamples);
        var tail = (1 - confidence) / 2;
        return new BootstrapInterval(values.Average(), Quantile(means, tail), Quantile(means, 1 - tail), confidence);
    }

    /// <summary>
    /// Interval of the mean of values − reference, pair by pair (the same prompt and seed under two methods, say). If it excludes 0, the two series
    /// differ. It is much narrower than two separate intervals, because differences between pairs cancel.
    /// </summary>
    /// <param name="values">At least 2, finite.</param>
    /// <param name="reference">As many values; entry i is paired with entry i.</param>
    /// <param name="seed">The same seed gives the same interval.</param>
    /// <param name="resamples">At least 100.</param>
    /// <param name="confidence">Above 0 and below 1.</param>
    /// <exception cref="ArgumentException">
    /// The series differ in length or have too few values, one is not finite, or a number is out of range.
    /// </exception>
    public static BootstrapInterval OfPairedDifference(
        IReadOnlyList<double> values,
        IReadOnlyList<double> reference,
        int seed,
        int resamples = DefaultResamples,
        double confidence = DefaultConfidence)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(reference);
        return values.Count == reference.Count
            ? OfMean([.. values.Zip(reference, (a, b) => a - b)], seed, resamples, confidence)
            : throw new ArgumentException($"BootstrapInterval: series of {values.Count} and {reference.Count} values have no pairs.");
    }

    /// <summary>A quantile of ascending values, linear between neighbours: 0 gives the first and 1 the last.</summary>
    internal static double Quantile(double[] ascending, double share)
    {
        var place = share * (ascending.Length - 1);
        var below = Math.Min((int)place, ascending.Length - 2);
        return ascending[below] + ((place - below) * (ascending[below + 1] - ascending[below]));
    }

    // The means of the resamples, in ascending order.
    private static double[] ResampledMeans(double[] values, Random random, int resamples)
    {
        var means = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var sum = 0.0;
            for (var drawn = 0; drawn < values.Length; drawn++)
            {
                sum += values[random.Next(values.Length)];
            }

            means[i] = sum / values.Length;
        }

        Array.Sort(means);
        return means;
    }

    private static void RequireUsable(IReadOnlyList<double> values, int resamples, double confidence)
    {
        if (values.Count < 2)
        {
            throw new ArgumentException($"BootstrapInterval: an interval needs at least 2 values, not {values.Count}.");
        }

        if (values.FirstOrDefault(value => !double.IsFinite(value)) is var bad && !double.IsFinite(bad))
        {
            throw new ArgumentException($"BootstrapInterval: the value {bad} is among the {values.Count}; all must be finite.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 100);
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(confidence), $"BootstrapInterval: confidence is {confidence}; it lies between 0 and 1.");
        }
    }
}
