using Augur.Decoding;
using Spectre.Console;

namespace Augur.Cli;

/// <summary>A table for a terminal, a pipe, a document: the first column to the left, the others, numbers, to the right.</summary>
/// <param name="Titles">One per column.</param>
/// <param name="Rows">One text per column each.</param>
internal sealed record TextTable(IReadOnlyList<string> Titles, IReadOnlyList<string[]> Rows)
{
    private const int LongestName = 12;

    /// <summary>As they can be printed, whatever names are in them.</summary>
    public IReadOnlyList<string[]> Rows { get; init => field = Escape(value); } = Escape(Rows);

    /// <summary>
    /// Writes it within the width there is: rows with long names get letters, with the names below, and columns that do not fit beside the others
    /// stand
    /// below them, each part with the names again.
    /// </summary>
    public void Write(TextWriter output)
    {
        var console = Terminal.On(output);
        var width = Terminal.Width(output);
        var gap = console is null ? 2 : 3; // between columns: spaces, or a border with its padding
        var fits = WidthWith(gap) <= width;
        var isLettered = !fits && Rows.Any(row => row[0].Length > LongestName);
        var table = isLettered ? this with { Rows = [.. Rows.Select((row, i) => (string[])[SheetLabels.Of(i), .. row[1..]])] } : this;
        foreach (var (part, i) in table.Parts(width, gap).Select((part, i) => (part, i)))
        {
            if (i > 0)
            {
                output.WriteLine();
            }

            if (console is null)
            {
                part.WriteLines(output, "", "  ", "");
            }
            else
            {
                console.Write(part.Bordered());
            }
        }

        for (var i = 0; isLettered && i < Rows.Count; i++)
        {
            output.WriteLine($"{SheetLabels.Of(i)}  {Rows[i][0]}");
        }
    }

    /// <summary>Comma-separated values (RFC 4180).</summary>
    public void WriteCsv(TextWriter output)
    {
        foreach (var row in Rows.Prepend([.. Titles]))
        {
            output.WriteLine(string.Join(',', row.Select(cell =>
                cell.IndexOfAny([',', '"', '\n', '\r']) < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")));
        }
    }

    private int[] Widths => [.. Titles.Select((title, i) => Rows.Select(r => r[i].Length).Append(title.Length).Max())];

    private int WidthWith(int gap) => Widths.Sum(w => w + gap);

    // Whole columns, as many as fit, each part with the first.
    private IEnumerable<TextTable> Parts(int width, int gap)
    {
        var widths = Widths;
        for (var next = 1; next < Titles.Count;)
        {
            List<int> columns = [0];
            var taken = widths[0] + gap + 1;
            while (next < Titles.Count && (columns.Count == 1 || taken + widths[next] + gap <= width))
            {
                taken += widths[next] + gap;
                columns.Add(next++);
            }

            yield return new([.. columns.Select(c => Titles[c])], [.. Rows.Select(row => columns.Select(c => row[c]).ToArray())]);
        }
    }

    private Table Bordered()
    {
        var table = new Table().RoundedBorder();
        foreach (var (title, index) in Titles.Select((title, index) => (title, index)))
        {
            table.AddColumn(new TableColumn(Markup.Escape(title))
            {
                Alignment = index == 0 ? Justify.Left : Justify.Right,
                Padding = new Padding(0, 0, 1, 0)
            });
        }

        foreach (var row in Rows)
        {
            table.AddRow([.. row.Select(Markup.Escape)]);
        }

        return table;
    }

    public void WriteMarkdown(TextWriter output) => WriteLines(output, "| ", " | ", " |", ruled: true);

    private static string[][] Escape(IReadOnlyList<string[]> rows) => [.. rows.Select(row => Array.ConvertAll(row, Printable.Line))];

    private void WriteLines(TextWriter output, string open, string between, string close, bool ruled = false)
    {
        var widths = Widths;
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
