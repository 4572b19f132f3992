using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// SenCache's gate: the change of latent and time since the last computed call, each by the sensitivity measured there; docs/methods/sencache.md.
/// </summary>
/// <param name="options">Thresholds, limits and the table.</param>
/// <param name="latentShare">Share of the output's channels that are the latent's; in the others the signal is 0.</param>
internal sealed class SensitivityGate(SenCacheOptions options, double latentShare) : IGate
{
    private readonly KeptTensor _computed = new();
    private NetworkCall _call;
    private float _timestep; // of the last computed call
    private int _row; // of the table, nearest to it
    private int _inRow;
    private bool _isForced;
    private GateVerdict _verdict;

    public long ByteCount => _computed.ByteCount;

    public GateVerdict? Begin(NetworkCall call)
    {
        _call = call;
        var ends = (int)Math.Floor((options.Retention * call.CallCount) + 0.5);
        _isForced = call.MustCompute || call.CallIndex < ends || call.CallIndex >= call.CallCount - ends || options.MaxConsecutive == 0;
        return _isForced ? GateVerdict.Compute : null;
    }

    public void TakeInput(Question network)
    {
        var latent = network.Measure(Signal.NetworkInput);
        var threshold = _call.CallIndex < Math.Round(options.EarlyShare * _call.CallCount) ? options.EarlyThreshold : options.Threshold;
        var change = _isForced || !_computed.IsKnown ? double.NaN : ChangeTo(latent);
        var reuses = change < threshold && _inRow < options.MaxConsecutive; // not a number: no
        _verdict = new GateVerdict(reuses, _isForced ? null : change, _isForced ? null : threshold);
        _inRow = reuses ? _inRow + 1 : 0;
        if (!reuses)
        {
            _computed.Keep(latent);
            _timestep = _call.Timestep;
            _row = options.Times.Count == 0 ? 0
                : Enumerable.Range(0, options.Times.Count).MinBy(row => Math.Abs(options.Times[row] - _timestep)); // as released
        }
    }

    public GateVerdict Decide(Question span) => _verdict;

    public void Dispose() => _computed.Dispose();

    // J_z · ‖z − z_c‖ + J_t · |t − t_c|, root mean square over the latent's elements.
    private double ChangeTo(Tensor latent)
    {
        var distance = KeptTensor.Error(latent, _computed.Value, ErrorMeasure.L2) / Math.Sqrt(latentShare);
        return (options.ByLatent[_row] * distance) + (options.ByTime[_row] * Math.Abs(_call.Timestep - _timestep));
    }
}
