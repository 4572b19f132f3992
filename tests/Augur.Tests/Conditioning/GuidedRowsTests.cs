namespace Augur.Tests.Conditioning;

public sealed class GuidedRowsTests
{
    [Theory]
    [InlineData(0, false)] // steps i with 0.1 · 8 < i < 0.45 · 8
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void A_window_has_weights_of_its_own_in_its_steps_alone(int step, bool isInside)
    {
        var rows = GuidedRows.Pair(Condition.Class(1), Condition.Class(2), new Guidance(4)) with
        {
            Window = new GuidanceWindow(0.1, 0.45, [6.5f, -5.5f]),
        };
        Assert.Equal(isInside ? [6.5f, -5.5f] : [4f, -3], rows.At(step, 8).Weights.ToArray());
    }
}
