using System.Globalization;
using System.Net;
using System.Text;
using Augur.Metrics;

namespace Augur.Cli.Commands;

/// <summary>Audits as one HTML file that needs nothing else.</summary>
internal static class AuditPage
{
    public static void Write(Stream stream, GenerationParameters parameters, IReadOnlyList<(string Policy, AuditSummary Audit)> audits)
    {
        var html = new StringBuilder($"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Text($"Augur: audit of {parameters.Policy}")}</title>
            <style>
            {PageStyle.Css}
            {CallColours.Css}
            {AuditChart.Css}
            </style>
            </head>
            <body>
            <main>
            <h1>How honest is the verifier?</h1>
            <p>{Text($"{parameters.InWords()}. Augur {parameters.Version}.")}</p>

            """);
        foreach (var (policy, audit) in audits)
        {
            WriteSection(html, policy, audit);
        }

        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        writer.Write(html.Append("</main>\n</body>\n</html>\n"));
    }

    /// <summary>One method's sentences and plots.</summary>
    public static void WriteSection(StringBuilder html, string policy, AuditSummary audit)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{Text($"Audit of {policy}")}</h2>\n");
        html.AppendJoin("", AuditText.Of(policy, audit).Split('\n').Select(line => $"<p>{Text(line)}</p>\n"));
        if (AuditChart.Calibration(audit) is { } calibration)
        {
            html.Append(calibration).Append(CultureInfo.InvariantCulture, $"""
                <p class="legend">A dot is a draft that was kept, a ring one that was rejected; colours from noise {AuditChart.Swatches} to image.
                Dashed: both errors equal. Orange: medians of groups of neighbours.{Thinning(audit.Comparable)}</p>

                """);
        }

        if (AuditChart.AlongTheRun(audit) is { } along)
        {
            var swatches = audit.MedianTrueErrors.Select(m => $"<span>{CallStrip.Swatch(m.Mark)} {Text(m.Mark.Word)}</span>");
            html.Append(along).Append(CultureInfo.InvariantCulture, $"<p class=\"legend\">{string.Concat(swatches)}{Thinning(audit.Points.Count)}</p>\n");
        }

        html.Append("</section>\n");
    }

    private static string Thinning(int points) => AuditChart.Thinning(points) is > 1 and var step ? $" One of {step} calls is drawn." : "";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
