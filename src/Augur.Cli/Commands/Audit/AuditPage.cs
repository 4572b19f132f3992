using System.Globalization;
using System.Text;
using Augur.Cli.Commands.Generate;
using Augur.Cli.Commands.Pages;
using Augur.Metrics;

namespace Augur.Cli.Commands.Audit;

/// <summary>Audits as one HTML file that needs nothing else.</summary>
internal static class AuditPage
{
    public static void Write(TextWriter writer, GenerationParameters parameters, IReadOnlyList<(string Policy, AuditSummary Audit)> audits)
    {
        var html = new StringBuilder(PageParts.Head($"Augur: audit of {parameters.Policy}", pictureWidth: 0, AuditChart.Css)).Append($"""
            <h1>How honest is the verifier?</h1>
            <p>{PageParts.Text($"{parameters.InWords()}. Augur {parameters.Version}.")}</p>

            """);
        foreach (var (policy, audit) in audits)
        {
            WriteSection(html, policy, audit);
        }

        writer.Write(html.Append(PageParts.Foot));
    }

    /// <summary>One method's sentences and plots.</summary>
    public static void WriteSection(StringBuilder html, string policy, AuditSummary audit)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section>\n<h2>{PageParts.Text($"Audit of {policy}")}</h2>\n");
        html.AppendJoin("", AuditText.Of(policy, audit).Split('\n').Select(line => $"<p>{PageParts.Text(line)}</p>\n"));
        if (AuditChart.Calibration(audit) is { } calibration)
        {
            html.Append(calibration).Append(CultureInfo.InvariantCulture, $"""
                <p class="legend">A dot is a draft that was kept, a ring one that was rejected; colours from noise {AuditChart.Swatches} to image.
                Dashed: both errors equal. Orange: medians of groups of neighbours.{Thinning(audit.Comparable)}</p>

                """);
        }

        if (AuditChart.AlongTheRun(audit) is { } along)
        {
            var swatches = audit.MedianTrueErrors.Select(m => $"<span>{CallStrip.Swatch(m.Mark)} {PageParts.Text(m.Mark.Word)}</span>");
            html.Append(along).Append(CultureInfo.InvariantCulture,
                $"<p class=\"legend\">{string.Concat(swatches)}{Thinning(audit.Points.Count)}</p>\n");
        }

        html.Append("</section>\n");
    }

    private static string Thinning(int points) => AuditChart.Thinning(points) is > 1 and var step ? $" One of {step} calls is drawn." : "";
}
