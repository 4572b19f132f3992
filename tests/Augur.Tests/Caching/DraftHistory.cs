using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Tests.Caching;

/// <summary>A forecaster's memory of a feature that is one number everywhere: what it forecasts, by itself.</summary>
internal sealed class DraftHistory(IForecaster rule, IBackend backend, DType state = DType.Float32, int? termCount = null) : IDisposable
{
    private readonly IFeatureMemory _memory = rule.Remember(termCount ?? rule.TermCount, state);

    public long ByteCount => _memory.ByteCount;

    /// <summary>Shows the value of a function at computed calls.</summary>
    public DraftHistory Compute(Func<double, double> f, params ReadOnlySpan<int> calls)
    {
        using var scope = TensorScope.Begin();
        foreach (var call in calls)
        {
            _memory.Observe(Tensor.Full(backend, [1, 2, 4], (float)f(call)), call, forgets: false);
        }

        return this;
    }

    public double Forecast(int call)
    {
        using var scope = TensorScope.Begin();
        var y = Tensor.Empty(backend, [1, 2, 4]);
        _memory.Forecast(call).WriteTo(y);
        return Assert.Single(y.ToArray().Distinct());
    }

    /// <summary>Writes a number over the newest feature, as a token selector would.</summary>
    public void Overwrite(float value)
    {
        using var scope = TensorScope.Begin();
        _memory.Newest.CopyFromInPlace(Tensor.Full(backend, [1, 2, 4], value));
    }

    public void Dispose() => _memory.Dispose();
}
