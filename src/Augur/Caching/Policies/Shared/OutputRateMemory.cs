using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>EasyCache's memory and decision for one sample; docs/methods/easycache.md.</summary>
internal sealed class OutputRateMemory(EasyCacheOptions options) : ISampleMemory
{
    private static readonly float[] s_weights = [1, -1, 1];
    private readonly KeptTensor _inputBefore = new();
    private readonly KeptTensor _computedInput = new();
    private readonly KeptTensor _computedOutput = new();
    private double _rate = double.NaN; // change of the output per change of the input, between the last two computed calls
    private double _magnitude = double.NaN;
    private double _sum;
    private bool _isForced;
    private CallOutcome _outcome;

    public long ByteCount => _inputBefore.ByteCount + _computedInput.ByteCount + _computedOutput.ByteCount;

    public CallPlan Begin(NetworkCall call)
    {
        _isForced = call.MustCompute || call.CallIndex < options.Warmup || call.CallIndex == call.CallCount - 1;
        _outcome = new CallOutcome(CallKind.Computed);
        return CallPlan.Compute;
    }

    public Answer Ask(Question question)
    {
        if (question.Site != Site.Output)
        {
            return Answer.Compute;
        }

        var input = question.Measure(Signal.NetworkInput);
        Decide(input);
        return _outcome.Kind == CallKind.Drafted ? Answer.Supply(OutputAt(input)) : Answer.Compute.Observed((_, output) => Observe(input, output));
    }

    public CallOutcome End() => _outcome;

    public void Dispose()
    {
        _inputBefore.Dispose();
        _computedInput.Dispose();
        _computedOutput.Dispose();
    }

    private void Decide(Tensor input)
    {
        var change = _inputBefore.DistanceTo(input);
        _inputBefore.Keep(input); // every call, also where it is reused, as released
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

    private void Observe(Tensor input, Tensor output)
    {
        _rate = _computedOutput.DistanceTo(output) / _computedInput.DistanceTo(input);
        _computedOutput.Keep(output);
        _computedInput.Keep(input);
        _magnitude = _computedOutput.Magnitude();
    }

    // Input + (computed output − computed input), summed in the order that gives the computed output itself back where the input is the same.
    private Forecast OutputAt(Tensor input) => new(new[] { input, _computedInput.Value, _computedOutput.Value }, s_weights);
}
