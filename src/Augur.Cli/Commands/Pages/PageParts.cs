using System.Globalization;
using System.Net;
using System.Text;
using Augur.Cli.Commands.Generate;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Pages;

/// <summary>What every page is made of. Pages stand alone: nothing is fetched.</summary>
internal static class PageParts
{
    /// <summary>Factor on differences, so that they can be seen.</summary>
    public const int Amplification = 8;

    /// <summary>Closes what <see cref="Head"/> opens.</summary>
    public const string Foot = "</main>\n</body>\n</html>\n";

    /// <summary>From the document's beginning to where its content begins.</summary>
    /// <param name="title">Not escaped yet.</param>
    /// <param name="pictureWidth">Of a shown picture, in pixels.</param>
    /// <param name="css">Rules of this page alone.</param>
    public static string Head(string title, int pictureWidth, string css = "")
    {
        var figure = string.Create(CultureInfo.InvariantCulture, $"figure {{ width: max({pictureWidth}px, 8rem); }}");
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text(title)}</title>
            <style>
            {PageStyle.Css}
            {CallColours.Css}
            {figure}
            {css}
            </style>
            </head>
            <body>
            <main>

            """;
    }

    public static string Table(TextTable table)
    {
        var html = new StringBuilder("<p class=\"hint\">A click on a title sorts by it.<span> The table goes on to the right: scroll "
            + "sideways.</span></p>\n<div class=\"wide\" tabindex=\"0\"><table>\n<thead><tr>");
        html.AppendJoin("", table.Titles.Select(t => $"<th scope=\"col\">{Text(t)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows)
        {
            var cells = string.Concat(row[1..].Select(cell => $"<td>{Text(cell)}</td>"));
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Text(row[0])}</th>{cells}</tr>\n");
        }

        return html.Append("</tbody>\n</table></div>\n").Append(TableSorting.Script).ToString();
    }

    /// <summary>The colours of those kinds of call that are shown.</summary>
    /// <param name="letters">A <see cref="CallMark.Letter"/> of each.</param>
    public static string Legend(IEnumerable<char> letters)
    {
        var shown = letters.ToHashSet();
        var marks = CallMark.All.Where(m => shown.Contains(m.Letter)).Select(m => $"<span>{CallStrip.Swatch(m)} {Text(m.Word)}</span>");
        return $"<p class=\"legend\">{string.Concat(marks)}</p>\n";
    }

    /// <summary>A picture, and what it is.</summary>
    /// <inheritdoc cref="Figure(RgbImage, RgbImage, string, string, string, string)"/>
    public static string Figure(RgbImage image, string alternative, string title, string quality) => $"""
        <figure>
        <img src="{DataUri(image)}" alt="{Text(alternative)}">
        <figcaption><b>{Text(title)}</b><br>{Text(quality)}</figcaption>
        </figure>

        """;

    /// <summary>A picture, its amplified difference from the reference, its calls, and what it is.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="reference">Of the same size.</param>
    /// <param name="strip">A <see cref="CallStrip"/>.</param>
    /// <param name="alternative">Said where the picture cannot be seen; not escaped yet.</param>
    /// <param name="title">Not escaped yet.</param>
    /// <param name="quality">How near it is to the reference; not escaped yet.</param>
    public static string Figure(RgbImage image, RgbImage reference, string strip, string alternative, string title, string quality) => $"""
        <figure>
        <img src="{DataUri(image)}" alt="{Text(alternative)}">
        <img src="{DataUri(PixelError.Map(image, reference, Amplification))}" alt="{Text($"difference of {alternative}")}">
        {strip}
        <figcaption><b>{Text(title)}</b><br>{Text(quality)}</figcaption>
        </figure>

        """;

    private static string DataUri(RgbImage image)
    {
        using var stream = new MemoryStream();
        Png.Write(stream, image);
        return $"data:image/png;base64,{Convert.ToBase64String(stream.GetBuffer(), 0, (int)stream.Length)}";
    }

    public static string Text(string text) => WebUtility.HtmlEncode(Printable.Line(text));
}
