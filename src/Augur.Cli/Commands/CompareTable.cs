using System.Globalization;
using Spectre.Console;

namespace Augur.Cli.Commands;

/// <summary>The table of a comparison, for a terminal, a pipe, a document.</summary>
internal sealed class CompareTable(IReadOnlyList<CompareResult> results)
{
    private static readonly (string Title, Func<CompareResult, FormattableString> Cell)[] s_columns =
    [
        ("policy", r => $"{r.Name}"),
        ("computed", r => $"{r.PerPicture(r.Summary.Computed):0.0}"),
        ("drafted", r => $"{r.PerPicture(r.Summary.Drafted):0.0}"),
        ("rejected", r => $"{r.PerPicture(r.Summary.Rejected):0.0}"),
        ("FLOPs", r => $"{r.FlopsSpeedup:0.00}x"),
        ("time", r => $"{r.TimeSpeedup:0.00}x"),
        ("verify", r => $"{100 * r.Summary.VerificationShare:0.0}%"),
        ("cache MiB", r => $"{r.Summary.PeakCacheBytes / 1048576.0:0.0}"),
        ("PSNR dB", r => $"{r.MeanPsnr:0.0}"),
        ("SSIM", r => $"{r.MeanSsim:0.0000}"),
        ("max", r => $"{r.LargestError}"),
        ("latent", r => $"{r.MeanLatentError:0.0000}"),
        ("images/s", r => $"{r.ImagesPerSecond:0.00}"),
    ];

    /// <summary>What the columns mean.</summary>
    public const string Explanation =
        "Calls are means per picture; FLOPs and time say how many times less than the first row, time measured over all pictures; "
        + "verify is the share of executed FLOPs, cache the most one picture's features took. PSNR, SSIM (luma) and latent error (relative) are means over the pictures against "
        + "the first row's, max the largest difference of 255 levels; identical pictures count as 100 dB.";

    public static IReadOnlyList<string> Titles { get; } = [.. s_columns.Select(c => c.Title)];

    /// <summary>One row per entry, one text per column.</summary>
    public IReadOnlyList<string[]> Rows { get; } = [.. results.Select(r => s_columns.Select(c => c.Cell(r).ToString(CultureInfo.InvariantCulture)).ToArray())];

    public void Write(TextWriter output)
    {
        if (Terminal.On(output) is not { } console)
        {
            WriteLines(output, "", "  ", "");
            return;
        }

        var table = new Table().RoundedBorder();
        foreach (var (title, index) in Titles.Select((title, index) => (title, index)))
        {
            table.AddColumn(new TableColumn(Markup.Escape(title)) { Alignment = index == 0 ? Justify.Left : Justify.Right, Padding = new Padding(0, 0, 1, 0) });
        }

        foreach (var row in Rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        console.Write(table);
    }

    public void WriteMarkdown(TextWriter output) => WriteLines(output, "| ", " | ", " |", ruled: true);

    private void WriteLines(TextWriter output, string open, string between, string close, bool ruled = false)
    {
        int[] widths = [.. Titles.Select((title, i) => Math.Max(title.Length, Rows.Max(r => r[i].Length)))];
        Line(Titles);
        if (ruled)
        {
            output.WriteLine("|" + string.Join("|", widths.Select((w, i) => i == 0 ? new string('-', w + 2) : new string('-', w + 1) + ":")) + "|");
        }

        foreach (var row in Rows)
        {
            Line(row);
        }

        void Line(IReadOnlyList<string> cells) => output.WriteLine(
            (open + string.Join(between, cells.Select((cell, i) => i == 0 ? cell.PadRight(widths[0]) : cell.PadLeft(widths[i]))) + close).TrimEnd());
    }
}
