using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// Adds up how much the first block's modulated input changes from call to call; docs/methods/teacache.md, docs/methods/seacache.md.
/// </summary>
/// <param name="threshold">The sum at which a call is computed.</param>
/// <param name="warmup">Calls computed at the beginning.</param>
/// <param name="rescale">From a relative change to what is added; null: the change itself.</param>
/// <param name="filter">What is compared in place of the signal; null: the signal itself.</param>
internal sealed class ModulatedInputGate(
    double threshold, int warmup, Func<double, double>? rescale = null, Func<Tensor, NetworkCall, Tensor>? filter = null) : IGate
{
    private readonly KeptTensor _before = new();
    private NetworkCall _call;
    private double _sum;
    private bool _isForced;

    public long ByteCount => _before.ByteCount;

    public GateVerdict? Begin(NetworkCall call)
    {
        _call = call;
        _isForced = call.MustCompute || call.CallIndex < warmup || call.CallIndex == call.CallCount - 1;
        return _isForced ? GateVerdict.Compute : null;
    }

    public GateVerdict Decide(Question span)
    {
        var signal = span.Measure(Signal.ModulatedInput);
        var seen = filter?.Invoke(signal, _call) ?? signal;
        var change = _before.RatioTo(seen);
        _before.Keep(seen); // every call, also where it is reused, as released
        _sum += rescale?.Invoke(change) ?? change;
        var reuses = !_isForced && _sum < threshold; // not a number: no
        var verdict = new GateVerdict(reuses, _sum, threshold);
        _sum = reuses ? _sum : 0;
        return verdict;
    }

    public void Dispose() => _before.Dispose();
}
