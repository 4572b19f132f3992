namespace Augur.Cli.Commands.Pages;

/// <summary>Finds places beside points for their labels, so that few cover each other.</summary>
internal static class PlotLabels
{
    private const double Width = 16;
    private const double Height = 13;
    private const double Distance = 13;

    // Around the point; error bars run up and down, so those come last.
    private static readonly (double X, double Y)[] s_around = [(1, -0.7), (-1, -0.7), (1, 0.7), (-1, 0.7), (1.2, 0), (-1.2, 0), (2, -1.2), (-2, -1.2),
        (2, 1.2), (-2, 1.2), (0, -1.4), (0, 1.4)];

    /// <summary>Centre of each label.</summary>
    public static IReadOnlyList<(double X, double Y)> Place(IReadOnlyList<(double X, double Y)> points)
    {
        var placed = new List<(double X, double Y)>();
        foreach (var (x, y) in points)
        {
            placed.Add(s_around.Select(a => (X: x + (Distance * a.X), Y: y + (Distance * a.Y)))
                .MinBy(place => placed.Count(other => Covers(place, other, 1)) + points.Count(other => Covers(place, other, 0.8))));
        }

        return placed;
    }

    private static bool Covers((double X, double Y) a, (double X, double Y) b, double share) =>
        Math.Abs(a.X - b.X) < share * Width && Math.Abs(a.Y - b.Y) < share * Height;
}
