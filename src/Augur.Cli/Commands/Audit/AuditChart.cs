using System.Globalization;
using System.Text;
using Augur.Cli.Commands.Pages;
using Augur.Metrics;

namespace Augur.Cli.Commands.Audit;

/// <summary>The plots of an audit, as drawings that stand in a page.</summary>
internal static class AuditChart
{
    private const double Left = 64, Right = 624, Top = 12, Bottom = 372, Height = 420, Width = 640;
    private const int MaxDots = 20_000;
    private const int Bins = 12;

    // From noise to image; dark to light, so that also eyes that see fewer colours can order them (after the palette viridis).
    private static readonly string[] s_ramp = ["#443983", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30"];

    /// <summary>Style rules of the plots.</summary>
    public static string Css { get; } = $$"""
        .chart { display: block; width: 100%; max-width: 52rem; height: auto; }
        .chart text { fill: currentColor; font: 12px system-ui, sans-serif; }
        .chart .grid { stroke: var(--line); }
        .chart .identity { stroke: currentColor; stroke-dasharray: 6 4; }
        .chart .median { stroke: #d55e00; stroke-width: 2; fill: none; }
        .chart circle { fill-opacity: .6; }
        .chart circle.ring { fill: none; stroke-width: 1.2; }
        {{string.Join('\n', s_ramp.Select((colour, i) => $".p{i} {{ fill: {colour}; stroke: {colour}; }}"))}}
        """;

    /// <summary>
    /// Verified against true error, both logarithmic: a dot per draft that was kept, a ring per draft that was rejected, coloured by progress. Null:
    /// there is none.
    /// </summary>
    public static string? Calibration(AuditSummary audit)
    {
        AuditPoint[] points = [.. audit.Points.Where(p => p.IsComparable)];
        if (points.Length == 0)
        {
            return null;
        }

        var verified = points.Select(p => p.VerifiedError!.Value).ToList();
        var truth = points.Select(p => p.TrueError).ToList();
        LogAxis x = new(verified.Min(), verified.Max(), Left, Right);
        // holds the line of identity whole
        LogAxis y = new(Math.Min(verified.Min(), truth.Min()), Math.Max(verified.Max(), truth.Max()), Bottom, Top);
        var svg = Open("Verified error against true error");
        Grid(svg, y, "true error");
        foreach (var tick in x.Ticks)
        {
            Vertical(svg, x.PositionOf(tick), LogAxis.Label(tick));
        }

        AxisTitle(svg, "verified error");
        Line(svg, "identity", [(verified.Min(), verified.Min()), (verified.Max(), verified.Max())]);
        foreach (var point in Thinned(points))
        {
            var colour = Math.Min(s_ramp.Length - 1, (int)(point.Progress * s_ramp.Length));
            Dot(svg, $"{(point.Mark.Word == "rejected" ? "ring " : "")}p{colour}", x.PositionOf(point.VerifiedError!.Value),
                y.PositionOf(point.TrueError));
        }

        Line(svg, "median", audit.BinnedMedians(Bins));
        return svg.Append("</svg>\n").ToString();

        void Line(StringBuilder to, string kind, IEnumerable<(double X, double Y)> through) => to.Append(
            CultureInfo.InvariantCulture, $"<polyline class=\"{kind}\" points=\"{string.Join(' ', through.Select(At))}\"/>\n");

        string At((double X, double Y) point) =>
            string.Create(CultureInfo.InvariantCulture, $"{x.PositionOf(point.X):0.0},{y.PositionOf(point.Y):0.0}");
    }

    /// <summary>The true error along the run, a dot per audited call, coloured by outcome. Null: there is none.</summary>
    public static string? AlongTheRun(AuditSummary audit)
    {
        AuditPoint[] points = [.. audit.Points.Where(p => p.TrueError > 0 && double.IsFinite(p.TrueError))];
        if (points.Length == 0)
        {
            return null;
        }

        LogAxis y = new(points.Min(p => p.TrueError), points.Max(p => p.TrueError), Bottom, Top);
        var last = points.Max(p => p.CallIndex);
        double X(double call) => Left + ((Right - Left) * (call + 0.5) / (last + 1));
        var svg = Open("True error along the run");
        Grid(svg, y, "true error");
        for (var call = 0; call <= last; call += Math.Max(1, (last + 9) / 10))
        {
            Vertical(svg, X(call), call.ToString(CultureInfo.InvariantCulture));
        }

        AxisTitle(svg, "network call");
        foreach (var point in Thinned(points))
        {
            // samples stand beside each other
            Dot(svg, $"{point.Mark.Letter}", X(point.CallIndex + (0.5 * ((point.Sample % 16 / 15.0) - 0.5))), y.PositionOf(point.TrueError));
        }

        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>The colours of the calibration, as words for its caption.</summary>
    public static string Swatches => string.Concat(
        s_ramp.Select((_, i) => $"<svg class=\"swatch\" viewBox=\"0 0 10 20\" aria-hidden=\"true\"><rect class=\"p{i}\" width=\"10\" "
            + $"height=\"20\"/></svg>"));

    /// <summary>Of how many calls one is drawn; more would make a page that no browser opens.</summary>
    public static int Thinning(int points) => (points + MaxDots - 1) / MaxDots;

    private static IEnumerable<AuditPoint> Thinned(AuditPoint[] points)
    {
        var step = Thinning(points.Length);
        return points.Where((_, i) => i % step == 0);
    }

    private static StringBuilder Open(string title) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"<svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">\n");

    private static void Grid(StringBuilder svg, LogAxis y, string title)
    {
        foreach (var tick in y.Ticks)
        {
            var at = y.PositionOf(tick);
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{at:0.0}\" y2=\"{at:0.0}\"/><text "
                + $"x=\"{Left - 6}\" y=\"{at + 4:0.0}\" text-anchor=\"end\">{LogAxis.Label(tick)}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(14 {(Top + Bottom) / 2}) rotate(-90)\" "
            + $"text-anchor=\"middle\">{title}</text>\n");
    }

    private static void Vertical(StringBuilder svg, double at, string label) => svg.Append(
        CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{at:0.0}\" x2=\"{at:0.0}\" y1=\"{Top}\" y2=\"{Bottom}\"/><text x=\"{at:0.0}\" "
            + $"y=\"{Bottom + 16}\" text-anchor=\"middle\">{label}</text>\n");

    private static void AxisTitle(StringBuilder svg, string title) => svg.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{(Left + Right) / 2}\" y=\"{Height - 8}\" text-anchor=\"middle\">{title}</text>\n");

    private static void Dot(StringBuilder svg, string kind, double x, double y) => svg.Append(
        CultureInfo.InvariantCulture, $"<circle class=\"{kind}\" cx=\"{x:0.0}\" cy=\"{y:0.0}\" r=\"2.5\"/>\n");
}
