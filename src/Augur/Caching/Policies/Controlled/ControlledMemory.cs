using Augur.Caching.Forecasting;
using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// One sample whose computed calls are chosen on the way: each is held against the draft that there would have been for it, and what that says
/// decides how far the next drafts reach.
/// </summary>
/// <param name="draft">Of the network's output; disposed with this.</param>
/// <param name="run">The run.</param>
/// <param name="tolerance">What the drafts between two computed calls may be off in all, as <see cref="ErrorControl"/> counts it.</param>
/// <param name="note">For the report; null: nothing.</param>
internal sealed class ControlledMemory(DraftModel draft, RunInfo run, double tolerance, string? note) : ISampleMemory
{
    private readonly ErrorControl _control = new(tolerance);
    private readonly GuidedLatent _latent = new(run);
    private NetworkCall _call;
    private bool _isDraft;
    private double? _error;

    public long ByteCount => draft.ByteCount;

    public string? Note => draft.Note ?? note;

    public CallPlan Begin(NetworkCall call)
    {
        if (call.Image is not { } image || double.IsNaN(call.NoiseToSignal))
        {
            throw new InvalidOperationException(
                $"Policy augur: error counts what drafts change a picture by, and at call {call.CallIndex} the sampler does not say how noisy the "
                + "latent is and which picture an answer points to.");
        }

        (_call, _error) = (call, null);
        _isDraft = _control.Drafts(call, run.AddsNoise ? 1 : Math.Abs(image.Output)) && !call.MustCompute;
        if (_isDraft)
        {
            draft.BeginDraft(call);
            return CallPlan.Draft;
        }

        draft.BeginComputed(call, forgets: false);
        return CallPlan.Compute;
    }

    public Answer Ask(Question question) => _isDraft ? draft.AnswerDraft(question) : draft.AnswerComputed(question, Judge);

    public CallOutcome End()
    {
        if (_isDraft)
        {
            return new CallOutcome(CallKind.Drafted);
        }

        _control.Computed(_call, _error);
        return new CallOutcome(CallKind.Computed, _error);
    }

    public void Dispose() => draft.Dispose();

    private void Judge(Tensor drafted, Tensor computed) => _error = _latent.Error(drafted, computed);
}
