using Augur.Caching.Forecasting;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

public sealed class SnapshotForecasterTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Without_a_penalty_Chebyshev_is_exact_on_polynomials_up_to_its_degree(int degree)
    {
        Func<double, double> f = c => Math.Pow((c - 6) / 6, degree) + (0.5 * c);
        using var history = new DraftHistory(new ChebyshevForecaster(new() { Degree = degree, History = 8, Ridge = 0 }), _backend)
            .Compute(f, 0, 1, 3, 4, 7, 8, 10);
        Assert.Equal(f(12), history.Forecast(12), 2e-3);
    }

    [Fact]
    public void A_penalty_shortens_the_step_ahead()
    {
        double Ahead(double ridge)
        {
            using var history = new DraftHistory(new ChebyshevForecaster(new() { Degree = 1, Ridge = ridge }), _backend).Compute(c => c, 0, 2, 4, 6);
            return history.Forecast(8);
        }

        Assert.Equal(8, Ahead(0), 1e-4);
        Assert.InRange(Ahead(1), 6, 7.99);
        Assert.True(Ahead(10) < Ahead(1));
    }

    [Fact]
    public void Only_the_last_features_count()
    {
        using var history = new DraftHistory(new ChebyshevForecaster(new() { Degree = 1, History = 3, Ridge = 0 }), _backend)
            .Compute(c => c < 4 ? 100 : c, 0, 1, 4, 5, 7);
        Assert.Equal(9, history.Forecast(9), 1e-4);
    }

    [Fact]
    public void Barycentric_weights_alternate_with_half_weight_at_both_ends()
    {
        // Calls 6, 3, 0 seen from 8: ½/2, −1/5, ½/8 over their sum 0.1125.
        var weights = new BarycentricForecaster().Weigh([6, 3, 0], 8);
        Assert.Equal(
            [0.25 / 0.1125, -0.2 / 0.1125, 0.0625 / 0.1125], weights.Select(w => Math.Round(w, 10)).ToArray(), (a, b) => Math.Abs(a - b) < 1e-8);
        Assert.Equal([1.0], new BarycentricForecaster().Weigh([6], 8));
    }

    [Fact]
    public void The_exponential_follows_one_that_decays()
    {
        // Slopes measured over gaps of one and one: exact for an exponential.
        Func<double, double> f = c => 5 - (3 * Math.Pow(0.8, c));
        using var history = new DraftHistory(new ExponentialForecaster(), _backend).Compute(f, 0, 1, 2, 3);
        var slope = f(3) - f(2);
        foreach (var distance in new[] { 1, 2, 5 })
        {
            Assert.Equal(f(3) + (slope * (Math.Pow(0.8, distance) - 1) / Math.Log(0.8)), history.Forecast(3 + distance), 1e-3);
        }
    }

    [Fact]
    public void The_exponential_repeats_a_feature_whose_slope_turned_round_and_holds_a_slope_that_grew()
    {
        using var turned = new DraftHistory(new ExponentialForecaster(), _backend).Compute(c => c == 1 ? 4 : 2, 0, 1, 2);
        Assert.Equal(2, turned.Forecast(5), 1e-5);
        using var grew = new DraftHistory(new ExponentialForecaster(), _backend).Compute(c => c * c, 0, 1, 2);
        Assert.Equal(4 + (3 * 2), grew.Forecast(4), 1e-4);
    }
}
