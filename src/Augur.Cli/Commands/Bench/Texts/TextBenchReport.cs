using System.Globalization;
using System.Text.Json;
using Augur.Tensors.Files;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>What <c>augur bench --json</c> prints of texts: what was written and on what, where the files are, and a row for each way.</summary>
internal sealed record TextBenchOutput(
    BenchHeader Run, string Table, string Csv, string Page, IReadOnlyList<TextBenchRowOutput> Rows, IReadOnlyList<string> Notes);

/// <summary>One way to write; calls are means per text.</summary>
internal sealed record TextBenchRowOutput(
    string Policy, int Texts, double Calls, double CallsComputed, double CallsPartial, double CallsRejected, double FlopsSpeedup, double TimeSpeedup,
    double ProcessorSpeedup, double TokensPerSecond, MetricValue SamePercent, double WorstSamePercent, MetricValue Perplexity, long PeakCacheBytes,
    string Command);

/// <summary>Table and page of what has been measured of texts in a folder.</summary>
internal sealed class TextBenchReport(TextBenchResults results)
{
    private readonly IReadOnlyList<TextBenchRow> _rows = results.Rows() is { Count: > 0 } rows ? rows
        : throw CommandException.Failed($"{results.Folder.Path} has no measurements yet.");

    /// <summary>Writes the files, and the table or a JSON report for the reader.</summary>
    public void Write(TextWriter output, bool json)
    {
        var (table, folder) = (TextBenchTable.Of(_rows), results.Folder);
        AtomicFile.WriteText(folder.Table, writer => WriteMarkdown(writer, table));
        AtomicFile.WriteText(folder.Csv, table.WriteCsv);
        AtomicFile.WriteText(folder.Page, new TextBenchPage(results.Header, _rows, Notes, Sentences).Write);
        if (json)
        {
            var report = new TextBenchOutput(results.Header, folder.Table, folder.Csv, folder.Page, [.. _rows.Select(RowOutput)], Notes);
            output.WriteLine(JsonSerializer.Serialize(report, CliJson.Indented.TextBenchOutput));
            return;
        }

        table.Write(output);
        foreach (var paragraph in Notes.Prepend(TextBenchTable.Explanation))
        {
            Terminal.WriteText(output, paragraph);
        }

        Terminal.WriteText(output, $"{folder.Table}: the table, with the command that measures each row again. {folder.Csv}: the same as CSV. "
            + $"{folder.Page}: the page.");
    }

    private List<string> Notes =>
    [
        .. _rows.SelectMany(r => r.Notes.Select(note => $"Note on {r.Policy}: {note}.")),
        .. _rows.Where(r => r.Texts.Count < results.Header.Count)
            .Select(r => $"Note on {r.Policy}: {r.Texts.Count} of {results.Header.Count} texts so far."),
    ];

    private List<string> Sentences
    {
        get
        {
            var h = results.Header;
            double[] loads = [.. results.Chunks.Select(c => c.Load).OfType<double>()];
            var load = loads.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; load average {loads.Min():0.0} to {loads.Max():0.0}");
            var begun = h.Beginning is { } tokens
                ? string.Create(CultureInfo.InvariantCulture, $"behind beginnings of {tokens} tokens that it wrote itself, seeds from {h.Seed}")
                : "behind the prompts that were given";
            return
            [
                string.Create(CultureInfo.InvariantCulture, $"{h.Count} texts of {h.Length} tokens by {h.Model} ({h.ModelHash}), {begun}; sampler "
                    + $"{h.Sampler}, {h.Steps} steps, guidance {h.Guidance}, one text after the other."),
                string.Create(
                    CultureInfo.InvariantCulture, $"Augur {h.Version}; {h.Machine}; {h.Runtime}; begun {h.Date:yyyy-MM-dd HH:mm} UTC{load}."),
            ];
        }
    }

    private TextBenchRowOutput RowOutput(TextBenchRow row) => new(
        row.Policy, row.Texts.Count, row.Calls, row.CallsPerText("CR"), row.CallsPerText("pdat"), row.CallsPerText("R"), row.FlopsSpeedup,
        row.TimeSpeedup, row.ProcessorSpeedup, row.TokensPerSecond, row.Agreement, row.WorstAgreement, row.Perplexity, row.PeakCacheBytes,
        results.Header.Command(row.Policy));

    private void WriteMarkdown(TextWriter writer, TextTable table)
    {
        writer.WriteLine($"# Ways to write with {results.Header.Model}\n");
        table.WriteMarkdown(writer);
        foreach (var paragraph in Sentences.Prepend(TextBenchTable.Explanation).Concat(Notes))
        {
            writer.WriteLine($"\n{paragraph}");
        }

        writer.WriteLine("\n## Each row again\n");
        foreach (var row in _rows)
        {
            writer.WriteLine($"    {results.Header.Command(row.Policy)}");
        }
    }
}
