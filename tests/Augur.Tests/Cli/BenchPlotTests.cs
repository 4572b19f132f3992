using System.Text.RegularExpressions;
using System.Xml.Linq;
using Augur.Cli.Commands.Bench;
using Augur.Cli.Commands.Pages;

namespace Augur.Tests.Cli;

public sealed class BenchPlotTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.98, 0.9955)]
    [InlineData(3.7, 4.6)]
    [InlineData(-250, 1700)]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    public void Ticks_are_round_numbers_within_the_axis(double low, double high)
    {
        var axis = new PlotAxis([low, high], 100, 500);
        var ticks = axis.Ticks.ToArray();
        Assert.InRange(ticks.Length, 2, 9);
        Assert.All(ticks, t => Assert.InRange(axis.Place(t.Value), 100, 500));
        Assert.All(ticks, t => Assert.Equal(t.Value, double.Parse(t.Text, System.Globalization.CultureInfo.InvariantCulture), 1e-9));
        Assert.Equal(ticks.Length, ticks.Select(t => t.Text).Distinct().Count());
        Assert.InRange(axis.Place(low), 100, axis.Place(high));
    }

    [Fact]
    public void Labels_of_points_in_a_heap_keep_apart()
    {
        var labels = PlotLabels.Place([(100, 100), (101, 100), (102, 101)]);
        Assert.All(labels.SelectMany((a, i) => labels.Skip(i + 1).Select(b => (a, b))), pair =>
            Assert.True(Math.Abs(pair.a.X - pair.b.X) >= 16 || Math.Abs(pair.a.Y - pair.b.Y) >= 13));
    }

    [Fact]
    public void The_front_is_filled_and_joined()
    {
        var points = new[] { Point(1, "speca", 4, 38), Point(2, "fora", 3, 30), Point(3, "steps(10)", 5, 29), Point(4, "steps(12)", 4, 31) };
        var svg = XElement.Parse(new ParetoPlot("times fewer FLOPs", BenchMetric.All[0], points, new PlotMarks(points.Select(p => p.Name))).Svg());
        var best = svg.Elements("g").Where(g => g.Attribute("class")!.Value.EndsWith(" best", StringComparison.Ordinal));
        Assert.Equal(["1", "3"], best.Select(g => g.Element("text")!.Value));
        Assert.Single(svg.Elements("path"), p => p.Attribute("class")!.Value == "front");
        Assert.Single(svg.Elements("path"), p => p.Attribute("class")!.Value == "steps-line");
        Assert.Contains("1. speca: 4.00x, 38.0 (37.0 to 39.0)", best.First().Element("title")!.Value);
    }

    [Fact]
    public void A_figure_that_is_not_a_number_is_left_out()
    {
        var points = new[] { Point(1, "speca", 4, double.NaN), Point(2, "fora", 3, 30) };
        var svg = XElement.Parse(new ParetoPlot("times less time", BenchMetric.All[0], points, new PlotMarks(points.Select(p => p.Name))).Svg());
        Assert.Equal(["2"], svg.Elements("g").Select(g => g.Element("text")!.Value));
        Assert.DoesNotContain("NaN", svg.ToString());
    }

    [Fact]
    public void A_method_looks_the_same_in_every_plot_and_in_the_legend()
    {
        var marks = new PlotMarks(["none", "steps(12)", "speca", "speca(base=0.1)", "fora"]);
        Assert.Equal(4, Regex.Count(marks.Legend(), "<span>"));
        foreach (var name in new[] { "fora", "speca", "steps(12)" })
        {
            var alone = new ParetoPlot("times less time", BenchMetric.All[0], [Point(1, name, 4, 30)], marks).Svg();
            Assert.Contains($"<g class=\"{marks.Class(name)} best\">", alone);
            Assert.Contains($"<g class=\"{marks.Class(name)} best\">{marks.Marker(name, 0, 0)}</g>", marks.Legend());
        }

        Assert.Equal(marks.Class("speca"), marks.Class("speca(base=0.1)"));
        Assert.NotEqual(marks.Class("speca"), marks.Class("fora"));
    }

    private static PlotPoint Point(int number, string name, double speed, double quality) =>
        new(number, name, speed, new MetricValue(quality, quality - 1, quality + 1));
}
