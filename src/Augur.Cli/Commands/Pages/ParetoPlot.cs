using System.Globalization;
using System.Text;
using Augur.Cli.Commands.Bench;
using Augur.Metrics;

namespace Augur.Cli.Commands.Pages;

/// <summary>
/// Speed against one measure of quality, as an inline drawing: error bars, the front that nothing beats, fewer steps as a dashed line.
/// </summary>
internal sealed class ParetoPlot(string speed, MetricStyle metric, IReadOnlyList<PlotPoint> points, PlotMarks marks)
{
    private const int Width = 560;
    private const int Height = 360;
    private const int Left = 64;
    private const int Right = 16;
    private const int Top = 34;
    private const int Bottom = 46;

    /// <summary>Colours and lines of plots; text has the page's.</summary>
    public static string Css { get; } = $$"""
        .plots { display: flex; flex-wrap: wrap; gap: 1rem; }
        .plot { flex: 1 1 26rem; max-width: 44rem; min-width: 0; background: var(--soft); }
        .plot text { fill: currentColor; font: 12px system-ui, sans-serif; }
        .plot .title { font-weight: bold; }
        .plot .grid { stroke: var(--line); }
        .plot .front { fill: none; stroke: currentColor; stroke-width: 1.5; opacity: .55; }
        .plot .steps-line { fill: none; stroke: var(--faint); stroke-dasharray: 5 4; }
        .plot .hollow { fill: var(--soft); }
        {{PlotMarks.Css}}
        """;

    public string Svg()
    {
        PlotPoint[] shown = [.. points.Where(p => double.IsFinite(p.Speed) && double.IsFinite(p.Quality.Low) && double.IsFinite(p.Quality.High))];
        var title = $"{metric.Title} ({(metric.IsHigherBetter ? "higher" : "lower")} is better) against {speed}";
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"plot\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" "
            + $"aria-label=\"{PageParts.Text(title)}\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"{Left}\" y=\"20\">{PageParts.Text(title)}</text>\n");
        if (shown.Length > 0)
        {
            var across = new PlotAxis([.. shown.Select(p => p.Speed)], Left, Width - Right);
            var up = new PlotAxis([.. shown.SelectMany(p => new[] { p.Quality.Low, p.Quality.High, p.Quality.Mean })], Height - Bottom, Top);
            Axes(svg, across, up);
            Points(svg, shown, across, up);
        }

        return svg.Append("</svg>\n").ToString();
    }

    private void Axes(StringBuilder svg, PlotAxis across, PlotAxis up)
    {
        foreach (var (value, text) in across.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{across.Place(value):0.#} {Top}V{Height - Bottom}\"/><text "
                + $"x=\"{across.Place(value):0.#}\" y=\"{Height - Bottom + 17}\" text-anchor=\"middle\">{text}x</text>\n");
        }

        foreach (var (value, text) in up.Ticks)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {up.Place(value):0.#}H{Width - Right}\"/><text "
                + $"x=\"{Left - 7}\" y=\"{up.Place(value) + 4:0.#}\" text-anchor=\"end\">{text}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" "
            + $"text-anchor=\"middle\">{PageParts.Text(speed)}</text>\n");
    }

    private void Points(StringBuilder svg, PlotPoint[] shown, PlotAxis across, PlotAxis up)
    {
        (double X, double Y)[] places = [.. shown.Select(p => (across.Place(p.Speed), up.Place(p.Quality.Mean)))];
        var front = ParetoFront.Of([.. shown.Select(p => (p.Speed, p.Quality.Mean))], metric.IsHigherBetter);
        var steps = Enumerable.Range(0, shown.Length).Where(i => PlotMarks.Family(shown[i].Name) == PlotMarks.FewerSteps)
            .OrderBy(i => shown[i].Speed);
        svg.Append(Line("steps-line", steps.Select(i => places[i]))).Append(Line("front", front.Select(i => places[i])));
        var labels = PlotLabels.Place(places);
        foreach (var (point, i) in shown.Select((p, i) => (p, i)))
        {
            var (x, y) = places[i];
            var text = string.Create(CultureInfo.InvariantCulture, $"{point.Number}. {point.Name}: {point.Speed:0.00}x, {Text(point.Quality.Mean)} "
                + $"({Text(point.Quality.Low)} to {Text(point.Quality.High)})");
            var classes = marks.Class(point.Name) + (front.Contains(i) ? " best" : "");
            svg.Append(CultureInfo.InvariantCulture, $"<g class=\"{classes}\"><title>{PageParts.Text(text)}</title>");
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{x:0.#} "
                + $"{up.Place(point.Quality.Low):0.#}V{up.Place(point.Quality.High):0.#}\"/>{marks.Marker(point.Name, x, y)}");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{labels[i].X:0.#}\" y=\"{labels[i].Y + 4:0.#}\" "
                + $"text-anchor=\"middle\">{point.Number}</text></g>\n");
        }
    }

    private string Text(double value) => value.ToString(metric.Format, CultureInfo.InvariantCulture);

    private static string Line(string kind, IEnumerable<(double X, double Y)> places)
    {
        var path = string.Join('L', places.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#} {p.Y:0.#}")));
        return path.Contains('L', StringComparison.Ordinal) ? $"<path class=\"{kind}\" d=\"M{path}\"/>\n" : "";
    }
}
