using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>The finite differences of one feature over the network calls that computed it: D₀ the feature, Dᵢ₊₁ = (Dᵢ − Dᵢ before) / gap.</summary>
/// <remarks>TaylorSeer, arXiv 2503.06923, section 3. Updated in place; an order more is known with each computed call, up to the capacity.</remarks>
/// <param name="capacity">Differences kept at most, at least 1.</param>
/// <param name="type">Float32, or BFloat16 for half the memory.</param>
internal sealed class FeatureHistory(int capacity, DType type) : IDisposable
{
    private Tensor[] _differences = [];

    /// <summary>What is known, D₀ first.</summary>
    public ReadOnlyMemory<Tensor> Known { get; private set; }

    /// <summary>Bytes kept.</summary>
    public long ByteCount => _differences.Sum(d => d.ByteCount);

    /// <summary>Takes the feature of a computed call.</summary>
    /// <param name="feature">[rows, tokens, channels], of one shape throughout.</param>
    /// <param name="gap">Network calls since the computed call before; not 0 where <paramref name="differentiate"/>.</param>
    /// <param name="differentiate">Whether differences are formed with what was known; otherwise only the feature itself is kept.</param>
    /// <exception cref="ArgumentException">The feature's shape has changed.</exception>
    public void Observe(Tensor feature, int gap, bool differentiate)
    {
        while (_differences.Length < capacity) // one by one: where there is no room for all, those that were made are disposed with the rest
        {
            _differences = [.. _differences, Tensor.Empty(feature.Backend, feature.Shape, type).Retain()];
        }

        var known = differentiate ? Known.Length : 0;
        Tensor.UpdateDifferencesInPlace(feature, _differences, known, gap);
        Known = _differences.AsMemory(0, Math.Min(known + 1, capacity));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var difference in _differences)
        {
            difference.Dispose();
        }

        (_differences, Known) = ([], default);
    }
}
