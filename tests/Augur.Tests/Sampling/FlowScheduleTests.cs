using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Tests.Sampling;

public sealed class FlowScheduleTests
{
    [Theory]
    [InlineData("steps4_len256_shift0", 4, 16, 16, false)]
    [InlineData("steps8_len24_shift1", 8, 4, 6, true)]
    [InlineData("steps8_len256_shift1", 8, 16, 16, true)]
    [InlineData("steps20_len1024_shift1", 20, 32, 32, true)]
    [InlineData("steps28_len4096_shift1", 28, 64, 64, true)]
    [InlineData("steps50_len2304_shift1", 50, 48, 48, true)]
    [InlineData("steps1_len4096_shift1", 1, 64, 64, true)]
    public void Levels_equal_the_released_flux_schedule(string name, int steps, int tokenRows, int tokenColumns, bool dynamic)
    {
        using var fixture = Checkpoint.Open(Fixtures.Path("flux-core/schedules.safetensors"));
        var expected = fixture.Tensors[name].ToDoubles();
        var actual = new FlowOptions { Dynamic = dynamic }.Sigmas([1, 16, 2 * tokenRows, 2 * tokenColumns], steps);
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6);
        }
    }
}
