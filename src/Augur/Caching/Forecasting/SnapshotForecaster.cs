using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>A forecaster that weighs the last computed features themselves, by the calls they come from.</summary>
/// <remarks>Features of the warm-up are kept: these rules live on many features.</remarks>
public abstract record SnapshotForecaster : IForecaster
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Features that it keeps at most.</summary>
    public abstract int TermCount { get; }

    /// <inheritdoc/>
    public virtual int? Order => null;

    /// <inheritdoc/>
    public virtual IForecaster WithOrder(int order) => throw new ArgumentException($"Draft {Name} has no order.");

    /// <summary>The coefficients of the kept features.</summary>
    /// <param name="calls">The calls they come from, newest first, descending.</param>
    /// <param name="target">The call to forecast, after all of them.</param>
    public abstract double[] Weigh(ReadOnlySpan<int> calls, int target);

    /// <inheritdoc/>
    public virtual void RequireRun(RunInfo run)
    {
    }

    /// <summary>The coefficients between two computed calls, asked for once after each; a rule may look at the features themselves.</summary>
    /// <param name="features">What is kept, [rows, tokens, channels] each, newest first.</param>
    /// <param name="calls">The calls they come from.</param>
    /// <returns>From a call to the coefficients of the features.</returns>
    private protected virtual Func<int, double[]> Window(IReadOnlyList<Tensor> features, int[] calls) => target => Weigh(calls, target);

    /// <inheritdoc/>
    public IFeatureMemory Remember(int termCount, DType type) => new Memory(this, termCount, type);

    private sealed class Memory(SnapshotForecaster rule, int capacity, DType type) : IFeatureMemory
    {
        private readonly List<Tensor> _features = []; // newest first
        private readonly List<int> _calls = [];
        private Func<int, double[]>? _window; // since the last computed call

        public long ByteCount => _features.Sum(f => f.ByteCount);

        public Tensor Newest => _features[0];

        public void Observe(Tensor feature, int callIndex, bool forgets)
        {
            var slot = _features.Count < capacity ? Tensor.Empty(feature.Backend, feature.Shape, type).Retain() : _features[^1];
            using (TensorScope.Begin())
            {
                slot.CopyFromInPlace(feature.As(type));
            }

            _features.Remove(slot);
            _features.Insert(0, slot);
            _calls.Insert(0, callIndex);
            _calls.RemoveRange(_features.Count, _calls.Count - _features.Count);
            _window = null;
        }

        public Forecast Forecast(int callIndex)
        {
            _window ??= rule.Window(_features, [.. _calls]);
            return new(_features.ToArray(), Array.ConvertAll(_window(callIndex), c => (float)c));
        }

        public void Dispose()
        {
            foreach (var feature in _features)
            {
                feature.Dispose();
            }

            _features.Clear();
        }
    }
}
