using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>TeaCache's gate: adds up the rescaled change of the first block's modulated input; docs/methods/teacache.md.</summary>
internal sealed class ModulatedInputGate(TeaCacheOptions options) : IGate
{
    private readonly KeptTensor _before = new();
    private double _sum;
    private bool _isForced;
    private GateVerdict _verdict;

    public long ByteCount => _before.ByteCount;

    public GateVerdict? Begin(NetworkCall call)
    {
        _isForced = call.MustCompute || call.CallIndex < options.Warmup || call.CallIndex == call.CallCount - 1;
        return _isForced ? GateVerdict.Compute : null;
    }

    public bool Wants(Signal signal) => signal == Signal.ModulatedInput;

    public void Take(Tensor signal)
    {
        var change = _before.RatioTo(signal);
        _before.Keep(signal); // every call, also where it is reused, as released
        _sum += options.Coefficients.Aggregate(0.0, (y, coefficient) => (y * change) + coefficient);
        var reuses = !_isForced && _sum < options.Threshold; // not a number: no
        _verdict = new GateVerdict(reuses, _sum, options.Threshold);
        _sum = reuses ? _sum : 0;
    }

    public GateVerdict Decide() => _verdict;

    public void Dispose() => _before.Dispose();
}
