using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class TuningTargetTests
{
    [Theory]
    [InlineData(5, 5.0, true)]
    [InlineData(5, 4.998, true)] // ten of fifty calls, and what the forecasts cost
    [InlineData(5, 4.975, true)]
    [InlineData(5, 4.97, false)]
    [InlineData(7.142857, 7.1428, true)]
    public void Ten_of_fifty_calls_are_five_times(double wanted, double reached, bool isMet) =>
        Assert.Equal(isMet, TuningTarget.Faster(wanted).IsMet(new("p", reached, [40, 40]), new(40, 40, 40, 0.95)));

    [Fact]
    public void A_quality_is_met_by_the_lower_end_of_the_interval()
    {
        Assert.True(TuningTarget.AtLeast(30).IsMet(new("p", 2, [31, 33]), new(32, 30, 34, 0.95)));
        Assert.False(TuningTarget.AtLeast(30).IsMet(new("p", 2, [31, 33]), new(32, 29.9, 34, 0.95)));
        Assert.False(TuningTarget.AtLeast(30).IsMet(new("p", 1, [31, 33]), new(32, 30, 34, 0.95))); // nothing was saved
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void A_word_also_promises_that_few_pictures_miss(int misses, bool isMet)
    {
        var high = TuningTarget.ParseQuality("high"); // 5 % below 30 dB
        double[] psnr = [.. Enumerable.Range(0, 48).Select(i => i < misses ? 29.9 : 45)];
        Assert.Equal(isMet, high.IsMet(new("p", 5, psnr), new(44, 43, 45, 0.95)));
    }

    [Fact]
    public void Highest_is_45_dB_with_one_in_twenty_that_the_eye_could_see()
    {
        var highest = QualityWord.All[0];
        Assert.Equal(new QualityWord("highest", 45, 40, 0.05), highest);
        Assert.False(TuningTarget.Of(highest).IsMet(new("p", 2, [.. Enumerable.Repeat(50.0, 45), 39.9, 39.9, 39.9]), new(50, 49, 51, 0.95)));
        Assert.Equal("45 dB, at most 5% of the pictures below 40 dB", TuningTarget.Of(highest).ToString());
    }

    [Theory]
    [InlineData(0, 48, 0.0605)] // 1 − 0.05^(1/48)
    [InlineData(0, 300, 0.0099)]
    [InlineData(2, 48, 0.1254)]
    [InlineData(5, 10, 0.7776)]
    [InlineData(10, 10, 1)]
    public void A_count_of_misses_bounds_their_share(int count, int of, double upper) => Assert.Equal(upper, PictureShare.Upper(count, of), 0.0005);

    [Fact]
    public void Attempts_share_the_doubt_of_one_interval()
    {
        var left = Enumerable.Range(0, 100_000).Sum(attempt => 1 - HeldOut.ConfidenceOf(attempt));
        Assert.InRange(left, 0.0499, 0.05);
        Assert.Equal(0.975, HeldOut.ConfidenceOf(0), 1e-12);
    }
}
