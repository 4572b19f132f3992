using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>Where a forecast stands.</summary>
/// <param name="Distance">Network calls since the last computed one; at least 1.</param>
/// <param name="Gap">Network calls between the last two computed ones; 0 while there is only one.</param>
public readonly record struct ForecastPoint(int Distance, int Gap);

/// <summary>A forecaster that weighs the finite differences of a <see cref="FeatureHistory"/>, by the distance alone.</summary>
public abstract record DifferenceForecaster : IForecaster
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Differences that it uses at most: 1 is the feature alone.</summary>
    public abstract int TermCount { get; }

    /// <inheritdoc/>
    public virtual int? Order => null;

    /// <inheritdoc/>
    public virtual IForecaster WithOrder(int order) => throw new ArgumentException($"Draft {Name} has no order.");

    /// <summary>The coefficients of the differences that are known so far.</summary>
    /// <param name="point">How far to forecast.</param>
    /// <param name="coefficients">One per known difference, 1 to <see cref="TermCount"/>.</param>
    public abstract void Weigh(ForecastPoint point, Span<float> coefficients);

    /// <inheritdoc/>
    public IFeatureMemory Remember(int termCount, DType type) => new Memory(this, new FeatureHistory(termCount, type));

    private sealed class Memory(DifferenceForecaster rule, FeatureHistory history) : IFeatureMemory
    {
        private int? _last;
        private int _gap;

        public long ByteCount => history.ByteCount;

        public Tensor Newest => history.Known.Span[0];

        public void Observe(Tensor feature, int callIndex, bool forgets)
        {
            _gap = callIndex - (_last ?? callIndex);
            _last = callIndex;
            history.Observe(feature, _gap, differentiate: !forgets && _gap > 0);
        }

        public Forecast Forecast(int callIndex)
        {
            var coefficients = new float[history.Known.Length];
            rule.Weigh(new ForecastPoint(callIndex - _last!.Value, _gap), coefficients);
            return new Forecast(history.Known, coefficients);
        }

        public void Dispose() => history.Dispose();
    }
}
