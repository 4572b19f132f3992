using Augur.Metrics;

namespace Augur.Tests.Metrics;

public sealed class CorrelationTests
{
    [Fact]
    public void Values_on_a_line_correlate_fully()
    {
        Assert.Equal(1, Correlation.Pearson([1, 2, 3, 5], [10, 20, 30, 50])!.Value, 12);
        Assert.Equal(-1, Correlation.Pearson([1, 2, 3, 5], [-1, -2, -3, -5])!.Value, 12);
    }

    [Fact]
    public void Pearson_is_the_textbook_number() =>
        Assert.Equal(0.5298089018901744, Correlation.Pearson([43, 21, 25, 42, 57, 59], [99, 65, 79, 75, 87, 81])!.Value, 12);

    [Fact]
    public void Ranks_do_not_care_how_far_apart_values_are()
    {
        Assert.Equal(1, Correlation.Spearman([1, 2, 3, 4], [1, 10, 1e3, 1e9])!.Value, 12);
        Assert.True(Correlation.Pearson([1, 2, 3, 4], [1, 10, 1e3, 1e9]) < 0.9);
    }

    [Fact]
    public void Equal_values_share_the_mean_of_their_ranks() => // ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), Correlation.Spearman([1, 2, 2, 3], [1, 2, 3, 4])!.Value, 12);

    [Fact]
    public void Too_few_values_or_equal_ones_say_nothing()
    {
        Assert.Null(Correlation.Pearson([1, 2], [1, 2]));
        Assert.Null(Correlation.Pearson([1, 1, 1], [1, 2, 3]));
        Assert.Null(Correlation.Spearman([], []));
    }

    [Fact]
    public void Sides_of_different_length_are_refused() =>
        Assert.Contains("3 and 2 values", Assert.Throws<ArgumentException>(() => Correlation.Pearson([1, 2, 3], [1, 2])).Message);
}
