using System.Globalization;

namespace Augur.Cli.Commands.Pages;

/// <summary>A shape and a colour per caching method, told apart also by eyes that see fewer colours (after Okabe and Ito's palette).</summary>
/// <param name="names">Of the rows of all plots of a page, so that a method looks the same in each.</param>
internal sealed class PlotMarks(IEnumerable<string> names)
{
    /// <summary>The uncached model with fewer steps: grey, and joined by a line.</summary>
    public const string FewerSteps = "steps";

    private static readonly string[] s_colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

    // Around 0, about 5 to every side.
    private static readonly string[] s_shapes =
    [
        "M-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0z", "M-4-4h8v8h-8z", "M0-5.5l5 9h-10z", "M0-6l5 6l-5 6l-5-6z", "M0 5.5l5-9h-10z",
    ];

    // Fewer steps last, so that they take no colour from a method.
    private readonly List<string> _families = [.. names.Select(Family).Distinct().OrderBy(f => f == FewerSteps)
        .ThenBy(f => f, StringComparer.Ordinal)];

    /// <summary>Filled marks are on the front.</summary>
    public static string Css { get; } = string.Join('\n', s_colours.Select((colour, i) => Rules($"k{i}", colour))
        .Append(Rules("ks", "var(--faint)")));

    /// <summary>The class that colours a row's points.</summary>
    public string Class(string name) => Family(name) == FewerSteps ? "ks"
        : string.Create(CultureInfo.InvariantCulture, $"k{_families.IndexOf(Family(name)) % s_colours.Length}");

    /// <summary>A row's shape at a place.</summary>
    public string Marker(string name, double x, double y)
    {
        var shape = Family(name) == FewerSteps ? s_shapes[0] : s_shapes[(_families.IndexOf(Family(name)) + 1) % s_shapes.Length];
        return string.Create(CultureInfo.InvariantCulture, $"<path class=\"mark\" transform=\"translate({x:0.#} {y:0.#})\" d=\"{shape}\"/>");
    }

    /// <summary>What the marks mean.</summary>
    public string Legend()
    {
        var families = _families.Select(f =>
            $"<span><svg class=\"plot-mark\" viewBox=\"-8 -8 16 16\" aria-hidden=\"true\"><g class=\"{Class(f)} best\">{Marker(f, 0, 0)}</g></svg> "
                + $"{PageParts.Text(f == FewerSteps ? "fewer steps" : f)}</span>");
        return $"<p class=\"legend\">{string.Concat(families)}</p>\n";
    }

    /// <summary>A row's method, without settings.</summary>
    public static string Family(string name) => name.Split('(')[0];

    private static string Rules(string name, string colour) => $$"""
        .{{name}} path { stroke: {{colour}}; stroke-width: 1.5; fill: var(--soft); }
        .{{name}}.best .mark { fill: {{colour}}; }
        """;
}
