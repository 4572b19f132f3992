namespace Augur.Caching.Policies;

/// <summary>
/// SpeCa's released code, section 5.2 of the method's page: a draft that fails is kept, and the next call is computed. The call after a
/// computed one is always a draft, so that "three calls of warm-up" computes the first and the third.
/// </summary>
internal sealed class DeferredVerdict(SpeCaOptions options) : IVerdict
{
    private int _drafts;
    private bool _lastWasComputed;

    public DraftPlan Decide(NetworkCall call, Verifier verifier)
    {
        if (_lastWasComputed && !options.AllowsNothing)
        {
            verifier.Forget();
            (_lastWasComputed, _drafts) = (false, 1);
            return options.VerifyAlways ? DraftPlan.DraftAndVerify : DraftPlan.Draft;
        }

        var isChecked = _drafts >= options.Min;
        var hasFailed = verifier.Error is not null && !verifier.Passes(options.ThresholdAt(call)); // an earlier error against this call's threshold
        if (call.CallIndex < options.Warmup || _drafts >= options.Max || (isChecked && hasFailed) || verifier.IsBlind || options.AllowsNothing)
        {
            (_lastWasComputed, _drafts) = (true, 0);
            return DraftPlan.Compute;
        }

        _drafts++;
        return isChecked || options.VerifyAlways ? DraftPlan.DraftAndVerify : DraftPlan.Draft;
    }

    public CallOutcome Judge(NetworkCall call, Verifier verifier)
    {
        var threshold = options.ThresholdAt(call);
        return new CallOutcome(verifier.Passes(threshold) ? CallKind.Accepted : CallKind.Tolerated, verifier.Error, threshold);
    }
}
