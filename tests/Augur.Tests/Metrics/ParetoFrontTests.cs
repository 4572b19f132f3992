using Augur.Metrics;

namespace Augur.Tests.Metrics;

public sealed class ParetoFrontTests
{
    [Fact]
    public void The_front_is_what_no_other_point_beats()
    {
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            // Small whole numbers, so that ties and equal points occur.
            (double Speed, double Quality)[] points = [.. Enumerable.Range(0, 12).Select(_ => ((double)random.Next(6), (double)random.Next(6)))];
            foreach (var sign in new[] { 1, -1 })
            {
                bool Beats((double Speed, double Quality) a, (double Speed, double Quality) b) =>
                    a.Speed >= b.Speed && sign * a.Quality >= sign * b.Quality && a != b;
                var expected = Enumerable.Range(0, points.Length).Where(i => !points.Any(other => Beats(other, points[i])));
                Assert.Equal(expected, ParetoFront.Of(points, isHigherBetter: sign == 1).Order());
            }
        }
    }

    [Fact]
    public void It_goes_from_the_slowest_to_the_fastest() =>
        Assert.Equal([2, 0, 3], ParetoFront.Of([(3, 30), (2, 20), (1, 40), (5, 10)]));

    [Fact]
    public void A_point_that_is_not_a_number_is_not_on_it() =>
        Assert.Equal([1], ParetoFront.Of([(9, double.NaN), (2, 20), (double.NaN, 99)]));

    [Fact]
    public void No_points_have_no_front() => Assert.Empty(ParetoFront.Of([]));
}
