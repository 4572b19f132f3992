using Augur.Metrics;
using Augur.Tensors.Weights;

namespace Augur.Tests.Metrics;

/// <summary>Against SciPy's bootstrap with many resamples; see the fixture's README.</summary>
public sealed class BootstrapIntervalTests : IDisposable
{
    private readonly Checkpoint _saved = Checkpoint.Open(Fixtures.Path("metrics/intervals.safetensors"));

    private double[] Values => _saved.Tensors["values"].ToDoubles();

    private double[] Reference => _saved.Tensors["reference"].ToDoubles();

    public void Dispose() => _saved.Dispose();

    [Fact]
    public void Interval_of_a_mean_agrees_with_an_independent_bootstrap() =>
        AssertAgrees("of-mean", BootstrapInterval.OfMean(Values, seed: 1, resamples: 50_000, confidence: 0.9));

    [Fact]
    public void Interval_of_a_paired_difference_agrees_with_an_independent_bootstrap() =>
        AssertAgrees("of-difference", BootstrapInterval.OfPairedDifference(Values, Reference, seed: 1, resamples: 50_000, confidence: 0.9));

    [Fact]
    public void Quantiles_are_linear_between_neighbours()
    {
        double[] ascending = [.. Values.Order()], expected = _saved.Tensors["quantiles"].ToDoubles();
        var found = _saved.Tensors["shares"].ToDoubles().Select(share => BootstrapInterval.Quantile(ascending, share));
        Assert.Equal(expected, found, (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Fact]
    public void The_seed_decides_the_interval()
    {
        Assert.Equal(BootstrapInterval.OfMean(Values, seed: 3), BootstrapInterval.OfMean(Values, seed: 3));
        Assert.NotEqual(BootstrapInterval.OfMean(Values, seed: 3), BootstrapInterval.OfMean(Values, seed: 4));
    }

    [Fact]
    public void More_confidence_is_a_wider_interval_around_the_mean()
    {
        var (narrow, wide) = (BootstrapInterval.OfMean(Values, 1, confidence: 0.5), BootstrapInterval.OfMean(Values, 1, confidence: 0.99));
        Assert.Equal(Values.Average(), narrow.Estimate, 12);
        Assert.True(wide.Lower < narrow.Lower && narrow.Lower < narrow.Estimate && narrow.Estimate < narrow.Upper && narrow.Upper < wide.Upper);
    }

    [Fact]
    public void Equal_values_have_an_interval_without_width()
    {
        var interval = BootstrapInterval.OfMean([2, 2, 2], 1);
        Assert.Equal((2, 2, 2), (interval.Estimate, interval.Lower, interval.Upper));
    }

    [Fact]
    public void What_has_no_interval_is_refused()
    {
        Assert.Contains("not 1", Assert.Throws<ArgumentException>(() => BootstrapInterval.OfMean([1], 0)).Message);
        Assert.Contains(
            "series of 2 and 3", Assert.Throws<ArgumentException>(() => BootstrapInterval.OfPairedDifference([1, 2], [1, 2, 3], 0)).Message);
        Assert.Contains("NaN is among the 2", Assert.Throws<ArgumentException>(() => BootstrapInterval.OfMean([double.NaN, 1], 0)).Message);
        Assert.Contains("is among the 2", Assert.Throws<ArgumentException>(() => BootstrapInterval.OfMean([1, double.PositiveInfinity], 0)).Message);
        Assert.Contains(
            "confidence is 1", Assert.Throws<ArgumentOutOfRangeException>(() => BootstrapInterval.OfMean([1, 2], 0, confidence: 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BootstrapInterval.OfMean([1, 2], 0, resamples: 99));
    }

    // 50,000 resamples leave an end uncertain by about 0.3 % of the width.
    private void AssertAgrees(string name, BootstrapInterval interval)
    {
        var expected = _saved.Tensors[name].ToDoubles();
        var tolerance = 0.015 * (expected[1] - expected[0]);
        Assert.Equal(expected[0], interval.Lower, tolerance);
        Assert.Equal(expected[1], interval.Upper, tolerance);
    }
}
