using Augur.Metrics;

namespace Augur.Cli.Commands;

/// <summary>A figure with its 95 % interval.</summary>
internal readonly record struct MetricValue(double Mean, double Low, double High)
{
    /// <summary>Half the interval's width.</summary>
    public double HalfWidth => (High - Low) / 2;
}

/// <summary>A measure of quality: a column of the table and two plots of the page. A further one is a line of <see cref="All"/>.</summary>
/// <param name="Name">Title of the column.</param>
/// <param name="Unit">Empty where there is none.</param>
/// <param name="IsHigherBetter">Which way is better.</param>
/// <param name="Format">.NET format of its numbers.</param>
/// <param name="IsPaired">Whether it compares with the uncached picture of the same seed, so that the uncached run is perfect by definition.</param>
/// <param name="Measure">Its value.</param>
internal sealed record BenchMetric(string Name, string Unit, bool IsHigherBetter, string Format, bool IsPaired, Func<BenchRow, MetricValue> Measure)
{
    // Ends of an interval to a hundredth of its width, in a moment also for thousands of pictures.
    private const int Resamples = 2000;

    /// <summary>All, in the order of the columns.</summary>
    public static IReadOnlyList<BenchMetric> All { get; } =
    [
        Paired("PSNR", "dB", isHigherBetter: true, "0.0", p => Math.Min(p.Psnr, PictureDifference.PsnrCap)),
        Paired("SSIM", "", isHigherBetter: true, "0.0000", p => p.Ssim),
        Paired("MS-SSIM", "", isHigherBetter: true, "0.0000", p => p.MultiScaleSsim),
        Paired("latent error", "", isHigherBetter: false, "0.0000", p => p.LatentError),
    ];

    /// <summary>With the unit, where there is one.</summary>
    public string Title => Unit.Length == 0 ? Name : $"{Name} {Unit}";

    private static BenchMetric Paired(string name, string unit, bool isHigherBetter, string format, Func<BenchPicture, double> value) =>
        new(name, unit, isHigherBetter, format, IsPaired: true, row => MeanOf([.. row.Pictures.Select(value)]));

    // One picture has no interval, and what is not finite has no mean: the value then stands alone.
    private static MetricValue MeanOf(double[] values)
    {
        if (values.Length < 2 || !values.All(double.IsFinite))
        {
            var mean = values.Average();
            return new MetricValue(mean, mean, mean);
        }

        var interval = BootstrapInterval.OfMean(values, seed: 0, Resamples);
        return new MetricValue(interval.Estimate, interval.Lower, interval.Upper);
    }
}
