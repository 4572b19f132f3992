using System.Globalization;
using System.Text;
using Augur.Cli.Commands.Audit;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Pages;

namespace Augur.Cli.Commands.Compare;

/// <summary>A comparison as one HTML file that needs nothing else: nothing is fetched.</summary>
internal sealed class ComparePage(
    IReadOnlyList<CompareResult> results, GenerationParameters parameters, string commandLine, string machine, int rounds, int enlargement)
{
    private readonly StringBuilder _html = new();

    public void Write(TextWriter writer)
    {
        Open();
        Table();
        Legend();
        writer.Write(_html);
        for (var sample = 0; sample < parameters.Pictures.Count; sample++)
        {
            _html.Clear(); // pictures are many; no more than one sample's are held as text
            Sample(sample);
            writer.Write(_html);
        }

        _html.Clear();
        Audits();
        writer.Write(_html);
        writer.Write(PageParts.Foot);
    }

    private void Open()
    {
        _html.Append(PageParts.Head($"Augur: {parameters.Policy}", results[0].Results[0].Image.Width * enlargement, AuditChart.Css))
            .Append(CultureInfo.InvariantCulture, $"""
            <h1>Comparison of caching methods</h1>
            <p>{PageParts.Text($"{parameters.InWords()}; {rounds} {(rounds == 1 ? "round" : "rounds")}.")}</p>
            <p><code>{PageParts.Text(commandLine)}</code></p>
            <p>{PageParts.Text($"Augur {parameters.Version}; {machine}")}</p>

            """);
    }

    private void Table()
    {
        _html.Append(PageParts.Table(new CompareTable(results).Text))
            .Append(CultureInfo.InvariantCulture, $"<p>{PageParts.Text(CompareTable.Explanation)}</p>\n");
        foreach (var (name, note) in results.SelectMany(r => r.Notes.Select(note => (r.Name, note))))
        {
            _html.Append(CultureInfo.InvariantCulture, $"<p>{PageParts.Text($"Note on {name}: {note}.")}</p>\n");
        }
    }

    private void Audits()
    {
        foreach (var result in results.Where(r => r.Audit is not null))
        {
            AuditPage.WriteSection(_html, result.Name, result.Audit!);
        }
    }

    private void Legend()
    {
        _html.Append("<h2>Pictures</h2>\n<p>Below each picture its difference from the first, ")
            .Append(CultureInfo.InvariantCulture, $"|a − b| amplified {PageParts.Amplification} times, and its network calls from noise to "
                + $"image.</p>\n")
            .Append(PageParts.Legend(results.SelectMany(r => r.Results).SelectMany(r => r.Report.Marks).Select(m => m.Letter)));
    }

    private void Sample(int index)
    {
        var picture = parameters.Pictures[index];
        var name = picture.Name ?? $"class {picture.Class}";
        _html.Append(CultureInfo.InvariantCulture, $"<section>\n<h3>{PageParts.Text($"{index}: {name}, seed {picture.Seed}")}</h3>\n<div "
            + $"class=\"row\">\n");
        var reference = results[0].Results[index].Image;
        foreach (var result in results)
        {
            var difference = result.Differences[index];
            var quality = result == results[0] ? "reference"
                : string.Create(CultureInfo.InvariantCulture, $"{(double.IsInfinity(difference.Psnr) ? "identical" : $"{difference.Psnr:0.0} dB")}, "
                    + $"SSIM {difference.Ssim:0.000}");
            var drawn = result.Results[index];
            _html.Append(PageParts.Figure(drawn.Image, reference, CallStrip.Svg(drawn.Report), $"{name}, {result.Name}", result.Name, quality));
        }

        _html.Append("</div>\n</section>\n");
    }
}
