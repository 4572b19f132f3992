using System.Globalization;
using System.Text.Json;
using Augur.Tensors.Files;

namespace Augur.Cli.Commands.Bench;

/// <summary>Table and page of what has been measured in a folder.</summary>
internal sealed class BenchReport(BenchResults results, BenchFeatures features)
{
    private readonly IReadOnlyList<BenchRow> _rows = results.Rows(features) is { Count: > 0 } rows ? rows
        : throw CommandException.Failed($"{results.Folder.Path} has no measurements yet.");

    /// <summary>Writes the files, and the table or a JSON report for the reader.</summary>
    public void Write(TextWriter output, bool json)
    {
        var table = BenchTable.Of(_rows);
        AtomicFile.WriteText(results.Folder.Table, writer => WriteMarkdown(writer, table));
        AtomicFile.WriteText(results.Folder.Csv, table.WriteCsv);
        AtomicFile.WriteText(results.Folder.Page, new BenchPage(results.Header, _rows, Notes, Sentences).Write);
        if (json)
        {
            var metrics = BenchMetric.Present(_rows);
            var report = new BenchOutput(
                results.Header, results.Folder.Table, results.Folder.Csv, results.Folder.Page,
                [.. _rows.Select(row => BenchRowOutput.Of(row, metrics, results.Header.Command(row.Policy)))], Notes);
            output.WriteLine(JsonSerializer.Serialize(report, CliJson.Indented.BenchOutput));
            return;
        }

        table.Write(output);
        Terminal.WriteText(output, BenchTable.Explanation);
        foreach (var note in Notes)
        {
            Terminal.WriteText(output, note);
        }

        Terminal.WriteText(output, $"{results.Folder.Table}: the table, with the command that measures each row again. {results.Folder.Csv}: the "
            + $"same as CSV. {results.Folder.Page}: the page.");
    }

    private List<string> Notes =>
    [
        .. _rows.SelectMany(r => r.Notes.Select(note => $"Note on {r.Policy}: {note}.")),
        .. _rows.Where(r => r.Pictures.Count < results.Header.Count).Select(r => $"Note on {r.Policy}: {r.Pictures.Count} of {results.Header.Count} "
            + $"pictures so far."),
    ];

    // What was drawn, and on what.
    private List<string> Sentences
    {
        get
        {
            var h = results.Header;
            double[] loads = [.. _rows.SelectMany(r => r.Loads)];
            var load = loads.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; load average {loads.Min():0.0} to {loads.Max():0.0}");
            return
            [
                string.Create(CultureInfo.InvariantCulture, $"{h.Count} pictures of {h.Model} ({h.ModelHash}), seeds {h.Seed} to "
                    + $"{unchecked(h.Seed + h.Count - 1)}, sampler {h.Sampler}, {h.Steps} steps, guidance {h.Guidance} ({h.GuidanceChannels})"
                    + $"{(h.GuidanceInterval is { } interval ? $" in {interval} of the run" : "")}, "
                    + $"noise {h.Noise}, in batches of {h.Batch}."),
                string.Create(CultureInfo.InvariantCulture, $"Augur {h.Version}; {h.Machine}; {h.Runtime}; begun {h.Date:yyyy-MM-dd HH:mm} "
                    + $"UTC{load}."),
            ];
        }
    }

    private void WriteMarkdown(TextWriter writer, TextTable table)
    {
        writer.WriteLine($"# Caching methods on {results.Header.Model}\n");
        table.WriteMarkdown(writer);
        foreach (var paragraph in Sentences.Prepend(BenchTable.Explanation).Concat(Notes))
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
