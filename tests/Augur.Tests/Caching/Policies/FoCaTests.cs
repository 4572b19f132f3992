using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Caching;

public sealed class FoCaTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void The_first_forecast_is_that_of_the_formulas()
    {
        // f = k²: F₈ = 64, F₇ = 49, F₆ = 36; slope at 8: 16; predicted 79.6667. BDF2 slope there: (3 · 79.6667 − 4 · 64 + 49) / 2 = 16.
        using var bdf2 = new DraftHistory(new FoCaForecaster(new() { History = FoCaHistory.Stored }), _backend).Compute(k => k * k, 6, 7, 8);
        Assert.Equal(64 + (0.5 * (16 + 16)), bdf2.Forecast(9), 1e-4);
        using var difference = new DraftHistory(new FoCaForecaster(new() { Slope = FoCaSlope.Difference, History = FoCaHistory.Stored }), _backend)
            .Compute(k => k * k, 6, 7, 8);
        Assert.Equal(64 + (0.5 * (16 + (79.6666667 - 64))), difference.Forecast(9), 1e-4);
    }

    [Theory]
    [InlineData(FoCaSlope.Bdf2)]
    [InlineData(FoCaSlope.Difference)]
    public void Coefficients_carried_along_are_the_recursion_on_features(FoCaSlope slope)
    {
        Func<double, double> f = k => Math.Sin(0.3 * k) + (0.1 * k);
        using var history = new DraftHistory(new FoCaForecaster(new() { Slope = slope, History = FoCaHistory.Stored }), _backend);
        List<double> plain = []; // every call's feature, computed or forecast
        double kept = 0;
        for (var call = 0; call < 30; call++)
        {
            var isComputed = call < 3 || call is 7 or 8 or 15 or 22;
            if (isComputed)
            {
                history.Compute(f, call);
                plain.Add(f(call));
                kept = Slope(plain);
                continue;
            }

            var predicted = (4.0 / 3 * plain[^1]) - (1.0 / 3 * plain[^2]) + (2.0 / 3 * Slope(plain));
            var ahead = slope == FoCaSlope.Bdf2 ? Slope([.. plain, predicted]) : predicted - plain[^1];
            plain.Add(plain[^1] + (0.5 * (kept + ahead)));
            Assert.Equal(plain[^1], history.Forecast(call), 1e-5 * Math.Max(1, Math.Abs(plain[^1])));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Slopes_of_computed_features_are_those_of_the_parabola_through_them(int distance)
    {
        // f = k² computed at 1, 4 and 9: the parabola is f itself, its slope at 9 is 18.
        using var history = new DraftHistory(new FoCaForecaster(), _backend).Compute(k => k * k, 1, 4, 9);
        Assert.Equal(81 + (18 * distance), history.Forecast(9 + distance), 1e-3);
    }

    [Fact]
    public void The_policy_refuses_the_rule_of_another()
    {
        var error = Assert.Throws<ArgumentException>(() => new FoCaPolicyOptions { Draft = new HermiteForecaster(), Slope = FoCaSlope.Difference });
        Assert.Equal("Policy foca drafts by foca, not by hicache; taylorseer takes any.", error.Message);
        Assert.Equal(FoCaHistory.Stored, new FoCaPolicyOptions { Draft = new FoCaForecaster(new() { History = FoCaHistory.Stored }) }.History);
    }

    private static double Slope(List<double> f) => f.Count switch
    {
        1 => 0,
        2 => f[^1] - f[^2],
        _ => ((3 * f[^1]) - (4 * f[^2]) + f[^3]) / 2,
    };
}
