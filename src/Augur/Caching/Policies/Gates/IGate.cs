using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>Whether a call's blocks are reused, and by what measure.</summary>
/// <param name="Reuses">Whether their effect is forecast rather than computed.</param>
/// <param name="Indicator">What was measured, if anything.</param>
/// <param name="Threshold">What it was held against.</param>
internal readonly record struct GateVerdict(bool Reuses, double? Indicator = null, double? Threshold = null)
{
    /// <summary>Computed without looking.</summary>
    public static GateVerdict Compute => default;
}

/// <summary>Decides within a call whether the blocks behind the gate are computed. An indicator that is not a number computes them.</summary>
internal interface IGate : IDisposable
{
    /// <summary>Bytes kept to decide by.</summary>
    long ByteCount { get; }

    /// <summary>A call begins.</summary>
    /// <returns>The verdict, where it does not depend on the call's features; null: it is that of <see cref="Decide"/>.</returns>
    GateVerdict? Begin(NetworkCall call);

    /// <summary>The network's own site is asked for, before anything inside it: what the network reads can be measured.</summary>
    void TakeInput(Question network)
    {
    }

    /// <summary>What the blocks before the gate read and wrote, [rows, tokens, channels]; valid during the call only.</summary>
    void TakeFront(Tensor input, Tensor output)
    {
    }

    /// <summary>The verdict before the span, after all there is to see has been seen. Asked at every call, also where it was given before.</summary>
    GateVerdict Decide(Question span);
}

/// <summary>What is remembered of the blocks behind a gate.</summary>
internal interface ISpanMemory : IDisposable
{
    /// <summary>Bytes kept.</summary>
    long ByteCount { get; }

    /// <summary>The blocks were computed: what they read and wrote, [rows, tokens, channels].</summary>
    void Observe(Tensor input, Tensor output, int callIndex);

    /// <summary>Their output at a call, or the change they make.</summary>
    Forecast Forecast(int callIndex);
}
