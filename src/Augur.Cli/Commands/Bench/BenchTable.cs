using System.Globalization;

namespace Augur.Cli.Commands.Bench;

/// <summary>The columns of a bench.</summary>
internal static class BenchTable
{
    private static readonly (string Title, Func<BenchRow, FormattableString> Cell)[] s_columns =
    [
        ("policy", r => $"{r.Policy}"),
        ("computed", r => $"{r.CallsPerPicture("CR"):0.0}"),
        ("kept", r => $"{r.CallsPerPicture("dat"):0.0}"),
        ("rejected", r => $"{r.CallsPerPicture("R"):0.0}"),
        ("partial", r => $"{r.CallsPerPicture("p"):0.0}"),
        ("FLOPs", r => $"{r.FlopsSpeedup:0.00}x"),
        ("time", r => $"{r.TimeSpeedup:0.00}x"),
        ("s/picture", r => $"{r.SecondsPerPicture:0.000}"),
        ("cache MiB", r => $"{r.PeakCacheBytes / 1048576.0:0.0}"),
        ("worst PSNR dB", r => $"{r.WorstPsnr:0.0}"),
    ];

    /// <summary>What the columns mean.</summary>
    public const string Explanation =
        "Calls are means per picture: computed in full, drafted and kept, or computed in part; rejected drafts are among the computed. FLOPs and "
            + "time say how many times less than the uncached run, which was timed again between the others; time is the median over batches. "
        + "s/picture is wall time, cache the most one picture's features took. PSNR, SSIM and multi-scale SSIM (luma) and latent error (relative) "
            + "are against the uncached picture of the same seed, "
        + "means over the pictures; worst PSNR is that of the picture that lost most; identical pictures count as 100 dB. Fréchet distance, KID, "
            + "precision, recall, density and coverage compare the set with the uncached set, all in the features of a small "
        + "network of ours (they are not FID and no published figure compares with them); class is what that network sees. Behind ± is half the 95 "
            + "% bootstrap interval over the pictures.";

    public static TextTable Of(IReadOnlyList<BenchRow> rows)
    {
        (string Title, Func<BenchRow, FormattableString> Cell)[] columns =
            [.. s_columns, .. BenchMetric.Present(rows).Select(metric =>
                (metric.Title, new Func<BenchRow, FormattableString>(r => $"{Cell(metric, r.ValueOf(metric))}")))];
        return new([.. columns.Select(c => c.Title)], [.. rows.Select(r =>
            columns.Select(c => c.Cell(r).ToString(CultureInfo.InvariantCulture)).ToArray())]);
    }

    private static string Cell(BenchMetric metric, MetricValue value)
    {
        string Text(double number) => number.ToString(metric.Format, CultureInfo.InvariantCulture);
        return double.IsNaN(value.Mean) ? "-" : value.HalfWidth > 0 ? $"{Text(value.Mean)} ±{Text(value.HalfWidth)}" : Text(value.Mean);
    }
}
