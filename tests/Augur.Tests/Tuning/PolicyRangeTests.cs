using Augur.Tuning;

namespace Augur.Tests.Tuning;

public sealed class PolicyRangeTests
{
    [Theory]
    [InlineData("fora(interval={2..12})", 10, 0, "fora(interval=2)")]
    [InlineData("fora(interval={2..12})", 10, 3, "fora(interval=5)")]
    [InlineData("fora(interval={2..12})", 10, 10, "fora(interval=12)")]
    [InlineData("teacache(threshold={0.01..2.56})", 256, 0, "teacache(threshold=0.01)")]
    [InlineData("teacache(threshold={0.01..2.56})", 256, 128, "teacache(threshold=0.16)")] // the geometric mean
    [InlineData("teacache(threshold={0.01..2.56},draft=reuse)", 256, 256, "teacache(threshold=2.56,draft=reuse)")]
    [InlineData("toca(ratio={0.0..1.0})", 256, 64, "toca(ratio=0.25)")] // from 0 in equal differences
    public void Steps_lead_from_one_bound_to_the_other(string text, int steps, int step, string policy)
    {
        var range = PolicyRange.Parse(text)!;
        Assert.Equal((steps, policy), (range.Steps, range.At(step)));
    }

    [Fact]
    public void A_text_without_braces_is_no_range() => Assert.Null(PolicyRange.Parse("fora(interval=3)"));

    [Theory]
    [InlineData("fora(interval={})")]
    [InlineData("fora(interval={2})")]
    [InlineData("fora(interval={2..2})")]
    [InlineData("fora(interval={2..x})")]
    [InlineData("fora(interval={2..3)")]
    [InlineData("fora(interval={1..1e99})")]
    [InlineData("fora(interval={1..99999999})")]
    [InlineData("fora(interval={1..2}){3..4}")]
    public void Braces_that_hold_no_two_ascending_numbers_are_refused(string text) =>
        Assert.Contains("leaves no range open", Assert.Throws<ArgumentException>(() => PolicyRange.Parse(text)).Message, StringComparison.Ordinal);
}
