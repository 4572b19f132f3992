using System.Globalization;
using System.Net;
using System.Text;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Cli.Commands;

/// <summary>A comparison as one HTML file that needs nothing else: no script, nothing fetched.</summary>
internal sealed class ComparePage(
    IReadOnlyList<CompareResult> results, GenerationParameters parameters, string commandLine, string machine, int rounds, int enlargement)
{
    private const int Amplification = 8;
    private readonly StringBuilder _html = new();

    public void Write(Stream stream)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        Open();
        Table();
        Audits();
        Legend();
        writer.Write(_html);
        for (var sample = 0; sample < parameters.Pictures.Count; sample++)
        {
            _html.Clear(); // pictures are many; no more than one sample's are held as text
            Sample(sample);
            writer.Write(_html);
        }

        writer.Write("</main>\n</body>\n</html>\n");
    }

    private void Open()
    {
        var title = $"Augur: {parameters.Policy}";
        var pictureWidth = $"figure {{ width: max({results[0].Results[0].Image.Width * enlargement}px, 8rem); }}";
        _html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title>
            <style>
            {ComparePageStyle.Css}
            {CallColours.Css}
            {pictureWidth}
            {AuditChart.Css}
            </style>
            </head>
            <body>
            <main>
            <h1>Comparison of caching methods</h1>
            <p>{Text($"{parameters.InWords()}; {rounds} {(rounds == 1 ? "round" : "rounds")}.")}</p>
            <p><code>{Text(commandLine)}</code></p>
            <p>{Text($"Augur {parameters.Version}; {machine}")}</p>

            """);
    }

    private void Table()
    {
        var table = new CompareTable(results);
        _html.Append("<div class=\"wide\"><table>\n<thead><tr>").AppendJoin("", CompareTable.Titles.Select(t => $"<th scope=\"col\">{Text(t)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            _html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(row[0])}</th>{string.Concat(row[1..].Select(cell => $"<td>{Text(cell)}</td>"))}</tr>\n");
        }

        _html.Append(CultureInfo.InvariantCulture, $"</tbody>\n</table></div>\n<p>{Text(CompareTable.Explanation)}</p>\n");
        foreach (var (name, note) in results.SelectMany(r => r.Summary.Notes.Select(note => (r.Name, note))))
        {
            _html.Append(CultureInfo.InvariantCulture, $"<p>{Text($"Note on {name}: {note}.")}</p>\n");
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
            .Append(CultureInfo.InvariantCulture, $"|a − b| amplified {Amplification} times, and its network calls from noise to image.</p>\n<p class=\"legend\">");
        var shown = results.SelectMany(r => r.Results).SelectMany(r => r.Report.Marks).ToHashSet();
        foreach (var mark in CallMark.All.Where(shown.Contains))
        {
            _html.Append(CultureInfo.InvariantCulture, $"<span>{CompareStrip.Swatch(mark)} {Text(mark.Word)}</span>");
        }

        _html.Append("</p>\n");
    }

    private void Sample(int index)
    {
        var picture = parameters.Pictures[index];
        var name = picture.Name ?? $"class {picture.Class}";
        _html.Append(CultureInfo.InvariantCulture, $"<section>\n<h3>{Text($"{index}: {name}, seed {picture.Seed}")}</h3>\n<div class=\"row\">\n");
        var reference = results[0].Results[index].Image;
        foreach (var result in results)
        {
            var (image, difference) = (result.Results[index].Image, result.Differences[index]);
            var map = PixelError.Map(image, reference, Amplification);
            var quality = result == results[0] ? "reference"
                : string.Create(CultureInfo.InvariantCulture, $"{(double.IsInfinity(difference.Psnr) ? "identical" : $"{difference.Psnr:0.0} dB")}, SSIM {difference.Ssim:0.000}");
            _html.Append(CultureInfo.InvariantCulture, $"""
                <figure>
                <img src="{DataUri(image)}" alt="{Text($"{name}, {result.Name}")}">
                <img src="{DataUri(map)}" alt="{Text($"difference of {result.Name}")}">
                {CompareStrip.Svg(result.Results[index].Report)}
                <figcaption><b>{Text(result.Name)}</b><br>{Text(quality)}</figcaption>
                </figure>

                """);
        }

        _html.Append("</div>\n</section>\n");
    }

    private static string DataUri(RgbImage image)
    {
        using var stream = new MemoryStream();
        Png.Write(stream, image);
        return $"data:image/png;base64,{Convert.ToBase64String(stream.GetBuffer(), 0, (int)stream.Length)}";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
