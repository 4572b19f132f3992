using System.Threading.Channels;

namespace Augur.Pipelines;

/// <summary>A request on its way: its step events as they happen, and its result.</summary>
public sealed class GenerationTicket
{
    private readonly Channel<StepEvent> _events = Channel.CreateUnbounded<StepEvent>(new UnboundedChannelOptions { SingleWriter = true });
    private readonly TaskCompletionSource<GenerationResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationToken _given;
    private volatile bool _isCancelled;

    internal GenerationTicket(GenerationRequest request, int sample, Action<StepEvent>? onStep, CancellationToken cancellationToken)
    {
        (Request, Sample, OnStep) = (request, sample, onStep);
        _given = cancellationToken;
    }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>The picture and its report; cancelled when the ticket is; a <see cref="NotFiniteException"/> where they hold NaN or infinity.</summary>
    public Task<GenerationResult> Result => _result.Task;

    /// <summary>One event per sampler step, in order, from the first; may be read once. Ends with the run, also when that fails.</summary>
    public IAsyncEnumerable<StepEvent> ReadEventsAsync(CancellationToken cancellationToken = default) => _events.Reader.ReadAllAsync(cancellationToken);

    /// <summary>Stops this sample before its next network call; the others go on untouched.</summary>
    public void Cancel() => _isCancelled = true;

    internal int Sample { get; }

    internal Action<StepEvent>? OnStep { get; }

    // The caller's token is asked, not linked: a token that outlives many requests must not hold on to them.
    internal bool IsCancelled => _isCancelled || _given.IsCancellationRequested;

    internal void Report(StepEvent step)
    {
        _events.Writer.TryWrite(step);
        OnStep?.Invoke(step);
    }

    internal void Finish(GenerationResult result)
    {
        if (FiniteCheck.ProblemOf(result) is { } problem)
        {
            Fail(problem);
            return;
        }

        End(() => _result.TrySetResult(result));
    }

    internal void Fail(Exception problem) => End(() => _result.TrySetException(problem));

    internal void EndCancelled() => End(() => _result.TrySetCanceled(_given.IsCancellationRequested ? _given : new CancellationToken(canceled: true)));

    private void End(Action complete)
    {
        _events.Writer.TryComplete();
        complete();
        _ = _result.Task.Exception; // whoever reads the result sees it; nobody need
    }
}
