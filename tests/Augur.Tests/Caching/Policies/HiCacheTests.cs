using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

public sealed class HiCacheTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    // f = s², computed at 0, 1, 2 and 8 with the differences forming from call 2 on, forecast two calls ahead: D = 64, 10, 7/6.
    [Theory]
    [InlineData(0.5, 74.291667)]
    [InlineData(0.7, 85.269267)]
    public void The_worked_example_of_the_method_is_reproduced(double sigma, double expected)
    {
        var weights = new float[3];
        new HermiteForecaster(new() { Sigma = sigma }).Weigh(new ForecastPoint(2, 6), weights);
        Assert.Equal(expected, (weights[0] * 64) + (weights[1] * 10) + (weights[2] * 7 / 6), 1e-4);
    }

    [Fact]
    public void Weights_are_the_written_out_polynomials()
    {
        const double S = 0.6;
        for (var x = 1; x < 9; x++)
        {
            var weights = new float[4];
            new HermiteForecaster(new() { Order = 3, Sigma = S }).Weigh(new ForecastPoint(x, 1), weights);
            double[] expected = [1, 2 * S * S * x, S * S * ((2 * S * S * x * x) - 1), S * S * S / 6 * ((8 * S * S * S * x * x * x) - (12 * S * x))];
            Assert.All(weights.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5 * Math.Max(1, Math.Abs(pair.Second))));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(9)]
    public void At_order_one_and_a_contraction_of_a_half_squared_it_is_the_Taylor_series(int distance)
    {
        using var hermite = new DraftHistory(new HermiteForecaster(new() { Order = 1, Sigma = Math.Sqrt(0.5) }), _backend)
            .Compute(c => c * c, 0, 2, 7);
        using var taylor = new DraftHistory(new TaylorForecaster(1), _backend).Compute(c => c * c, 0, 2, 7);
        Assert.Equal(taylor.Forecast(7 + distance), hermite.Forecast(7 + distance), 1e-3);
    }

    [Fact]
    public void The_policy_refuses_the_rule_of_another()
    {
        var error = Assert.Throws<ArgumentException>(() => new HiCacheOptions { Draft = new TaylorForecaster(2) });
        Assert.Equal("Policy hicache drafts by hicache, not by taylor(order=2); taylorseer takes any.", error.Message);
        Assert.Equal(0.7, new HiCacheOptions { Draft = new HermiteForecaster(new() { Sigma = 0.7 }) }.Sigma);
    }
}
