using System.Globalization;
using System.Text;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Generate;

/// <summary>A sample's calls as an inline drawing: a bar per call, tall where the network ran.</summary>
internal static class CallStrip
{
    private const int Height = 20;

    /// <summary>One bar, for a legend.</summary>
    public static string Swatch(CallMark mark) => $"<svg class=\"swatch\" viewBox=\"0 0 10 {Height}\" "
        + $"aria-hidden=\"true\">{Bar(mark, 0, 10, null)}</svg>";

    /// <summary>All calls, from noise to image; each says its outcome, and its error where it was verified.</summary>
    public static string Svg(GenerationReport report) => Svg(report.Marks, i => report.Calls[i].Error is { } error
        ? string.Create(CultureInfo.InvariantCulture, $", error {error:0.####} against {report.Calls[i].Threshold:0.####}") : "");

    /// <summary>All calls, from noise to image, from the letters of a report.</summary>
    public static string Svg(string letters) => Svg([.. letters.Select(letter => CallMark.All.First(m => m.Letter == letter))], _ => "");

    private static string Svg(IReadOnlyList<CallMark> marks, Func<int, string> verdict)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"strip\" viewBox=\"0 0 {marks.Count} {Height}\" preserveAspectRatio=\"none\" "
            + $"role=\"img\" aria-label=\"{string.Concat(marks.Select(m => m.Letter))}\">");
        for (var i = 0; i < marks.Count; i++)
        {
            svg.Append(Bar(marks[i], i, 1, $"call {i}: {marks[i].Word}{verdict(i)}"));
        }

        return svg.Append("</svg>").ToString();
    }

    // Heights tell the kinds apart where colours do not.
    private static string Bar(CallMark mark, int x, int width, string? title)
    {
        var height = mark.Letter switch
        {
            'C' or 'R' => Height,
            't' or 'p' => Height * 3 / 4,
            'a' => Height / 2,
            _ => Height / 4,
        };
        return string.Create(CultureInfo.InvariantCulture, $"<rect class=\"{mark.Letter}\" x=\"{x}\" y=\"{Height - height}\" width=\"{width}\" "
            + $"height=\"{height}\">{(title is null ? "" : $"<title>{title}</title>")}</rect>");
    }
}
