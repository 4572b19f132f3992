using Augur.Tensors;

namespace Augur.Caching.Policies;

/// <summary>
/// Keeps, of classifier-free guidance, how far the answer without the condition is from that with it, and runs the row without it every so many calls
/// only. Each row remembers for itself and counts the calls that it is run in.
/// </summary>
/// <param name="with">Of the row with the condition; disposed with this.</param>
/// <param name="without">Of the other.</param>
/// <param name="interval">Calls from one computed difference to the next.</param>
internal sealed class GuidedTextMemory(ISampleMemory with, ISampleMemory without, int interval) : ISampleMemory
{
    private const int FirstCalls = 5; // in which the difference is computed in any case, as released
    private readonly KeptTensor _difference = new();
    private bool _runsBoth;
    private int _callsWithout;

    public long ByteCount => with.ByteCount + without.ByteCount + _difference.ByteCount;

    public string? Note => with.Note;

    public IReadOnlyList<ISampleMemory> Rows => _runsBoth ? [with, without] : [with];

    public CallPlan Begin(NetworkCall call)
    {
        _runsBoth = call.CallIndex < FirstCalls || call.CallIndex % interval == 0 || call.MustCompute;
        var isDraft = with.Begin(call).IsDraft | (_runsBoth && without.Begin(call with { CallIndex = _callsWithout }).IsDraft);
        return isDraft || !_runsBoth ? CallPlan.Draft : CallPlan.Compute;
    }

    public Answer Ask(Question question) => throw new InvalidOperationException("Each row is asked for itself.");

    public Tensor Complete(Tensor answer)
    {
        if (!_runsBoth)
        {
            return Tensor.Concatenate([answer, answer - _difference.Value], 0);
        }

        _difference.Keep(answer.Rows(0, 1) - answer.Rows(1, 1));
        return answer;
    }

    public CallOutcome End()
    {
        var outcome = with.End();
        _callsWithout += _runsBoth ? 1 : 0;
        return _runsBoth && without.End().Kind == CallKind.Computed ? outcome : new CallOutcome(CallKind.Partial);
    }

    public void Dispose()
    {
        with.Dispose();
        without.Dispose();
        _difference.Dispose();
    }
}
