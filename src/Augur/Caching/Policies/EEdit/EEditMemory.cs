using Augur.Caching.Forecasting;

namespace Augur.Caching.Policies;

/// <summary>Computes some steps in full and of the others some tokens, as EEdit's rule says, which goes by steps rather than calls.</summary>
/// <param name="draft">What is reused or forecast, and which tokens are computed; disposed with this.</param>
/// <param name="full">One entry per step of the sampler.</param>
/// <param name="released">What the released code does otherwise; null: nothing.</param>
/// <param name="note">For the report.</param>
internal sealed class EEditMemory(DraftModel draft, bool[] full, EEditAsReleased? released, string? note) : ISampleMemory
{
    private bool _isDraft;
    private bool _hasBegun;

    public long ByteCount => draft.ByteCount + (released?.ByteCount ?? 0);

    public string? Note => draft.Note ?? note;

    public CallPlan Begin(NetworkCall call)
    {
        _isDraft = _hasBegun && !call.MustCompute && call.StepIndex < full.Length && !full[call.StepIndex];
        _hasBegun = true;
        if (_isDraft)
        {
            draft.BeginDraft(call);
            return CallPlan.Draft;
        }

        draft.BeginComputed(call, forgets: false);
        return CallPlan.Compute;
    }

    public Answer Ask(Question question)
    {
        var answer = _isDraft ? draft.AnswerDraft(question) : draft.AnswerComputed(question);
        return released is null ? answer : released.Changed(answer, question, _isDraft);
    }

    public CallOutcome End() => new(_isDraft ? CallKind.Partial : CallKind.Computed);

    public void Dispose()
    {
        draft.Dispose();
        released?.Dispose();
    }
}
