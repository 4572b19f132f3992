using System.Globalization;

namespace Augur.Cli.Commands;

/// <summary>A shape and a colour per caching method, told apart also by eyes that see fewer colours (after Okabe and Ito's palette).</summary>
internal static class PlotMarks
{
    /// <summary>The uncached model with fewer steps: grey, and joined by a line.</summary>
    public const string FewerSteps = "steps";

    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    // Around 0, about 5 to every side.
    private static readonly string[] s_shapes =
    [
        "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z", "M-4-4h8v8h-8z", "M0-5.5l5 9h-10z", "M0-6l5 6l-5 6l-5-6z", "M0 5.5l5-9h-10z",
    ];

    /// <summary>Filled marks are on the front.</summary>
    public static string Css { get; } = string.Join('\n', s_colours.Select((colour, i) => Rules($"k{i}", colour)).Append(Rules("ks", "var(--faint)")));

    /// <summary>The class that colours a point.</summary>
    public static string Class(IReadOnlyList<PlotPoint> points, PlotPoint point) =>
        point.Family == FewerSteps ? "ks" : string.Create(CultureInfo.InvariantCulture, $"k{Index(points, point) % s_colours.Length}");

    /// <summary>Its shape at a place.</summary>
    public static string Marker(IReadOnlyList<PlotPoint> points, PlotPoint point, double x, double y)
    {
        var shape = point.Family == FewerSteps ? s_shapes[0] : s_shapes[(Index(points, point) + 1) % s_shapes.Length];
        return string.Create(CultureInfo.InvariantCulture, $"<path class=\"mark\" transform=\"translate({x:0.#} {y:0.#})\" d=\"{shape}\"/>");
    }

    /// <summary>What the marks mean.</summary>
    public static string Legend(IReadOnlyList<PlotPoint> points)
    {
        var families = points.DistinctBy(p => p.Family).Select(p =>
            $"<span><svg class=\"plot-mark\" viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><g class=\"{Class(points, p)} best\">{Marker(points, p, 0, 0)}</g></svg> {PageParts.Text(p.Family == FewerSteps ? "fewer steps" : p.Family)}</span>");
        return $"<p class=\"legend\">{string.Concat(families)}</p>\n";
    }

    private static int Index(IReadOnlyList<PlotPoint> points, PlotPoint point) =>
        points.Select(p => p.Family).Where(f => f != FewerSteps).Distinct().Order(StringComparer.Ordinal).ToList().IndexOf(point.Family);

    private static string Rules(string name, string colour) => $$"""
        .{{name}} path { stroke: {{colour}}; stroke-width: 1.5; fill: var(--soft); }
        .{{name}}.best .mark { fill: {{colour}}; }
        """;
}
