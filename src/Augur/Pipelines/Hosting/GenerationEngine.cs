using System.Threading.Channels;

namespace Augur.Pipelines;

/// <summary>
/// Serves requests in this process: those in flight share batched network calls, join and leave between calls, and do not see each other.
/// What fails of one (its policy, sampler, noise, listener, decoding) ends its own ticket. Any thread may submit; one thread computes, and
/// listeners, previews and decoding run beside it.
/// </summary>
public sealed class GenerationEngine : IAsyncDisposable
{
    private readonly Channel<IReadOnlyList<RequestGroup>> _submitted =
        Channel.CreateUnbounded<IReadOnlyList<RequestGroup>>(new() { SingleReader = true });

    private readonly CancellationTokenSource _stopping = new();
    private readonly DiffusionModel _model;
    private readonly RequestCheck _check;
    private readonly RunStart _start;
    private readonly Admission _admission;
    private readonly WaitingRoom _room;
    private readonly Engine _engine;
    private readonly PictureQueue _pictures;
    private readonly Task _worker;
    private readonly List<RequestGroup> _waiting = [];
    private readonly List<RequestGroup> _active = [];
    private volatile Exception? _death;

    /// <summary>Starts serving.</summary>
    /// <param name="model">Network, decoder and defaults; the caller disposes it after the engine.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">Clock for reports; default the system's.</param>
    public GenerationEngine(DiffusionModel model, EngineOptions? options = null, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var bounds = options ?? new();
        _model = model;
        _check = new RequestCheck(model);
        _start = new RunStart(model);
        _admission = new Admission(bounds);
        _room = new WaitingRoom(bounds.MaxWaiting);
        _engine = new Engine(model.Denoiser, time ?? TimeProvider.System, bounds.MaxRows);
        _pictures = new PictureQueue(model, new CallClock(time ?? TimeProvider.System, model.Denoiser.Backend), _stopping.Token);
        _worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Submits one request.</summary>
    /// <exception cref="ArgumentException">A request that this model cannot serve; the message names the option and its range.</exception>
    /// <exception cref="QueueFullException">As many wait to begin as <see cref="EngineOptions.MaxWaiting"/> allows.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed.</exception>
    /// <exception cref="InvalidOperationException">The engine has stopped for a fault of its own, which is the inner exception.</exception>
    public GenerationTicket Submit(GenerationRequest request, CancellationToken cancellationToken = default) =>
        Submit([request], null, cancellationToken)[0];

    /// <summary>Submits requests that begin together; methods that decide for a batch see these, and only these, as their batch.</summary>
    /// <inheritdoc cref="Submit(GenerationRequest, CancellationToken)"/>
    public IReadOnlyList<GenerationTicket> Submit(IReadOnlyList<GenerationRequest> requests, CancellationToken cancellationToken = default) =>
        Submit(requests.NotNull(), null, cancellationToken);

    /// <summary>Submits one request as soon as the queue has room for it.</summary>
    /// <exception cref="OperationCanceledException">Cancelled before it had.</exception>
    /// <exception cref="ArgumentException">A request that this model cannot serve; the message names the option and its range.</exception>
    /// <exception cref="ObjectDisposedException">The engine was disposed, perhaps while the request waited for room.</exception>
    /// <exception cref="InvalidOperationException">The engine has stopped for a fault of its own, which is the inner exception.</exception>
    public async Task<GenerationTicket> SubmitAsync(GenerationRequest request, CancellationToken cancellationToken = default)
    {
        Require([request]);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        try
        {
            await _room.EnterAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Stopped();
        }

        return Take([request], null, cancellationToken)[0];
    }

    /// <summary>
    /// Stops every request before its next network call, and waits until nothing uses the model any more. A listener that is still running is
    /// not waited for; its ticket ends when it returns.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        _submitted.Writer.TryComplete();
        await _worker.ConfigureAwait(false);
        await _pictures.DisposeAsync().ConfigureAwait(false);
    }

    internal IReadOnlyList<GenerationTicket> Submit(
        IReadOnlyList<GenerationRequest> requests, Action<StepEvent>? onStep, CancellationToken cancellationToken)
    {
        Require(requests);
        _room.Enter(requests.Count);
        return Take(requests, onStep, cancellationToken);
    }

    private void Require(IReadOnlyList<GenerationRequest> requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        foreach (var request in requests)
        {
            _check.Require(request);
            _ = _model.Choose(request); // refuses a quality that the model cannot promise
        }
    }

