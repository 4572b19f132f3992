using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>What a call shall be.</summary>
internal enum DraftPlan
{
    Compute,
    Draft,
    DraftAndVerify,
}

/// <summary>When to draft, when to verify, and what an error means.</summary>
internal interface IVerdict
{
    /// <summary>The plan for a call that begins.</summary>
    /// <param name="call">Which; where it must be computed the answer is <see cref="DraftPlan.Compute"/>.</param>
    /// <param name="verifier">Holds the last error.</param>
    DraftPlan Decide(NetworkCall call, Verifier verifier);

    /// <summary>What became of a draft that was verified.</summary>
    CallOutcome Judge(NetworkCall call, Verifier verifier);
}

/// <summary>Forecasts, verifies in the last block, and leaves the decision to a verdict.</summary>
/// <param name="draft">The draft model; disposed with the cache.</param>
/// <param name="verifier">Measures.</param>
/// <param name="verdict">Decides.</param>
/// <param name="warmup">Calls of warm-up; differences are formed from the last of them on.</param>
internal sealed class VerifiedCache(DraftModel draft, Verifier verifier, IVerdict verdict, int warmup) : ISampleMemory
{
    private NetworkCall _call;
    private DraftPlan _plan;

    public long ByteCount => draft.ByteCount;

    public string? Note => draft.Note;

    public CallPlan Begin(NetworkCall call)
    {
        _call = call;
        _plan = verdict.Decide(call, verifier);
        if (_plan != DraftPlan.Compute)
        {
            draft.BeginDraft(call);
            return CallPlan.Draft;
        }

        draft.BeginComputed(call, forgets: call.CallIndex < warmup - 1);
        return CallPlan.Compute;
    }

    public Answer Ask(Site site) => _plan == DraftPlan.Compute ? draft.AskComputed(site) : draft.AskDraft(site, _plan == DraftPlan.DraftAndVerify);

    public void Observe(Site site, Tensor input, Tensor feature) => draft.Observe(site, feature);

    public Forecast Supply(Site site) => draft.Supply(site);

    public Tensor? SelectTokens(Site site, Tensor input) => draft.SelectTokens(site, input);

    public void Merge(Site site, Tensor tokens, Tensor fresh) => draft.Merge(site, tokens, fresh);

    public bool Wants(Site site, Signal signal) => draft.Wants(site, signal);

    public void Take(Site site, Signal signal, Tensor value) => draft.Take(site, signal, value);

    public int[]? TokensToVerify(int tokenCount) => verifier.Tokens(tokenCount, _call.CallIndex);

    public bool Judge(Site site, Tensor drafted, Tensor computed)
    {
        verifier.Measure(drafted, computed);
        return false; // as published, the forecast flows on
    }

    public CallOutcome End() => _plan switch
    {
        DraftPlan.Compute => new CallOutcome(CallKind.Computed),
        DraftPlan.Draft => new CallOutcome(draft.DraftKind),
        _ => verdict.Judge(_call, verifier),
    };

    public void Dispose() => draft.Dispose();
}
