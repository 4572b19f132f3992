using Augur.Tensors;

namespace Augur.Caching.Forecasting;

/// <summary>A rule that extrapolates one feature over network calls from what computed calls taught: immutable, shared by all features.</summary>
public interface IForecaster
{
    /// <summary>As the command line writes it, with the settings that differ from the defaults.</summary>
    string Name { get; }

    /// <summary>Tensors of the feature's size that it keeps at most.</summary>
    int TermCount { get; }

    /// <summary>The highest difference or degree that it uses, where that can be set; null: it has none.</summary>
    int? Order => null;

    /// <summary>The same rule with another order.</summary>
    /// <exception cref="ArgumentException">It has no order, or not that one.</exception>
    IForecaster WithOrder(int order) => throw new ArgumentException($"Draft {Name} has no order.");

    /// <summary>Refuses a run whose features the rule is known not to follow.</summary>
    /// <exception cref="ArgumentException">It is such a run; the message names the draft.</exception>
    void RequireRun(RunInfo run)
    {
    }

    /// <summary>A memory of one feature, with nothing remembered yet.</summary>
    /// <param name="termCount">Tensors that it may keep, 1 to <see cref="TermCount"/>.</param>
    /// <param name="type">Float32, or BFloat16 for half the memory.</param>
    IFeatureMemory Remember(int termCount, DType type);
}

/// <summary>What a forecaster remembers of one feature of one sample.</summary>
public interface IFeatureMemory : IDisposable
{
    /// <summary>Bytes kept.</summary>
    long ByteCount { get; }

    /// <summary>
    /// The feature of the last computed call as it is kept, [rows, tokens, channels]. Tokens computed since may be written into it: forecasts
    /// follow.
    /// </summary>
    Tensor Newest { get; }

    /// <summary>Takes the feature of a computed call.</summary>
    /// <param name="feature">[rows, tokens, channels], of one shape throughout.</param>
    /// <param name="callIndex">Which call, counted up.</param>
    /// <param name="forgets">Whether what was known before is dropped (published methods do so during warm-up).</param>
    /// <exception cref="ArgumentException">The feature's shape has changed.</exception>
    void Observe(Tensor feature, int callIndex, bool forgets);

    /// <summary>The feature of a call after the last computed one; something has been observed. Calls come in ascending order, none twice.</summary>
    Forecast Forecast(int callIndex);
}