    // Of requests that have their seats in the waiting room.
    private GenerationTicket[] Take(IReadOnlyList<GenerationRequest> requests, Action<StepEvent>? onStep, CancellationToken cancellationToken)
    {
        GenerationTicket[] tickets =
            [.. requests.Select((request, sample) => new GenerationTicket(
                request with { Choice = _model.Choose(request) }, sample, onStep, cancellationToken, _stopping.Token))];
        var groups = RequestGroup.Of(tickets, _check);
        _room.Leave(tickets.Length - groups.Sum(g => g.Tickets.Count));
        if (!_submitted.Writer.TryWrite(groups))
        {
            _room.Leave(groups.Sum(g => g.Tickets.Count));
            Array.ForEach(tickets, t => t.Close());
            throw Stopped();
        }

        return tickets;
    }

    private InvalidOperationException Stopped() => _death is { } cause
        ? new InvalidOperationException($"The engine has stopped: {cause.Message}", cause)
        : new ObjectDisposedException(nameof(GenerationEngine));

    // Whatever escapes ends every ticket with the cause, and the engine with it.
    private void Work()
    {
        try
        {
            Serve();
        }
        catch (Exception problem)
        {
            _death = problem;
        }

        _submitted.Writer.TryComplete();
        while (_submitted.Reader.TryRead(out var groups))
        {
            _waiting.AddRange(groups);
        }

        foreach (var group in _active.Concat(_waiting))
        {
            group.End(_death);
        }

        _room.Leave(_waiting.Sum(g => g.Tickets.Count)); // whoever waits for room learns that there is no engine any more
    }

    // Until nothing more will come.
    private void Serve()
    {
        while (Receive() && !_stopping.IsCancellationRequested)
        {
            DropWhatIsOver();
            Admit();
            if (_active.Count > 0)
            {
                Advance();
            }
        }
    }

    // Takes what was submitted; waits where there is nothing else to do. False: nothing more will come.
    private bool Receive()
    {
        if (_active.Count + _waiting.Count == 0 && !_submitted.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            return false;
        }

        while (_submitted.Reader.TryRead(out var groups))
        {
            _waiting.AddRange(groups);
        }

        return true;
    }

    private void DropWhatIsOver()
    {
        foreach (var group in _waiting.Where(g => g.IsOver).ToArray())
        {
            _waiting.Remove(group);
            _room.Leave(group.Tickets.Count);
            group.End(null);
        }

        foreach (var group in _active.Where(g => g.IsOver).ToArray())
        {
            Leave(group, null);
        }
    }

    private void Admit()
    {
        while (_waiting.FirstOrDefault() is { } next)
        {
            if (!next.IsPrepared)
            {
                Prepare(next);
                continue;
            }

            if (!_admission.Allows(next, _active))
            {
                return;
            }

            _waiting.RemoveAt(0);
            _room.Leave(next.Tickets.Count);
            try
            {
                next.Begin(_start, _admission.CacheBudgetOf(next));
                _active.Add(next);
            }
            catch (Exception problem)
            {
                next.End(problem);
            }
        }
    }

    // The first in the queue: in its place come the groups that it makes, or nothing.
    private void Prepare(RequestGroup next)
    {
        IReadOnlyList<RequestGroup> groups = [];
        EncodeWhatWaits();
        try
        {
            groups = next.Prepare(_start);
            foreach (var group in groups)
            {
                _admission.Require(group);
            }

            _waiting.RemoveAt(0);
            _waiting.InsertRange(0, groups);
        }
        catch (Exception problem)
        {
            _waiting.RemoveAt(0);
            _room.Leave(next.Tickets.Count);
            foreach (var group in groups.Count > 0 ? groups : [next])
            {
                group.End(problem);
            }
        }
    }

    // The prompts of all who wait in one batch. What is wrong with one of them is told to its own request, which asks for it again.
    private void EncodeWhatWaits()
    {
        try
        {
            _model.EncodePrompts([.. _waiting.Where(g => !g.IsPrepared).SelectMany(g => g.Tickets).Select(t => t.Request)]);
        }
        catch (Exception)
        {
        }
    }

    private void Advance()
    {
        try
        {
            _engine.Tick(_active.ConvertAll(g => g.Decisions));
        }
        catch (Exception problem)
        {
            _active.ForEach(g => g.Decisions.Fail(problem)); // nothing of these runs can be trusted any more
        }

        foreach (var group in _active.ToArray())
        {
            Settle(group);
        }
    }

    // After a call: tells of it, and lets go of a group that is over.
    private void Settle(RequestGroup group)
    {
        var decisions = group.Decisions;
        var isFinished = false;
        if (decisions.Failure is null)
        {
            decisions.Try(() =>
            {
                _admission.Look(group);
                group.Report(_pictures);
                isFinished = decisions.IsFinished;
                if (isFinished)
                {
                    group.Finish(_check, _pictures);
                }
            });
        }

        if (isFinished || decisions.Failure is not null)
        {
            Leave(group, decisions.Failure);
        }
    }

    private void Leave(RequestGroup group, Exception? problem)
    {
        _active.Remove(group);
        group.End(problem);
    }
}
