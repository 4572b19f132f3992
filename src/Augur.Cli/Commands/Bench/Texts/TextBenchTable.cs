using System.Globalization;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>The columns of a bench of texts.</summary>
internal static class TextBenchTable
{
    private static readonly (string Title, Func<TextBenchRow, FormattableString> Cell)[] s_columns =
    [
        ("policy", r => $"{r.Policy}"),
        ("calls", r => $"{r.Calls:0.0}"),
        ("computed", r => $"{r.CallsPerText("CR"):0.0}"),
        ("partial", r => $"{r.CallsPerText("pdat"):0.0}"),
        ("rejected", r => $"{r.CallsPerText("R"):0.0}"),
        ("FLOPs", r => $"{r.FlopsSpeedup:0.00}x"),
        ("time", r => $"{r.TimeSpeedup:0.00}x"),
        ("processor", r => $"{r.ProcessorSpeedup:0.00}x"),
        ("tokens/s", r => $"{r.TokensPerSecond:0.0}"),
        ("same %", r => $"{Cell(r.Agreement, "0.0")}"),
        ("worst same %", r => $"{r.WorstAgreement:0.0}"),
        ("perplexity", r => $"{Cell(r.Perplexity, "0.00")}"),
        ("cache MiB", r => $"{r.PeakCacheBytes / 1048576.0:0.0}"),
    ];

    /// <summary>What the columns mean.</summary>
    public const string Explanation =
        "Calls are means per text: computed in full, computed in part or drafted; refreshes that a verification asked for are rejected drafts, among "
        + "the computed. FLOPs, time and processor time say how many times less than the uncached run with one token a call, which wrote the same "
        + "text just before; times are medians over texts. Processor time does not count what other programs took. tokens/s is wall time, one text "
        + "after the other. same is the share of tokens that are the uncached run's, place by place: a word more or less shifts all that follow. "
        + "Perplexity is of the texts behind their beginnings under the model itself, by the bound of masked diffusion with 32 masks each, the same "
        + "for all rows: what lies below the uncached run's is no better text, only a likelier one. Behind ± is half the 95 % bootstrap interval "
        + "over the texts. Cache is the most that one text's features took.";

    public static TextTable Of(IReadOnlyList<TextBenchRow> rows) => new(
        [.. s_columns.Select(c => c.Title)],
        [.. rows.Select(r => s_columns.Select(c => c.Cell(r).ToString(CultureInfo.InvariantCulture)).ToArray())]);

    private static string Cell(MetricValue value, string format)
    {
        string Text(double number) => number.ToString(format, CultureInfo.InvariantCulture);
        return value.HalfWidth > 0 ? $"{Text(value.Mean)} ±{Text(value.HalfWidth)}" : Text(value.Mean);
    }
}
