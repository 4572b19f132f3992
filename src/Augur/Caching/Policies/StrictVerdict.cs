namespace Augur.Caching.Policies;

/// <summary>SpeCa's paper, section 4 of the method's page: a draft that fails is computed in the same call, and forecasting starts anew from there.</summary>
internal sealed class StrictVerdict(SpeCaOptions options) : IVerdict
{
    private int _drafts;

    public DraftPlan Decide(NetworkCall call, Verifier verifier)
    {
        verifier.Forget();
        if (call.MustCompute || options.AllowsNothing || call.CallIndex < options.Warmup || _drafts >= options.Max)
        {
            _drafts = 0;
            return DraftPlan.Compute;
        }

        return ++_drafts <= options.Min ? DraftPlan.Draft : DraftPlan.DraftAndVerify;
    }

    public CallOutcome Judge(NetworkCall call, Verifier verifier)
    {
        var threshold = options.ThresholdAt(call);
        return new CallOutcome(verifier.Passes(threshold) ? CallKind.Accepted : CallKind.Rejected, verifier.Error, threshold);
    }
}
