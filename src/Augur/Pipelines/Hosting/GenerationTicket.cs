using System.Threading.Channels;

namespace Augur.Pipelines;

/// <summary>
/// A request on its way: its step events as they happen, and its result. Events, picture and result come in order, from a thread of the pool; however
/// long a listener takes, no network call waits for it.
/// </summary>
public sealed class GenerationTicket
{
    private readonly Channel<Func<Task>> _outbox = Channel.CreateUnbounded<Func<Task>>(new() { SingleReader = true, SingleWriter = true });
    private readonly Channel<StepEvent> _events = Channel.CreateUnbounded<StepEvent>(new() { SingleWriter = true });
    private readonly TaskCompletionSource<GenerationResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<StepEvent>? _onStep;
    private readonly CancellationToken _given;
    private readonly CancellationToken _stopping;
    private volatile bool _isCancelled;
    private volatile bool _isDrawn;
    private Exception? _failure;
    private GenerationResult? _finished;

    internal GenerationTicket(
        GenerationRequest request, int sample, Action<StepEvent>? onStep, CancellationToken cancellationToken, CancellationToken stopping)
    {
        (Request, Sample, _onStep) = (request, sample, onStep);
        (_given, _stopping) = (cancellationToken, stopping);
        _ = Task.Run(DeliverAsync, CancellationToken.None);
    }

    /// <summary>What was asked for.</summary>
    public GenerationRequest Request { get; }

    /// <summary>
    /// The picture and its report, after the last event; cancelled when the ticket is before it is there; a <see cref="NotFiniteException"/> where
    /// they hold NaN or infinity.
    /// </summary>
    public Task<GenerationResult> Result => _result.Task;

    /// <summary>One event per sampler step, in order, from the first; may be read once. Ends with the run, also when that fails.</summary>
    public IAsyncEnumerable<StepEvent> ReadEventsAsync(CancellationToken cancellationToken = default) =>
        _events.Reader.ReadAllAsync(cancellationToken);

    /// <summary>
    /// Stops this sample before its next network call, or before its picture is made; the others go on untouched. Once the result is there, it stays.
    /// </summary>
    public void Cancel() => _isCancelled = true;

    internal int Sample { get; }

    /// <summary>Whether nobody waits for its run any more: it was cancelled, or has failed.</summary>
    internal bool IsOver => IsCancelled || Volatile.Read(ref _failure) is not null;

    // The tokens are asked, not linked: a token that outlives many requests must not hold on to them.
    // What was drawn to its end before the caller's token fired is handed over: a run that is stopped keeps what is finished.
    private bool IsCancelled => _isCancelled || _stopping.IsCancellationRequested || (!_isDrawn && _given.IsCancellationRequested);

    /// <summary>
    /// Has something done for the caller, after all that was posted before; what it throws ends this ticket alone. From the thread that computes.
    /// </summary>
    internal void Post(Func<Task> deliver) => _outbox.Writer.TryWrite(deliver);

    /// <summary>The run has made its last call, and what makes its result is posted.</summary>
    internal void PostLast(Func<Task> deliver)
    {
        _isDrawn = true;
        Post(deliver);
    }

    /// <summary>Tells of a step. Only within what was posted.</summary>
    internal void Report(StepEvent step)
    {
        _events.Writer.TryWrite(step);
        _onStep?.Invoke(step);
    }

    /// <summary>The result. Only within what was posted.</summary>
    internal void Finish(GenerationResult result)
    {
        if (FiniteCheck.ProblemOf(result) is { } problem)
        {
            Fail(problem);
            return;
        }

        _finished = result;
    }

    /// <summary>Ends the ticket with a cause, unless it is over already; the result waits for <see cref="Close"/>.</summary>
    internal void Fail(Exception problem)
    {
        if (!IsCancelled)
        {
            Interlocked.CompareExchange(ref _failure, problem, null);
        }
    }

    /// <summary>Nothing more will be posted: the run's memory is back, and the result is told after all that was posted.</summary>
    internal void Close() => _outbox.Writer.TryComplete();

    private async Task DeliverAsync()
    {
        await foreach (var deliver in _outbox.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                await (IsOver ? Task.CompletedTask : deliver()).ConfigureAwait(false);
            }
            catch (Exception problem)
            {
                Fail(problem);
            }
        }

        _events.Writer.TryComplete();
        End();
        _ = _result.Task.Exception; // whoever reads the result sees it; nobody need
    }

    private void End()
    {
        if (_failure is { } problem)
        {
            _result.TrySetException(problem);
        }
        else if (_finished is { } result && !IsCancelled)
        {
            _result.TrySetResult(result);
        }
        else
        {
            _result.TrySetCanceled(_given.IsCancellationRequested ? _given : new CancellationToken(canceled: true));
        }
    }
}
