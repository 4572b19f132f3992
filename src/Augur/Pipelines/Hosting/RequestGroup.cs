using Augur.Caching;
using Augur.Conditioning;
using Augur.Sampling;

namespace Augur.Pipelines;

/// <summary>Requests that share one group, from waiting to finished: one request, or a batch whose method decides for the batch.</summary>
/// <param name="tickets">At least one.</param>
/// <param name="policyName">Of their policy.</param>
/// <param name="rowCount">Rows of the network's batch that they take.</param>
internal sealed class RequestGroup(IReadOnlyList<GenerationTicket> tickets, string policyName, int rowCount)
{
    private DecisionGroup? _decisions;
    private List<PreparedRequest> _prepared = [];
    private int _step;

    public IReadOnlyList<GenerationTicket> Tickets => tickets;

    public string PolicyName => policyName;

    public int RowCount => rowCount;

    /// <summary>Of the network, the same for all. It is prepared.</summary>
    public NetworkMap Map { get; private set; } = null!;

    /// <summary>Whether conditions are encoded and the network is described.</summary>
    public bool IsPrepared => Map is not null;

    public DecisionGroup Decisions => _decisions ?? throw new InvalidOperationException("The group has not begun.");

    /// <summary>Whether nobody waits for it any more. A cancelled member of a batch that decides together flies along.</summary>
    public bool IsOver => tickets.All(t => t.IsOver);

    /// <summary>The groups that requests submitted together make. A request whose policy cannot say its name, or whether it
    /// decides for the batch, fails at once.</summary>
    public static IReadOnlyList<RequestGroup> Of(IReadOnlyList<GenerationTicket> submitted, RequestCheck check)
    {
        var companies = new Dictionary<Company, List<GenerationTicket>>();
        foreach (var ticket in submitted)
        {
            try
            {
                var company = Company.Of(ticket, check);
                companies.TryAdd(company, []);
                companies[company].Add(ticket);
            }
            catch (Exception problem)
            {
                ticket.Fail(problem);
                ticket.Close();
            }
        }

        return [.. companies.Select(c => new RequestGroup(c.Value, c.Key.PolicyName, c.Value.Count * c.Key.RowCount))];
    }

    /// <summary>
    /// Encodes the conditions and describes the network. Samples that would decide together but whose networks differ become groups of their own.
    /// </summary>
    public IReadOnlyList<RequestGroup> Prepare(RunStart start)
    {
        foreach (var ticket in tickets)
        {
            _prepared.Add(start.Prepare(ticket.Request));
        }

        var alike = tickets.Zip(_prepared).GroupBy(t => t.Second.Map).ToArray();
        _prepared = [];
        return [.. alike.Select(group => new RequestGroup([.. group.Select(t => t.First)], policyName, group.Sum(t => t.Second.Rows.Count))
        {
            Map = group.Key,
            _prepared = [.. group.Select(t => t.Second)],
        })];
    }

    /// <summary>Draws the noise and opens the memory.</summary>
    public void Begin(RunStart start, long? cacheBudget)
    {
        var begun = tickets.Zip(_prepared, (ticket, prepared) => (ticket.Request, prepared)).ToArray();
        _prepared = []; // the runs' to dispose
        _decisions = start.Begin(begun, cacheBudget);
        _step = _decisions.Trajectories[0].Run.StepIndex;
    }

    /// <summary>Has the listeners told, if a step is over.</summary>
    public void Report(PictureQueue pictures)
    {
        var run = Decisions.Trajectories[0].Run;
        if (!run.IsFinished && run.StepIndex == _step)
        {
            return;
        }

        foreach (var (ticket, trajectory) in tickets.Zip(Decisions.Trajectories))
        {
            var step = new StepEvent(ticket.Sample, _step, run.StepCount, trajectory.TakeStepOutcomes(), Preview: null);
            if (!ticket.IsOver)
            {
                Post(ticket, step, trajectory, pictures);
            }
        }

        _step = run.StepIndex;
    }

    /// <summary>The group has made its last call: gives its memory back and has the pictures made. <see cref="End"/> is next.</summary>
    public void Finish(RequestCheck check, PictureQueue pictures)
    {
        var runs = tickets.Zip(Decisions.Trajectories, (t, run) =>
            t.IsOver ? null : FinishedRun.Of(t.Request, check.SamplerOf(t.Request).Name, run, Decisions)).ToArray();
        Decisions.Dispose();
        foreach (var (ticket, run) in tickets.Zip(runs))
        {
            if (run is not null && Decisions.Failure is null)
            {
                ticket.PostLast(async () => ticket.Finish(await pictures.DecodeAsync(run).ConfigureAwait(false)));
            }
        }
    }

    /// <summary>Ends it, with a cause if there is one. Memory is back before anybody is told.</summary>
    public void End(Exception? problem)
    {
        _decisions?.Dispose();
        _prepared.ForEach(p => p.Dispose());
        foreach (var ticket in tickets)
        {
            if ((problem ?? _decisions?.Failure) is { } cause)
            {
                ticket.Fail(cause);
            }

            ticket.Close();
        }
    }

    // The estimate is copied out before the run goes on.
    private static void Post(GenerationTicket ticket, StepEvent step, Trajectory trajectory, PictureQueue pictures)
    {
        try
        {
            if (ticket.Request.Previews && trajectory.Run.Estimate is { } estimate)
            {
                var (values, shape) = (estimate.ToArray(), estimate.Shape);
                ticket.Post(async () => ticket.Report(step with { Preview = await pictures.PreviewAsync(values, shape).ConfigureAwait(false) }));
                return;
            }

            ticket.Post(() =>
            {
                ticket.Report(step);
                return Task.CompletedTask;
            });
        }
        catch (Exception problem)
        {
            ticket.Fail(problem);
        }
    }

    /// <summary>Who decides together: those submitted together who agree in all of this. A sample that decides for itself is alone.</summary>
    private readonly record struct Company(
        ICachePolicy Cache, string PolicyName, int Steps, ISampler? Sampler, int RowCount, GuidanceInterval? Interval, int Alone)
    {
        public static Company Of(GenerationTicket ticket, RequestCheck check)
        {
            var request = ticket.Request;
            var mayEndEarly = check.SamplerOf(request).MayEndEarly; // and a batch ends together
            var alone = request.Method.DecidesForBatch && !mayEndEarly ? -1 : ticket.Sample;
            return new Company(
                request.Method, request.Method.Name, request.Steps, request.Sampler, check.RowsOf(request), check.GuidanceOf(request).Interval,
                alone);
        }
    }
}
