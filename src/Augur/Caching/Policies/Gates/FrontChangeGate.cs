using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// DBCache's gate: compares the change that the front blocks make with the one they made at the last computed call; docs/methods/dbcache.md.
/// </summary>
internal sealed class FrontChangeGate(double threshold, ReuseLimits limits) : IGate
{
    private readonly KeptTensor _computed = new();
    private bool _isForced;
    private GateVerdict _verdict;

    public long ByteCount => _computed.ByteCount;

    public GateVerdict? Begin(NetworkCall call)
    {
        _isForced = !limits.Allow(call);
        return _isForced ? GateVerdict.Compute : null;
    }

    public void TakeFront(Tensor input, Tensor output)
    {
        var change = output - input;
        var ratio = _isForced ? double.NaN : _computed.RatioTo(change);
        var reuses = ratio < threshold; // not a number: no
        limits.Count(reuses);
        _verdict = new GateVerdict(reuses, ratio, threshold);
        if (!reuses)
        {
            _computed.Keep(change); // the comparison is always with the last computed call
        }
    }

    public GateVerdict Decide(Question span) => _verdict;

    public void Dispose() => _computed.Dispose();
}
