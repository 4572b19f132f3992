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

    [Fact]
    public void A_dynamic_shift_counts_the_tokens_of_a_picture_a_video_or_a_list()
    {
        var options = new FlowOptions { Dynamic = true };
        var picture = options.Sigmas([1, 16, 32, 32], 4);
        Assert.Equal(picture, options.Sigmas([1, 16, 4, 16, 16], 4));
        Assert.Equal(picture, options.Sigmas([1, 256, 64], 4));
        Assert.NotEqual(picture, options.Sigmas([1, 512, 64], 4));
        var error = Assert.Throws<ArgumentException>(() => options.Sigmas([1, 256], 4));
        Assert.Equal("A dynamic shift counts tokens, which a latent [1, 256] does not tell; give mu.", error.Message);
    }

    [Fact]
    public void A_terminal_level_stretches_the_schedule_to_end_there()
    {
        var plain = new FlowOptions { Shift = 3 }.Sigmas([1, 4, 8, 8], 5);
        var stretched = new FlowOptions { Shift = 3, Terminal = 0.2 }.Sigmas([1, 4, 8, 8], 5);
        Assert.Equal((1, 0), (stretched[0], stretched[5]));
        Assert.Equal(0.2, stretched[4], 1e-12);
        Assert.All([1, 2, 3], i => Assert.Equal((1 - plain[i]) / (1 - plain[4]), (1 - stretched[i]) / 0.8, 1e-12));
    }

    [Fact]
    public void A_linear_time_shift_moves_a_level_by_mu_itself()
    {
        var sigmas = new FlowOptions { Dynamic = true, Mu = 2, ShiftKind = FlowShift.Linear }.Sigmas([1, 4, 8, 8], 4);
        Assert.Equal([1, 2 / (2 + (1 / 0.75) - 1), 2 / 3.0, 2 / 5.0, 0], sigmas, (a, b) => Math.Abs(a - b) < 1e-12);
    }
}
