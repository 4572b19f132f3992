namespace Augur.Caching.Policies;

/// <summary>MagCache's gate: knows from calibrated ratios, before a call, how far a reused change would be off; docs/methods/magcache.md.</summary>
internal sealed class MagnitudeGate(MagCacheOptions options) : IGate
{
    private double _ratio = 1;
    private double _error;
    private int _inRow;

    public long ByteCount => 0;

    public GateVerdict? Begin(NetworkCall call)
    {
        if (call.CallIndex < Math.Max(1, Math.Floor((options.Retention * call.CallCount) + 0.5)) || call.MustCompute || options.Ratios.Count == 0)
        {
            return Restart(null);
        }

        _ratio *= RatioAt(call);
        _error += Math.Abs(1 - _ratio);
        _inRow++;
        return _error <= options.Threshold && _inRow <= options.MaxConsecutive ? new GateVerdict(true, _error, options.Threshold) : Restart(_error);
    }

    public GateVerdict Decide(Question span) => GateVerdict.Compute;

    public void Dispose()
    {
    }

    // The calibration run had another number of calls: the nearest of its calls, halves to even, as released.
    private double RatioAt(NetworkCall call) => call.CallCount == 1 ? options.Ratios[^1]
        : options.Ratios[(int)Math.Round(call.CallIndex * (options.Ratios.Count - 1) / (double)(call.CallCount - 1))];

    private GateVerdict Restart(double? error)
    {
        (_ratio, _error, _inRow) = (1, 0, 0);
        return new GateVerdict(false, error, error is null ? null : options.Threshold);
    }
}
