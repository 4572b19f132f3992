using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// CG-Taylor's gate: forecasts the first block's output, which is computed at every call, and measures by how much it missed;
/// docs/methods/cg-taylor.md.
/// </summary>
internal sealed class FrontForecastGate(CgTaylorOptions options, IFeatureMemory front) : IGate
{
    private NetworkCall _call;
    private bool _isForced;
    private GateVerdict _verdict;

    public long ByteCount => front.ByteCount;

    public GateVerdict? Begin(NetworkCall call)
    {
        _call = call;
        _isForced = call.MustCompute || call.CallIndex < options.Warmup || call.CallIndex == call.CallCount - 1;
        return _isForced ? GateVerdict.Compute : null;
    }

    public void TakeFront(Tensor input, Tensor output)
    {
        if (!_isForced)
        {
            var forecast = Tensor.Empty(output.Backend, output.Shape);
            front.Forecast(_call.CallIndex).WriteTo(forecast);
            var error = KeptTensor.Error(forecast, output, ErrorMeasure.L1Ratio);
            _verdict = new GateVerdict(error < options.Threshold, error, options.Threshold); // not a number: computed
        }

        if (_isForced || !_verdict.Reuses)
        {
            front.Observe(output, _call.CallIndex, forgets: false); // as released, a forecast that was trusted teaches nothing
        }
    }

    public GateVerdict Decide(Question span) => _verdict;

    public void Dispose() => front.Dispose();
}
