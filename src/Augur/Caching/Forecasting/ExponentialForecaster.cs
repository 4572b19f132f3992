using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>
/// One exponential: the feature's slope decays by one factor per call, measured from the last two slopes by least squares (exponential fits of
/// caching libraries; <see cref="DmdForecaster"/> has many). F + D₁ · ∫ ρᵘ du over the distance; with ρ = 1 the first-order Taylor series.
/// </summary>
/// <remarks>
/// Slopes stand at the middle of the calls they come from, so uneven gaps are allowed. ρ lies in [0, 1]: a slope that turned round is not
/// extrapolated (the feature is repeated), and one that grew is taken as constant, because an exponential that grows runs away within a few calls.
/// </remarks>
public sealed record ExponentialForecaster : IForecaster
{
    /// <inheritdoc/>
    public string Name => "exponential";

    /// <inheritdoc/>
    public int TermCount => 3;

    /// <inheritdoc/>
    public IFeatureMemory Remember(int termCount, DType type) => new Memory(new FeatureHistory(termCount, type));

    private sealed class Memory(FeatureHistory history) : IFeatureMemory
    {
        private int _last = -1;
        private int _gap;
        private double _factor = 1;

        public long ByteCount => history.ByteCount;

        public Tensor Newest => history.Known.Span[0];

        public void Observe(Tensor feature, int callIndex, bool forgets)
        {
            var gap = _last < 0 ? 0 : callIndex - _last;
            history.Observe(feature, gap, differentiate: !forgets && gap > 0);
            _factor = history.Known.Length < 3 ? 1 : Factor(history.Known.Span[1], history.Known.Span[2], gap, (gap + _gap) / 2.0);
            (_last, _gap) = (callIndex, gap);
        }

        public Forecast Forecast(int callIndex)
        {
            var coefficients = new float[Math.Min(2, history.Known.Length)];
            coefficients[0] = 1;
            if (coefficients.Length == 2)
            {
                var distance = callIndex - _last;
                var rate = Math.Log(_factor);
                coefficients[1] = (float)(_factor == 0 ? 0 : Math.Abs(rate) < 1e-9 ? distance : (Math.Pow(_factor, distance) - 1) / rate);
            }

            return new Forecast(history.Known[..coefficients.Length], coefficients);
        }

        public void Dispose() => history.Dispose();

        // Least squares: slope ≈ ρ^distance · slope before, with slope before = slope − gap · second difference.
        private static double Factor(Tensor slope, Tensor second, int gap, double distance)
        {
            using var scope = TensorScope.Begin();
            var one = new Shape(1, checked((int)slope.Shape.ElementCount));
            var before = Tensor.Combine([slope, second], [1, -gap]).Reshape(one);
            var now = slope.As(DType.Float32).Reshape(one);
            var nothing = Tensor.Zeros(slope.Backend, one);
            double Mean(Tensor a, Tensor b) => Math.Pow(a.ErrorsFrom(b, ErrorMeasure.L2)[0], 2);

            var (n, b, difference) = (Mean(now, nothing), Mean(before, nothing), Mean(now, before));
            var ratio = b == 0 ? 1 : (n + b - difference) / 2 / b; // ⟨now, before⟩ / ⟨before, before⟩
            return double.IsFinite(ratio) ? Math.Pow(Math.Clamp(ratio, 0, 1), 1 / distance) : 1;
        }
    }
}
