using System.Globalization;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Pages;

namespace Augur.Cli.Commands.Bench.Texts;

/// <summary>A bench of texts as one HTML file that needs nothing else: nothing is fetched.</summary>
internal sealed class TextBenchPage(
    BenchHeader header, IReadOnlyList<TextBenchRow> rows, IReadOnlyList<string> notes, IReadOnlyList<string> sentences)
{
    private const int StripsPerRow = 4;

    private const string Css = """
        .plot-mark { width: 14px; height: 14px; vertical-align: middle; }
        .strips { display: grid; grid-template-columns: minmax(8rem, 20rem) 1fr; gap: .6rem 1rem; align-items: center; font-size: .85rem; }
        .strips .strip { height: 9px; margin: 1px 0; }
        .strips > div { overflow-wrap: anywhere; }
        .given { opacity: .6; }
        """;

    private static readonly MetricStyle s_same = new("same tokens", "%", IsHigherBetter: true, "0.0");
    private static readonly MetricStyle s_perplexity = new("perplexity", "", IsHigherBetter: false, "0.00");

    public void Write(TextWriter writer)
    {
        writer.Write(PageParts.Head($"Augur: {header.Model}", 0, ParetoPlot.Css + "\n" + Css));
        writer.Write("<h1>Ways to write: speed and quality</h1>\n");
        Paragraphs(writer, sentences);
        var table = TextBenchTable.Of(rows);
        writer.Write(PageParts.Table(table with { Rows = [.. table.Rows.Select((row, i) => (string[])[$"{i}. {row[0]}", .. row[1..]])] }));
        Paragraphs(writer, [TextBenchTable.Explanation, .. notes]);
        Plots(writer);
        Texts(writer);
        Strips(writer);
        writer.Write("<h2>Each row again</h2>\n");
        foreach (var row in rows)
        {
            writer.Write($"<p><code>{PageParts.Text(header.Command(row.Policy))}</code></p>\n");
        }

        writer.Write(PageParts.Foot);
    }

    private void Plots(TextWriter writer)
    {
        writer.Write("<h2>Speed against quality</h2>\n<p>Numbers are the rows of the table; bars are 95 % intervals. Filled marks, joined by a "
            + "line, are what no other row beats in both; the dashed line is the uncached model with fewer steps.</p>\n");
        var marks = new PlotMarks(rows.Select(r => r.Policy));
        writer.Write(marks.Legend());
        foreach (var (metric, value) in new (MetricStyle, Func<TextBenchRow, MetricValue>)[]
        {
            (s_same, r => r.Agreement), (s_perplexity, r => r.Perplexity),
        })
        {
            writer.Write("<div class=\"plots\">\n");
            writer.Write(new ParetoPlot("times fewer FLOPs", metric, Points(r => r.FlopsSpeedup, value), marks).Svg());
            writer.Write(new ParetoPlot("times less processor time", metric, Points(r => r.ProcessorSpeedup, value), marks).Svg());
            writer.Write("</div>\n");
        }
    }

    private List<PlotPoint> Points(Func<TextBenchRow, double> speed, Func<TextBenchRow, MetricValue> quality) =>
        [.. rows.Select((row, i) => new PlotPoint(i, row.Policy, speed(row), quality(row)))];

    private void Texts(TextWriter writer)
    {
        writer.Write("<h2>Worst texts</h2>\n<p>Of each row the text with the fewest of the uncached run's tokens, behind the uncached run's.</p>\n");
        foreach (var row in rows.Where(r => !r.IsReference && r.Texts.Count > 0))
        {
            var (own, uncached) = row.Worst();
            var same = string.Create(CultureInfo.InvariantCulture, $"{row.WorstAgreement:0.0} % the same");
            writer.Write($"<section>\n<h3>{PageParts.Text(row.Policy)}</h3>\n<p>uncached: {Story(uncached)}</p>\n"
                + $"<p>{PageParts.Text(same)}: {Story(own)}</p>\n</section>\n");
        }
    }

    private static string Story(TextBenchChunk chunk) =>
        $"<span class=\"given\">{PageParts.Text(chunk.Prompt)}</span>{PageParts.Text(chunk.Text!.Text)}";

    private void Strips(TextWriter writer)
    {
        writer.Write("<h2>Network calls</h2>\n<p>In the order of the run; a line per text, the first ones of each row.</p>\n");
        writer.Write(PageParts.Legend(rows.SelectMany(r => r.Texts).SelectMany(c => c.Text!.Calls)));
        writer.Write("<div class=\"strips\">\n");
        foreach (var row in rows)
        {
            var strips = string.Concat(row.Texts.Take(StripsPerRow).Select(c => CallStrip.Svg(c.Text!.Calls)));
            writer.Write($"<div>{PageParts.Text(row.Policy)}</div><div>{strips}</div>\n");
        }

        writer.Write("</div>\n");
    }

    private static void Paragraphs(TextWriter writer, IEnumerable<string> paragraphs)
    {
        foreach (var paragraph in paragraphs)
        {
            writer.Write($"<p>{PageParts.Text(paragraph)}</p>\n");
        }
    }
}
