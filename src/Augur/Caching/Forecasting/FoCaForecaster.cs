using Augur.Notation;
using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>How FoCa reads the slope at the predicted point; the paper's formula allows both.</summary>
public enum FoCaSlope
{
    /// <summary>The three-point backward difference of the paper's equation 6, as everywhere else.</summary>
    Bdf2,

    /// <summary>Predicted minus current feature.</summary>
    Difference,
}

/// <summary>Which features FoCa takes slopes from at a computed call; the paper does not say.</summary>
public enum FoCaHistory
{
    /// <summary>The last three computed ones, whatever their gaps.</summary>
    Computed,

    /// <summary>The last three calls', of which some were forecast: what a forecast missed enters the next slope one and a half times.</summary>
    Stored,
}

/// <summary>Settings of <see cref="FoCaForecaster"/>.</summary>
public sealed record FoCaOptions
{
    /// <summary>How the slope at the predicted point is read; the paper's formula allows both.</summary>
    [Setting("slope")]
    public FoCaSlope Slope { get; init; }

    /// <summary>
    /// Whether slopes at a computed call are taken from the last three computed features, or from the last three stored ones, forecast or not.
    /// </summary>
    [Setting("history")]
    public FoCaHistory History { get; init; }
}

/// <summary>
/// FoCa (arXiv 2508.16211): the features as the solution of an ordinary differential equation in the call index. A two-step predictor from BDF2, then
/// a Heun correction with the slope kept from the last computed call and the slope at the predicted point. The recursion feeds on its own forecasts.
/// </summary>
/// <remarks>
/// The recursion is linear, so forecasts are carried as coefficients of the three tensors known at the last computed call, and the slope kept from it
/// is a combination of them too: at most the two forecasts before a computed call are ever formed. Warm-up keeps its features (a slope needs three).
/// </remarks>
public sealed record FoCaForecaster : IForecaster
{
    internal static readonly SettingList<FoCaOptions> Settings = new("Draft", "foca");

    /// <summary>With settings.</summary>
    public FoCaForecaster(FoCaOptions? options = null) => Options = options ?? new();

    /// <summary>The settings.</summary>
    public FoCaOptions Options { get; }

    /// <inheritdoc/>
    public string Name => Settings.Format(Options);

    /// <inheritdoc/>
    public int TermCount => 3;

    /// <inheritdoc/>
    public IFeatureMemory Remember(int termCount, DType type) => new Memory(Options, termCount, type);

    /// <summary>The feature some calls after a computed one, or before it.</summary>
    /// <param name="options">The reading of the formulas.</param>
    /// <param name="ages">
    /// Of the known tensors, in calls before the computed one, newest first: 0, 1, 2 of stored calls, 0 and any of computed ones.
    /// </param>
    /// <param name="distance">Calls after the computed one; negative: before it, as far as known of stored calls.</param>
    /// <returns>Coefficients of the known tensors.</returns>
    internal static double[] Follow(FoCaOptions options, ReadOnlySpan<int> ages, int distance)
    {
        var units = new List<double[]>();
        for (var i = 0; i < ages.Length; i++)
        {
            var unit = new double[ages.Length];
            unit[i] = 1;
            units.Add(unit);
        }

        if (distance <= 0)
        {
            return units[-distance];
        }

        var kept = Slope(units, ages);
        var history = options.History == FoCaHistory.Stored ? units : units[..1]; // newest first, a call apart
        for (var i = 0; i < distance; i++)
        {
            history.Insert(0, Next(options.Slope, history, kept));
        }

        return history[0];
    }

    private static double[] Next(FoCaSlope reading, List<double[]> history, double[] kept)
    {
        if (history.Count == 1)
        {
            return Sum((1, history[0]), (1, kept)); // one feature and its slope: the predictor is a straight step, and so is its slope
        }

        var predicted = Sum((4.0 / 3, history[0]), (-1.0 / 3, history[1]), (2.0 / 3, Slope(history, [0, 1, 2])));
        var ahead = reading == FoCaSlope.Bdf2 ? Slope([predicted, .. history], [0, 1, 2]) : Sum((1, predicted), (-1, history[0]));
        return Sum((1, history[0]), (0.5, kept), (0.5, ahead));
    }

    // The slope at the newest of up to three features, per call: that of the parabola through them (BDF2 where the ages are 0, 1, 2).
    private static double[] Slope(List<double[]> history, ReadOnlySpan<int> ages)
    {
        if (history.Count == 1)
        {
            return new double[history[0].Length];
        }

        double gap = ages[1] - ages[0];
        var slope = Sum((1 / gap, history[0]), (-1 / gap, history[1]));
        if (history.Count == 2)
        {
            return slope;
        }

        double before = ages[2] - ages[1], share = gap / (gap + before);
        return Sum((1 + share, slope), (-share / before, history[1]), (share / before, history[2]));
    }

    private static double[] Sum(params ReadOnlySpan<(double Factor, double[] Vector)> parts)
    {
        var sum = new double[parts[0].Vector.Length];
        foreach (var (factor, vector) in parts)
        {
            for (var i = 0; i < sum.Length; i++)
            {
                sum[i] += factor * vector[i];
            }
        }

        return sum;
    }

    private sealed class Memory(FoCaOptions options, int capacity, DType type) : IFeatureMemory
    {
        private Tensor[] _tensors = []; // of the last computed call, and of the two before it, computed or stored
        private int[] _calls = [];

        public long ByteCount => _tensors.Sum(t => t.ByteCount);

        public Tensor Newest => _tensors[0];

        public void Observe(Tensor feature, int callIndex, bool forgets)
        {
            using var scope = TensorScope.Begin();
            if (_tensors.Length == 0)
            {
                _tensors = [.. Enumerable.Range(0, capacity).Select(_ => Tensor.Empty(feature.Backend, feature.Shape, type).Retain())];
            }

            int[] before = _calls.Length == 0 ? []
                : options.History == FoCaHistory.Computed ? [.. _calls.Take(capacity - 1)]
                : [.. Enumerable.Range(1, capacity - 1).Select(age => callIndex - age).Where(call => call >= _calls[^1])];
            var features = Array.ConvertAll(
                before, call => options.History == FoCaHistory.Computed ? _tensors[Array.IndexOf(_calls, call)].Copy() : Form(call));
            _tensors[0].CopyFromInPlace(feature.As(type));
            for (var i = 0; i < features.Length; i++)
            {
                _tensors[i + 1].CopyFromInPlace(features[i].As(type));
            }

            _calls = [callIndex, .. before];
        }

        public Forecast Forecast(int callIndex) => new(_tensors.AsMemory(0, _calls.Length), Coefficients(callIndex));

        public void Dispose()
        {
            foreach (var tensor in _tensors)
            {
                tensor.Dispose();
            }

            (_tensors, _calls) = ([], []);
        }

        private Tensor Form(int call) => Tensor.Combine(_tensors.AsSpan(0, _calls.Length), Coefficients(call));

        private float[] Coefficients(int call) =>
            Array.ConvertAll(Follow(options, Array.ConvertAll(_calls, c => _calls[0] - c), call - _calls[0]), c => (float)c);
    }
}
