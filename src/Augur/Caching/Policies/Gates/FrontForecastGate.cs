using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// CG-Taylor's gate: forecasts the first block's output, which is computed at every call, and measures by how much it missed;
/// docs/methods/cg-taylor.md.
/// </summary>
/// <param name="options">Threshold, warm-up, learning.</param>
/// <param name="front">Of the first block's output; disposed with this.</param>
/// <param name="picture">The tokens that are looked at; null: all.</param>
internal sealed class FrontForecastGate(CgTaylorOptions options, IFeatureMemory front, TokenRange? picture) : IGate
{
    private NetworkCall _call;
    private bool _hasLearned;
    private bool _isForced;
    private GateVerdict _verdict;

    /// <summary>Is shown what the gate looks at, in every call.</summary>
    public Action<NetworkCall, Tensor>? ObserveFront { get; init; }

    public long ByteCount => front.ByteCount;

    public GateVerdict? Begin(NetworkCall call)
    {
        _call = call;
        _isForced = call.MustCompute || call.CallIndex < options.Warmup || call.CallIndex == call.CallCount - 1;
        return _isForced ? GateVerdict.Compute : null;
    }

    public void TakeFront(Tensor input, Tensor output)
    {
        var seen = picture is null ? output : output.Slice(1, picture.First, picture.Count);
        ObserveFront?.Invoke(_call, seen);
        if (!_isForced)
        {
            var error = Error(seen);
            _verdict = new GateVerdict(error < options.Threshold, error, options.Threshold); // not a number: computed
        }

        var learns = options.Learns == GateLearning.FromStart || (options.Learns == GateLearning.AfterWarmup && _call.CallIndex >= options.Warmup);
        if (learns && (_isForced || !_verdict.Reuses))
        {
            front.Observe(seen, _call.CallIndex, forgets: false); // as released, a forecast that was trusted teaches nothing
            _hasLearned = true;
        }
    }

    public GateVerdict Decide(Question span) => _verdict;

    public void Dispose() => front.Dispose();

    // A forecast from nothing is 0 throughout.
    private double Error(Tensor seen)
    {
        var forecast = Tensor.Zeros(seen.Backend, seen.Shape);
        if (_hasLearned)
        {
            front.Forecast(_call.CallIndex).WriteTo(forecast);
        }

        return KeptTensor.Error(forecast, seen, ErrorMeasure.L1Ratio);
    }
}
