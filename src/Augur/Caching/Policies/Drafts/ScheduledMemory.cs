using Augur.Caching.Forecasting;

namespace Augur.Caching.Policies;

/// <summary>Computes the calls of a schedule; forecasts the others without looking.</summary>
/// <param name="draft">The draft model; disposed with the cache.</param>
/// <param name="plan">One entry per call, true where it is computed; the first is.</param>
/// <param name="warmup">Calls of warm-up; differences are formed from the last of them on.</param>
internal sealed class ScheduledMemory(DraftModel draft, bool[] plan, int warmup) : ISampleMemory
{
    private bool _isDraft;

    public long ByteCount => draft.ByteCount;

    public string? Note => draft.Note;

    public CallPlan Begin(NetworkCall call)
    {
        _isDraft = !call.MustCompute && !plan[call.CallIndex];
        if (_isDraft)
        {
            draft.BeginDraft(call);
            return CallPlan.Draft;
        }

        draft.BeginComputed(call, forgets: call.CallIndex < warmup - 1); // differences wait for the last call of the warm-up
        return CallPlan.Compute;
    }

    public Answer Ask(Question question) => _isDraft ? draft.AnswerDraft(question) : draft.AnswerComputed(question);

    public CallOutcome End() => new(_isDraft ? draft.DraftKind : CallKind.Computed);

    public void Dispose() => draft.Dispose();
}
