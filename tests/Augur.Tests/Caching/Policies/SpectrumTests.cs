using Augur.Caching.Forecasting;
using Augur.Caching.Schedules;
using Augur.Catalogs;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

public sealed class SpectrumTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(0.75, 14)]
    [InlineData(3, 10)]
    public void Of_fifty_calls_as_many_are_computed_as_published(double growth, int expected) =>
        Assert.Equal(expected, new GrowingSchedule(new() { Growth = growth }).Plan(50).Count(isComputed => isComputed));

    [Fact]
    public void Gaps_grow_and_are_rounded_down() =>
        Assert.Equal([0, 1, 3, 5, 8, 12], Calls(new GrowingSchedule(new() { Warmup = 2 }).Plan(16)));

    [Fact]
    public void A_straight_line_is_carried_on_forwards_and_exactly_without_a_penalty()
    {
        double Ahead(double ridge, double blend)
        {
            using var history = new DraftHistory(new SpectrumForecaster(new() { Ridge = ridge, Blend = blend }), _backend)
                .Compute(call => 5 + (2 * call), 0, 1, 2, 4, 7);
            return history.Forecast(11);
        }

        Assert.Equal(27, Ahead(0, 1), 1e-3);
        Assert.Equal(27, Ahead(0, 0.5), 1e-3);
        Assert.Equal(27, Ahead(0.1, 0), 1e-4);
        Assert.InRange(Ahead(0.1, 0.5), 24, 25); // under the penalty shorter, and further than the last feature all the same, 19
        Assert.InRange(Ahead(0.1, 1), 21, 22);
    }

    [Fact]
    public void The_policy_is_the_rule_on_the_schedule()
    {
        var policy = PolicyCatalog.Parse("spectrum(window=3,growth=1,first=2)");
        Assert.Equal("spectrum(window=3,growth=1,first=2)", policy.Name);
        Assert.Equal("spectrum", PolicyCatalog.Parse("spectrum").Name);
        Assert.Contains("schedule", Assert.ThrowsAny<ArgumentException>(() => PolicyCatalog.Parse("spectrum(schedule=list(0-3))")).Message);
    }

    private static int[] Calls(bool[] plan) => [.. Enumerable.Range(0, plan.Length).Where(call => plan[call])];
}
