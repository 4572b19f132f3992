using Augur.Metrics;

namespace Augur.Cli.Commands.Bench;

/// <summary>A figure with its 95 % interval.</summary>
internal readonly record struct MetricValue(double Mean, double Low, double High)
{
    // Ends of an interval to a hundredth of its width, in a moment also for thousands of samples.
    private const int Resamples = 2000;

    /// <summary>A mean; one value has no interval, and what is not finite has no mean: the value then stands alone.</summary>
    public static MetricValue OfMean(double[] values)
    {
        if (values.Length < 2 || !values.All(double.IsFinite))
        {
            var mean = values.Average();
            return new MetricValue(mean, mean, mean);
        }

        var interval = BootstrapInterval.OfMean(values, seed: 0, Resamples);
        return new MetricValue(interval.Estimate, interval.Lower, interval.Upper);
    }

    /// <summary>Half the interval's width.</summary>
    public double HalfWidth => (High - Low) / 2;
}

/// <summary>How a measure of quality is shown: as a column of the table and in plots of the page.</summary>
/// <param name="Name">Title of the column.</param>
/// <param name="Unit">Empty where there is none.</param>
/// <param name="IsHigherBetter">Which way is better.</param>
/// <param name="Format">.NET format of its numbers.</param>
internal record MetricStyle(string Name, string Unit, bool IsHigherBetter, string Format)
{
    /// <summary>With the unit, where there is one.</summary>
    public string Title => Unit.Length == 0 ? Name : $"{Name} {Unit}";
}

/// <summary>A measure of pictures. A further one is a line of <see cref="All"/>.</summary>
/// <param name="Name">Title of the column.</param>
/// <param name="Unit">Empty where there is none.</param>
/// <param name="IsHigherBetter">Which way is better.</param>
/// <param name="Format">.NET format of its numbers.</param>
/// <param name="IsPaired">Whether it compares with the uncached picture of the same seed, so that the uncached run is perfect by definition.</param>
/// <param name="Measure">Its value.</param>
internal sealed record BenchMetric(string Name, string Unit, bool IsHigherBetter, string Format, bool IsPaired, Func<BenchRow, MetricValue> Measure)
    : MetricStyle(Name, Unit, IsHigherBetter, Format)
{
    /// <summary>All, in the order of the columns.</summary>
    public static IReadOnlyList<BenchMetric> All { get; } =
    [
        Paired("PSNR", "dB", isHigherBetter: true, "0.0", p => Math.Min(p.Psnr, PictureDifference.PsnrCap)),
        Paired("SSIM", "", isHigherBetter: true, "0.0000", p => p.Ssim),
        Paired("MS-SSIM", "", isHigherBetter: true, "0.0000", p => p.MultiScaleSsim),
        Paired("latent error", "", isHigherBetter: false, "0.0000", p => p.LatentError),
        new("LPIPS-style", "(Augur features)", IsHigherBetter: false, "0.0000", IsPaired: true, row => MeanOf([.. row.Description.Distances])),
        Set("Fréchet distance", "(Augur features)", isHigherBetter: false, "0.000", least: 2, (drawn, reference) =>
            FrechetDistance.Between(drawn, reference)),
        Set("KID", "x1000 (Augur features)", isHigherBetter: false, "0.00", least: 32, (drawn, reference) =>
            1000 * KernelDistance.Between(drawn, reference)),
        Set("precision", "", isHigherBetter: true, "0.000", least: PrecisionRecall.DefaultNeighbour + 1, (drawn, reference) =>
            PrecisionRecall.Between(drawn, reference).Precision),
        Set("recall", "", isHigherBetter: true, "0.000", least: PrecisionRecall.DefaultNeighbour + 1, (drawn, reference) =>
            PrecisionRecall.Between(drawn, reference).Recall),
        Set("density", "", isHigherBetter: true, "0.000", least: DensityCoverage.DefaultNeighbour + 1, (drawn, reference) =>
            DensityCoverage.Between(drawn, reference).Density),
        Set("coverage", "", isHigherBetter: true, "0.000", least: DensityCoverage.DefaultNeighbour + 1, (drawn, reference) =>
            DensityCoverage.Between(drawn, reference).Coverage),
        Agreement("class as asked", isPaired: false, row => row.Description.Requested!),
        Agreement("class as uncached", isPaired: true, row => [.. row.Description.ReferenceClasses.Select(name => (string?[])[name])]),
        new("FID", "", IsHigherBetter: false, "0.00", IsPaired: true, row =>
            Between(row.Description.Inception, row.Reference.Description.Inception, 2, (a, b) => FrechetDistance.Between(a, b))),
    ];

    /// <summary>Those that have a value in some row: few pictures, unknown classes or absent weights leave some without.</summary>
    public static IReadOnlyList<BenchMetric> Present(IReadOnlyList<BenchRow> rows) =>
        [.. All.Where(m => rows.Any(r => double.IsFinite(r.ValueOf(m).Mean)))];

    private static BenchMetric Paired(string name, string unit, bool isHigherBetter, string format, Func<BenchPicture, double> value) =>
        new(name, unit, isHigherBetter, format, IsPaired: true, row => MeanOf([.. row.Pictures.Select(value)]));

    private static BenchMetric Set(string name, string unit, bool isHigherBetter, string format, int least,
        Func<FeatureSet, FeatureSet, double> measure) =>
        new(name, unit, isHigherBetter, format, IsPaired: true, row =>
            Between(row.Description.Pooled, row.Reference.Description.Pooled, least, measure));

    private static BenchMetric Agreement(string name, bool isPaired, Func<BenchRow, IReadOnlyList<IReadOnlyList<string?>>> expected) => new(
        name,
        "%",
        IsHigherBetter: true,
        "0.0",
        isPaired,
        row => row.Description.Requested is null ? Absent
            : MeanOf([.. row.Description.Classes.Zip(expected(row), (seen, wanted) => wanted.Contains(seen) ? 100.0 : 0)]));

    private static MetricValue Between(List<float[]> drawn, List<float[]> reference, int least, Func<FeatureSet, FeatureSet, double> measure)
    {
        if (drawn.Count < least || reference.Count < least)
        {
            return Absent;
        }

        var value = measure(new FeatureSet(drawn), new FeatureSet(reference));
        return new(value, value, value);
    }

    private static MetricValue Absent => new(double.NaN, double.NaN, double.NaN);

    private static MetricValue MeanOf(double[] values) => MetricValue.OfMean(values);
}
