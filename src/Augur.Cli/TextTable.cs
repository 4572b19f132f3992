using Spectre.Console;

namespace Augur.Cli;

/// <summary>A table for a terminal, a pipe, a document: the first column to the left, the others, numbers, to the right.</summary>
/// <param name="Titles">One per column.</param>
/// <param name="Rows">One text per column each.</param>
internal sealed record TextTable(IReadOnlyList<string> Titles, IReadOnlyList<string[]> Rows)
{
    /// <summary>As they can be printed, whatever names are in them.</summary>
    public IReadOnlyList<string[]> Rows { get; init => field = Escape(value); } = Escape(Rows);

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

    private static string[][] Escape(IReadOnlyList<string[]> rows) => [.. rows.Select(row => Array.ConvertAll(row, Printable.Line))];

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
