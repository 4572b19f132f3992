using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Tests.Sampling;

public sealed class NoiseScheduleTests
{
    private const double Relative = 1e-12;
    private static readonly NoiseSchedule s_linear = NoiseSchedule.Create(BetaSchedule.Linear);

    [Theory]
    [InlineData("10")]
    [InlineData("20")]
    [InlineData("25")]
    [InlineData("50")]
    [InlineData("100")]
    [InlineData("250")]
    [InlineData("ddim20")]
    [InlineData("ddim25")]
    [InlineData("ddim50")]
    [InlineData("ddim100")]
    [InlineData("10,15,20")]
    public void Respaced_tables_equal_the_released_ones(string respacing)
    {
        using var fixture = Checkpoint.Open(Fixtures.Path("dit-core/schedules.safetensors"));
        var schedule = s_linear.Respace(respacing);
        Assert.Equal(fixture.Tensors[$"linear.{respacing}.timestep_map"].ToInt64s(), schedule.Timesteps.Select(t => (long)t));
        AssertClose(fixture.Tensors[$"linear.{respacing}.betas"].ToDoubles(), schedule.Betas);
        AssertClose(fixture.Tensors[$"linear.{respacing}.alphas_cumprod"].ToDoubles(), schedule.AlphasCumulative);
    }

    [Theory]
    [InlineData(BetaSchedule.Linear, "linear")]
    [InlineData(BetaSchedule.Cosine, "cosine")]
    public void Trained_tables_equal_the_released_ones(BetaSchedule kind, string name)
    {
        using var fixture = Checkpoint.Open(Fixtures.Path("dit-core/schedules.safetensors"));
        var schedule = NoiseSchedule.Create(kind);
        AssertClose(fixture.Tensors[$"{name}.full.betas"].ToDoubles(), schedule.Betas);
        AssertClose(fixture.Tensors[$"{name}.full.alphas_cumprod"].ToDoubles(), schedule.AlphasCumulative);
    }

    [Fact]
    public void Posterior_variances_equal_the_released_ones()
    {
        using var fixture = Checkpoint.Open(Fixtures.Path("sampling/dit_trajectories.safetensors"));
        var schedule = s_linear.Respace("20");
        var expected = fixture.Tensors["ddim20_eta.table.posterior_variance"].ToDoubles();
        AssertClose(expected, [.. Enumerable.Range(0, schedule.Count).Select(schedule.PosteriorVariance)]);
    }

    [Theory]
    [InlineData("1001", "Respacing \"1001\": 1001 timesteps cannot be taken from a section of 1000. (Parameter 'respacing')")]
    [InlineData("ten", "Respacing \"ten\": \"ten\" is not a number of timesteps. (Parameter 'respacing')")]
    [InlineData("ddim999", "Respacing \"ddim999\": no whole stride takes 999 of 1000 timesteps.")]
    public void A_respacing_that_cannot_be_is_named(string respacing, string message) =>
        Assert.Equal(message, Assert.ThrowsAny<ArgumentException>(() => s_linear.Respace(respacing)).Message);

    [Fact]
    public void Betas_out_of_range_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => NoiseSchedule.Create(BetaSchedule.Linear, 1000, 0.5, 0.1));
        Assert.Contains("betas from 0.5 to 0.1", error.Message, StringComparison.Ordinal);
    }

    private static void AssertClose(double[] expected, IReadOnlyList<double> actual)
    {
        Assert.Equal(expected.Length, actual.Count);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= Relative * Math.Abs(expected[i]), $"[{i}]: {actual[i]:R}, not {expected[i]:R}");
        }
    }
}
