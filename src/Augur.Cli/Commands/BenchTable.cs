using System.Globalization;

namespace Augur.Cli.Commands;

/// <summary>The columns of a bench.</summary>
internal static class BenchTable
{
    private static readonly (string Title, Func<BenchRow, FormattableString> Cell)[] s_columns =
    [
        ("policy", r => $"{r.Policy}"),
        ("computed", r => $"{r.CallsPerPicture("CR"):0.0}"),
        ("drafted", r => $"{r.CallsPerPicture("daRt"):0.0}"),
        ("rejected", r => $"{r.CallsPerPicture("R"):0.0}"),
        ("partial", r => $"{r.CallsPerPicture("p"):0.0}"),
        ("FLOPs", r => $"{r.FlopsSpeedup:0.00}x"),
        ("time", r => $"{r.TimeSpeedup:0.00}x"),
        ("s/picture", r => $"{r.SecondsPerPicture:0.000}"),
        ("cache MiB", r => $"{r.PeakCacheBytes / 1048576.0:0.0}"),
        .. BenchMetric.All.Select((metric, i) => (metric.Title, new Func<BenchRow, FormattableString>(r => $"{Cell(metric, r.Values[i])}"))),
    ];

    /// <summary>What the columns mean.</summary>
    public const string Explanation =
        "Calls are means per picture. FLOPs and time say how many times less than the uncached run, which was timed again between the others; time is the median over batches. "
        + "s/picture is wall time, cache the most one picture's features took. PSNR, SSIM and multi-scale SSIM (luma) and latent error (relative) are against the uncached picture of the same seed, "
        + "means over the pictures; identical pictures count as 100 dB. Behind ± is half the 95 % bootstrap interval over the pictures.";

    public static TextTable Of(IReadOnlyList<BenchRow> rows) =>
        new([.. s_columns.Select(c => c.Title)], [.. rows.Select(r => s_columns.Select(c => c.Cell(r).ToString(CultureInfo.InvariantCulture)).ToArray())]);

    private static string Cell(BenchMetric metric, MetricValue value)
    {
        string Text(double number) => number.ToString(metric.Format, CultureInfo.InvariantCulture);
        return value.HalfWidth > 0 ? $"{Text(value.Mean)} ±{Text(value.HalfWidth)}" : Text(value.Mean);
    }
}
