using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class ReuseChoiceTests
{
    [Fact]
    public void The_cheapest_error_for_the_FLOPs_goes_first()
    {
        var g = Diagonal(1, 3, 10, 2);
        Assert.Equal([true, false, false, false], ReuseChoice.Choose([g], [10, 10, 10, 10], 0.2)[0]);
        Assert.Equal([false, false, true, false], ReuseChoice.Choose([g], [10, 10, 1000, 10], 0.2)[0]); // 0.01 each FLOP
        Assert.Equal([true, true, false, true], ReuseChoice.Choose([g], [10, 10, 10, 10], 0.75)[0]);
    }

    [Fact]
    public void Branches_that_err_alike_count_for_more_together_and_opposite_ones_for_less()
    {
        double[,] g =
        {
            { 1, 0.9, 0 },
            { 0.9, 1, 0 },
            { 0, 0, 2 },
        };
        Assert.Equal([true, false, true], ReuseChoice.Choose([g], [1, 1, 1], 0.6)[0]); // 0 with 1 costs 1 + 1.8 more, 2 alone 2
        (g[0, 1], g[1, 0]) = (-0.9, -0.9);
        Assert.Equal([true, true, false], ReuseChoice.Choose([g], [1, 1, 1], 0.6)[0]);
        Assert.Equal(1 + 1 - 1.8, ReuseChoice.Predicted(g, [true, true, false]), 12);
    }

    [Fact]
    public void Calls_share_one_budget()
    {
        var chosen = ReuseChoice.Choose([Diagonal(5, 6), Diagonal(1, 2)], [1, 1], 0.5);
        Assert.Equal([false, false], chosen[0]);
        Assert.Equal([true, true], chosen[1]);
    }

    [Fact]
    public void Errors_that_are_not_finite_are_refused() =>
        Assert.Throws<InvalidOperationException>(() => ReuseChoice.Choose([Diagonal(double.NaN, double.NaN)], [1, 1], 0.5));

    private static double[,] Diagonal(params double[] values)
    {
        var g = new double[values.Length, values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            g[i, i] = values[i];
        }

        return g;
    }
}
