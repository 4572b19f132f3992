using Augur.Caching.Tokens;

namespace Augur.Caching.Policies;

/// <summary>How much of a call, or of a block within it, is run.</summary>
internal enum Pass
{
    /// <summary>All of it.</summary>
    Full,

    /// <summary>Feed-forward branches for some tokens; attention is kept.</summary>
    Conservative,

    /// <summary>Nothing: the stream behind the last block is kept.</summary>
    Aggressive,
}

/// <summary>
/// The cycles of ToCa and DuCa: a full call, then calls that are run in part. They are shorter towards the end, where features change faster.
/// One per sample.
/// </summary>
/// <param name="options">Interval and its variation.</param>
/// <param name="alternates">Whether every other partial call is aggressive (DuCa).</param>
/// <param name="callCount">Calls of the run.</param>
internal sealed class TokenCycle(ToCaOptions options, bool alternates, int callCount)
{
    private int _interval; // as the last full call set it; none before the first
    private int _lastFull; // the call

    /// <summary>What a call is in its first block and in the others. They differ only under <see cref="CycleEvaluation.Block"/>.</summary>
    public (Pass First, Pass Others) Begin(NetworkCall call)
    {
        var callIndex = call.CallIndex;
        var step = options.StepOf(callIndex, callCount);
        var isOpening = callIndex < options.Warmup || call.MustCompute;
        var first = isOpening ? Pass.Full : At(step, callIndex);
        if (first != Pass.Full)
        {
            return (first, first);
        }

        _interval = IntervalAt(step);
        _lastFull = callIndex;
        return (Pass.Full, options.Evaluate == CycleEvaluation.Block && !isOpening ? At(step, callIndex) : Pass.Full);
    }

    /// <summary>
    /// The interval that a full call sets: round(N₀ / (1 + w − 2ws/T)), or with steps counted up round(N₀ / (1 − w + 2ws/T)), halves to even, and 2
    /// in the dense zone.
    /// </summary>
    internal int IntervalAt(int step)
    {
        if (options.Interval == 1)
        {
            return 1;
        }

        var varies = options.Ratio > 0; // at 0 the released code is FORA
        if (varies && options.DenseZone && step >= (int)(0.2 * callCount) && step < (int)(0.4 * callCount))
        {
            return 2;
        }

        var stretch = !varies ? 0 : options.Counting == StepCounting.Up ? -options.Stretch : options.Stretch;
        var factor = (float)(1 + stretch - (2 * stretch * step / callCount)); // single precision, as released
        return Math.Max(1, (int)MathF.Round(options.Interval / factor));
    }

    // Behind a warm-up of several calls cycles are counted from full call to full call, otherwise by the step's number.
    private Pass At(int step, int callIndex)
    {
        var within = (options.Warmup > 1 ? callIndex - _lastFull : step) % _interval;
        return within == 0 ? Pass.Full : alternates && within % 2 == 0 ? Pass.Aggressive : Pass.Conservative;
    }
}
