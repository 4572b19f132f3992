using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>EasyCache's memory and decision for one sample; docs/methods/easycache.md.</summary>
internal sealed class OutputRateCache(EasyCacheOptions options) : ISampleMemory
{
    private static readonly float[] s_weights = [1, -1, 1];
    private readonly KeptTensor _inputBefore = new();
    private readonly KeptTensor _computedInput = new();
    private readonly KeptTensor _computedOutput = new();
    private double _rate = double.NaN; // change of the output per change of the input, between the last two computed calls
    private double _magnitude = double.NaN;
    private double _sum;
    private Tensor? _input; // the network's, during a call
    private bool _isForced;
    private CallOutcome _outcome;

    public long ByteCount => _inputBefore.ByteCount + _computedInput.ByteCount + _computedOutput.ByteCount;

    public CallPlan Begin(NetworkCall call)
    {
        _isForced = call.MustCompute || call.CallIndex < options.Warmup || call.CallIndex == call.CallCount - 1;
        _outcome = new CallOutcome(CallKind.Computed);
        return CallPlan.Compute;
    }

    public bool Wants(Site site, Signal signal) => signal == Signal.NetworkInput;

    public void Take(Site site, Signal signal, Tensor value)
    {
        var change = _inputBefore.DistanceTo(value);
        _inputBefore.Keep(value); // every call, also where it is reused, as released
        _input = value;
        if (_isForced)
        {
            _sum = 0;
            return;
        }

        _sum += _rate * change / _magnitude;
        var reuses = _sum < options.Threshold; // not a number, for example before a rate is known: no
        _outcome = new CallOutcome(reuses ? CallKind.Drafted : CallKind.Computed, _sum, options.Threshold);
        _sum = reuses ? _sum : 0;
    }

    public Answer Ask(Site site) => site != Site.Output ? Answer.Compute : _outcome.Kind == CallKind.Drafted ? Answer.Supply : Answer.ComputeAndObserve;

    public void Observe(Site site, Tensor input, Tensor feature)
    {
        _rate = _computedOutput.DistanceTo(feature) / _computedInput.DistanceTo(_input!);
        _computedOutput.Keep(feature);
        _computedInput.Keep(_input!);
        _magnitude = _computedOutput.Magnitude();
    }

    // Input + (computed output − computed input), summed in the order that gives the computed output itself back where the input is the same.
    public Forecast Supply(Site site) => new(new[] { _input!, _computedInput.Value, _computedOutput.Value }, s_weights);

    public CallOutcome End()
    {
        _input = null;
        return _outcome;
    }

    public void Dispose()
    {
        _inputBefore.Dispose();
        _computedInput.Dispose();
        _computedOutput.Dispose();
    }
}
