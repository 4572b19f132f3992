using System.Globalization;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Pages;

namespace Augur.Cli.Commands.Bench;

/// <summary>A bench as one HTML file that needs nothing else: nothing is fetched.</summary>
internal sealed class BenchPage(BenchHeader header, IReadOnlyList<BenchRow> rows, IReadOnlyList<string> notes, IReadOnlyList<string> sentences)
{
    private const int StripsPerRow = 8;
    private const int PairsPerRow = 3;

    private const string Css = """
        .plot-mark { width: 14px; height: 14px; vertical-align: middle; }
        .strips { display: grid; grid-template-columns: minmax(8rem, 20rem) 1fr; gap: .6rem 1rem; align-items: center; font-size: .85rem; }
        .strips .strip { height: 9px; margin: 1px 0; }
        .strips > div { overflow-wrap: anywhere; }
        """;

    public void Write(TextWriter writer)
    {
        writer.Write(PageParts.Head($"Augur: {header.Model}", rows[0].Image(rows[0].Pictures[0].Index).Width * header.Enlargement,
            ParetoPlot.Css + "\n" + Css));
        writer.Write("<h1>Caching methods: speed and quality</h1>\n");
        Paragraphs(writer, sentences);
        var table = BenchTable.Of(rows);
        writer.Write(PageParts.Table(table with { Rows = [.. table.Rows.Select((row, i) => (string[])[$"{i}. {row[0]}", .. row[1..]])] }));
        Paragraphs(writer, [BenchTable.Explanation, .. notes]);
        WorstPairs(writer);
        Plots(writer);
        Strips(writer);
        Commands(writer);
        writer.Write(PageParts.Foot);
    }

    private void Plots(TextWriter writer)
    {
        var metrics = BenchMetric.Present(rows);
        writer.Write("<h2>Speed against quality</h2>\n<p>Numbers are the rows of the table; bars are 95 % intervals. Filled marks, joined by a "
            + "line, are what no other row beats in both; the dashed line is the uncached model with fewer steps. The uncached run itself, "
            + "identical by definition, is left out where pictures are compared with it.</p>\n");
        var marks = new PlotMarks(rows.Where(r => !r.IsReference || !metrics.All(m => m.IsPaired)).Select(r => r.Policy));
        writer.Write(marks.Legend());
        foreach (var metric in metrics)
        {
            writer.Write("<div class=\"plots\">\n");
            writer.Write(new ParetoPlot("times fewer FLOPs", metric, Points(rows, metric, r => r.FlopsSpeedup), marks).Svg());
            writer.Write(new ParetoPlot("times less time", metric, Points(rows, metric, r => r.TimeSpeedup), marks).Svg());
            writer.Write("</div>\n");
        }
    }

    private void Strips(TextWriter writer)
    {
        var letters = rows.SelectMany(r => r.Pictures).SelectMany(p => p.Calls).ToHashSet();
        writer.Write("<h2>Network calls</h2>\n<p>From noise to image; a line per picture, the first ones of each row.</p>\n");
        writer.Write(PageParts.Legend(letters));
        writer.Write("<div class=\"strips\">\n");
        foreach (var row in rows)
        {
            var strips = string.Concat(row.Pictures.Take(StripsPerRow).Select(p => CallStrip.Svg(p.Calls)));
            writer.Write($"<div>{PageParts.Text(row.Policy)}</div><div>{strips}</div>\n");
        }

        writer.Write("</div>\n");
    }

    private void WorstPairs(TextWriter writer)
    {
        writer.Write(string.Create(CultureInfo.InvariantCulture, $"<h2>Worst pairs</h2>\n<p>Of each row the pictures with the lowest PSNR: first "
            + $"the uncached picture, then the row's, below it the difference |a − b| amplified {PageParts.Amplification} times and the "
            + $"calls.</p>\n"));
        foreach (var row in rows.Where(r => !r.IsReference))
        {
            writer.Write($"<section>\n<h3>{PageParts.Text(row.Policy)}</h3>\n<div class=\"row\">\n");
            foreach (var picture in row.Pictures.OrderBy(p => p.Psnr).ThenBy(p => p.Index).Take(PairsPerRow))
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{picture.Index}: {picture.Name ?? $"class {picture.Class}"}, seed "
                    + $"{picture.Seed}");
                var quality = double.IsInfinity(picture.Psnr) ? "identical" : string.Create(CultureInfo.InvariantCulture, $"{picture.Psnr:0.0} dB, "
                    + $"SSIM {picture.Ssim:0.000}");
                var reference = row.ReferenceImage(picture.Index);
                writer.Write(PageParts.Figure(reference, $"{name}, uncached", name, "uncached"));
                writer.Write(PageParts.Figure(row.Image(picture.Index), reference, CallStrip.Svg(picture.Calls), $"{name}, {row.Policy}", name,
                    quality));
            }

            writer.Write("</div>\n</section>\n");
        }
    }

    private void Commands(TextWriter writer)
    {
        writer.Write("<h2>Each row again</h2>\n");
        foreach (var row in rows)
        {
            writer.Write($"<p><code>{PageParts.Text(header.Command(row.Policy))}</code></p>\n");
        }
    }

    private static List<PlotPoint> Points(IReadOnlyList<BenchRow> rows, BenchMetric metric, Func<BenchRow, double> speed) =>
        [.. rows.Select((row, i) => (row, i)).Where(p => !metric.IsPaired || !p.row.IsReference)
            .Select(p => new PlotPoint(p.i, p.row.Policy, speed(p.row), p.row.ValueOf(metric)))];

    private static void Paragraphs(TextWriter writer, IEnumerable<string> paragraphs)
    {
        foreach (var paragraph in paragraphs)
        {
            writer.Write($"<p>{PageParts.Text(paragraph)}</p>\n");
        }
    }
}
