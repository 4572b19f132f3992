using System.Threading.Channels;

namespace Augur.Pipelines;

/// <summary>
/// Serves requests in this process: those in flight share batched network calls, join and leave between calls, and do not see each other.
/// Any thread may submit; one thread computes.
/// </summary>
public sealed class GenerationEngine : IAsyncDisposable
{
    private readonly Channel<IReadOnlyList<GenerationTicket>> _submitted = Channel.CreateUnbounded<IReadOnlyList<GenerationTicket>>(new() { SingleReader = true });
    private readonly DiffusionModel _model;
    private readonly Launch _launch;
    private readonly Admission _admission;
    private readonly Engine _engine;
    private readonly Task _worker;
    private readonly Queue<RequestGroup> _waiting = [];
    private readonly List<RequestGroup> _active = [];
    private volatile bool _isStopping;

    /// <summary>Starts serving.</summary>
    /// <param name="model">Network, decoder and defaults; the caller disposes it after the engine.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">Clock for reports; default the system's.</param>
    public GenerationEngine(DiffusionModel model, EngineOptions? options = null, TimeProvider? time = null)
    {
        var bounds = options ?? new();
        _model = model;
        _launch = new Launch(model, time ?? TimeProvider.System);
        _admission = new Admission(model.Denoiser, bounds);
        _engine = new Engine(model.Denoiser, time ?? TimeProvider.System, bounds.MaxRows);
        _worker = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <summary>Submits one request.</summary>
    /// <exception cref="ArgumentException">A request that this model cannot serve; the message names the option and its range.</exception>
    /// <exception cref="ObjectDisposedException">The engine has stopped.</exception>
    public GenerationTicket Submit(GenerationRequest request, CancellationToken cancellationToken = default) => Submit([request], null, cancellationToken)[0];

    /// <summary>Submits requests that begin together; methods that decide for a batch see these, and only these, as their batch.</summary>
    /// <inheritdoc cref="Submit(GenerationRequest, CancellationToken)"/>
    public IReadOnlyList<GenerationTicket> Submit(IReadOnlyList<GenerationRequest> requests, CancellationToken cancellationToken = default) =>
        Submit(requests, null, cancellationToken);

    /// <summary>Stops every request before its next network call and waits for that.</summary>
    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        _submitted.Writer.TryComplete();
        await _worker.ConfigureAwait(false);
    }

    internal IReadOnlyList<GenerationTicket> Submit(IReadOnlyList<GenerationRequest> requests, Action<StepEvent>? onStep, CancellationToken cancellationToken)
    {
        foreach (var request in requests)
        {
            _launch.Validate(request);
        }

        GenerationTicket[] tickets = [.. requests.Select((request, sample) => new GenerationTicket(request with { Choice = _model.Choose(request) }, sample, onStep, cancellationToken))];
        ObjectDisposedException.ThrowIf(!_submitted.Writer.TryWrite(tickets), this);
        return tickets;
    }

    private void Work()
    {
        while (true)
        {
            var isOpen = Receive();
            if (_isStopping)
            {
                End(_active.Concat(_waiting).ToArray(), t => t.EndCancelled());
                _active.Clear();
                _waiting.Clear();
            }

            if (!isOpen && _active.Count + _waiting.Count == 0)
            {
                return;
            }

            Admit();
            Leave(_active.Where(f => f.IsCancelled).ToArray(), t => t.EndCancelled());
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

        while (_submitted.Reader.TryRead(out var tickets))
        {
            foreach (var group in RequestGroup.Group(tickets))
            {
                _waiting.Enqueue(group);
            }
        }

        return true;
    }

    private void Admit()
    {
        while (_waiting.TryPeek(out var next) && (next.IsCancelled || _admission.Allows(next, _launch, _active)))
        {
            _waiting.Dequeue();
            if (next.IsCancelled)
            {
                End([next], t => t.EndCancelled());
                continue;
            }

            try
            {
                next.Begin(_launch, _admission.CacheBudgetOf(next, _launch));
                _active.Add(next);
            }
            catch (Exception problem)
            {
                End([next], t => t.Fail(problem));
            }
        }
    }

    private void Advance()
    {
        try
        {
            var before = _active.ConvertAll(f => f.StepIndex);
            _engine.Tick(_active.ConvertAll(f => f.Decisions));
            foreach (var (group, step) in _active.ToArray().Zip(before))
            {
                Report(group, step);
            }
        }
        catch (Exception problem)
        {
            Leave([.. _active], t => t.Fail(problem)); // nothing of these runs can be trusted any more
        }
    }

    private void Report(RequestGroup group, int step)
    {
        try
        {
            group.Report(_launch, step);
            if (group.Decisions.IsFinished)
            {
                var results = group.Results(_launch);
                Leave([group], null);
                group.Finish(results);
            }
        }
        catch (Exception problem)
        {
            Leave([group], t => t.Fail(problem)); // a listener or the decoder of this one sample
        }
    }

    private void Leave(RequestGroup[] groups, Action<GenerationTicket>? end)
    {
        foreach (var group in groups)
        {
            _active.Remove(group);
        }

        End(groups, end);
    }

    // Memory is back before anybody is told.
    private static void End(RequestGroup[] groups, Action<GenerationTicket>? end)
    {
        foreach (var group in groups)
        {
            group.Dispose();
        }

        foreach (var ticket in groups.SelectMany(f => f.Tickets))
        {
            end?.Invoke(ticket);
        }
    }
}
