using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// DiCache for one sample: gate and memory in one, since the probe decides both whether and from what the stream is forecast;
/// docs/methods/dicache.md.
/// </summary>
internal sealed class ProbeGate(DiCacheOptions options) : IGate, ISpanMemory
{
    private const double MostAlignment = 1.5; // released: γ lies between 1 and 1.5
    private static readonly float[] s_sum = [1, 1];
    private readonly KeptTensor _inputBefore = new();
    private readonly KeptTensor _probeBefore = new();
    private Window _newest = new();
    private Window _older = new();
    private Tensor? _input; // of the probe, and what it changed, during a call
    private Tensor? _probeChange;
    private double _alignment;
    private double _sum;
    private bool _isForced;
    private GateVerdict _verdict;

    public long ByteCount => _inputBefore.ByteCount + _probeBefore.ByteCount + _newest.ByteCount + _older.ByteCount;

    long ISpanMemory.ByteCount => 0; // counted as the gate's

    public GateVerdict? Begin(NetworkCall call)
    {
        (_input, _probeChange) = (null, null);
        _isForced = call.MustCompute || call.CallIndex <= Math.Floor(options.Retention * call.CallCount) || call.CallIndex == call.CallCount - 1;
        return _isForced ? GateVerdict.Compute : null;
    }

    public void TakeFront(Tensor input, Tensor output)
    {
        (_input, _probeChange) = (input, output - input);
        var change = _probeBefore.RatioTo(output);
        _sum += options.Indicator == DiCacheIndicator.Probe ? change : Math.Abs(change - _inputBefore.RatioTo(input));
        _inputBefore.Keep(input); // every call, also where it is reused, as released
        _probeBefore.Keep(output);
        _alignment = _older.IsKnown ? Align() : 1;
        var reuses = !_isForced && _sum < options.Threshold && double.IsFinite(_alignment); // not a number: no
        _verdict = new GateVerdict(reuses, _sum, options.Threshold);
        _sum = reuses ? _sum : 0;
    }

    public GateVerdict Decide(Question span) => _verdict;

    public void Observe(Tensor input, Tensor output, int callIndex)
    {
        (_newest, _older) = (_older, _newest);
        _newest.Change.Keep(output - _input!);
        _newest.Probe.Keep(_probeChange!);
    }

    public Forecast Forecast(int callIndex) => _older.IsKnown
        ? new(new[] { _input!, _older.Change.Value, _newest.Change.Value }, new[] { 1, (float)(1 - _alignment), (float)_alignment })
        : new(new[] { _input!, _newest.Change.Value }, s_sum);

    public void Dispose()
    {
        _inputBefore.Dispose();
        _probeBefore.Dispose();
        _newest.Dispose();
        _older.Dispose();
    }

    // How far the probe has gone from the older computed call, in units of the way to the newest one.
    private double Align() => Math.Clamp(
        _older.Probe.DistanceTo(_probeChange!) / (_older.Probe.DistanceTo(_newest.Probe.Value) + double.Epsilon), 1, MostAlignment);

    /// <summary>What a computed call left: the change that all blocks made, and the one that the probe made.</summary>
    private sealed class Window : IDisposable
    {
        public KeptTensor Change { get; } = new();

        public KeptTensor Probe { get; } = new();

        public bool IsKnown => Change.IsKnown;

        public long ByteCount => Change.ByteCount + Probe.ByteCount;

        public void Dispose()
        {
            Change.Dispose();
            Probe.Dispose();
        }
    }
}
