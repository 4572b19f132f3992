using Augur.Algebra;

namespace Augur.Tests.Algebra;

public sealed class RidgeSystemTests
{
    private const int Inputs = 7, Count = 2;

    [Fact]
    public void Two_parts_together_give_the_solution_of_the_normal_equations_and_the_error_that_it_leaves()
    {
        var random = new Random(5);
        var (x, y) = (Draw(random, 40, Inputs), Draw(random, 40, Count));
        var system = new RidgeSystem(Inputs, Count);
        system.Add(Of(x[..25], y[..25]), 1);
        system.Add(Of(x[25..], y[25..]), 1);
        var head = system.Solve(0.25);
        var matrix = new double[Inputs, Inputs];
        for (var i = 0; i < Inputs; i++)
        {
            for (var j = 0; j < Inputs; j++)
            {
                matrix[i, j] = x.Sum(row => row[i] * row[j]) * (i == j ? 1.25 : 1);
            }
        }

        var left = 0.0;
        for (var k = 0; k < Count; k++)
        {
            var cross = Enumerable.Range(0, Inputs).Select(i => x.Zip(y, (a, b) => a[i] * b[k]).Sum()).ToArray();
            Assert.All(LinearSystem.Solve(matrix, cross).Zip(head[k]), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
            left += x.Zip(y, (a, b) => Math.Pow(b[k] - a.Zip(head[k], (v, h) => v * h).Sum(), 2)).Sum();
        }

        Assert.Equal(left, y.Sum(row => row.Sum(v => v * v)) + system.Change(head), 1e-4);
    }

    [Fact]
    public void A_part_that_is_taken_away_leaves_the_others()
    {
        var random = new Random(6);
        var (x, y) = (Draw(random, 30, Inputs), Draw(random, 30, Count));
        var system = Of(x, y);
        system.Add(Of(x[20..], y[20..]), -1);
        Assert.All(
            system.Solve(0.1).SelectMany(row => row).Zip(Of(x[..20], y[..20]).Solve(0.1).SelectMany(row => row)),
            pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    private static double[][] Draw(Random random, int rows, int columns) =>
        [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextDouble() - 0.5).ToArray())];

    private static RidgeSystem Of(double[][] x, double[][] y) => new(
        Inputs, Count,
        [.. from i in Enumerable.Range(0, Inputs) from j in Enumerable.Range(0, Inputs) select (float)x.Sum(row => row[i] * row[j])],
        [.. from k in Enumerable.Range(0, Count) from i in Enumerable.Range(0, Inputs) select (float)x.Zip(y, (a, b) => a[i] * b[k]).Sum()]);
}
