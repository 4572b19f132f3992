using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// SpeCa as released, section 5.2 of the method's page: a draft that fails is kept, and the next call is computed. The call after a computed one is
/// always a draft, so that "three calls of warm-up" computes the first and the third.
/// </summary>
/// <param name="options">Thresholds and limits.</param>
/// <param name="draft">Forecasts; disposed with this.</param>
/// <param name="verified">The block or fused branch that is verified.</param>
/// <param name="verifier">Measures.</param>
internal sealed class DeferredSpeCa(SpeCaOptions options, DraftModel draft, Site verified, Verifier verifier) : ISampleMemory
{
    private NetworkCall _call;
    private int _drafts; // since the last computed call
    private bool _isComputed; // this call, and at the beginning of a call: the last one
    private bool _isVerified;
    private Deferred<double[]>? _measured; // of this call's draft; read with those of all samples when the call ends
    private double? _error; // of the last draft that was verified

    public long ByteCount => draft.ByteCount;

    public string? Note => draft.Note;

    public CallPlan Begin(NetworkCall call)
    {
        _call = call;
        if (Computes(call))
        {
            (_isComputed, _isVerified, _drafts) = (true, false, 0);
            draft.BeginComputed(call, forgets: call.CallIndex < options.Warmup - 1);
            return CallPlan.Compute;
        }

        _isVerified = options.VerifyAlways || (!_isComputed && _drafts >= options.Min);
        _error = _isComputed ? null : _error;
        (_isComputed, _drafts) = (false, _isComputed ? 1 : _drafts + 1);
        draft.BeginDraft(call);
        return CallPlan.Draft;
    }

    public Answer Ask(Question question)
    {
        if (_isComputed)
        {
            return draft.AnswerComputed(question);
        }

        return _isVerified && question.Site == verified
            ? draft.AnswerVerified(question, count => verifier.Tokens(count, _call.CallIndex), v => _measured = verifier.Error(v))
            : draft.AnswerDraft(question, _isVerified);
    }

    public CallOutcome End()
    {
        if (_isComputed || !_isVerified)
        {
            return new CallOutcome(_isComputed ? CallKind.Computed : draft.DraftKind);
        }

        _error = _measured?.Value.Average();
        var threshold = options.ThresholdAt(_call);
        return new CallOutcome(_error <= threshold ? CallKind.Accepted : CallKind.Tolerated, _error, threshold);
    }

    public void Dispose() => draft.Dispose();

    // An earlier draft's error is held against this call's threshold; one that is not finite says nothing, and the call is computed.
    private bool Computes(NetworkCall call)
    {
        if (_isComputed || call.MustCompute)
        {
            return call.MustCompute;
        }

        var isBlind = _error is { } error && !double.IsFinite(error);
        var hasFailed = _drafts >= options.Min && _error > options.ThresholdAt(call);
        return call.CallIndex < options.Warmup || _drafts >= options.Max || hasFailed || isBlind;
    }
}
