using Augur.Caching;

namespace Augur.Pipelines;

/// <summary>Requests that share one group, from waiting to finished: one request, or a batch whose method decides for the batch.</summary>
internal sealed class RequestGroup(IReadOnlyList<GenerationTicket> tickets) : IDisposable
{
    private DecisionGroup? _group;
    private List<PreparedRequest> _prepared = [];

    public IReadOnlyList<GenerationTicket> Tickets => tickets;

    public DecisionGroup Decisions => _group ?? throw new InvalidOperationException("The group has not begun.");

    public int StepIndex => Decisions.Trajectories[0].Run.StepIndex;

    /// <summary>Whether nobody waits for it any more. A cancelled member of a batch that decides together flies along.</summary>
    public bool IsCancelled => tickets.All(t => t.IsCancelled);

    /// <summary>The groups that requests submitted together make.</summary>
    public static IEnumerable<RequestGroup> Group(IReadOnlyList<GenerationTicket> submitted) =>
        submitted.GroupBy(t => t.Request.Cache.DecidesForBatch ? (t.Request.Cache, t.Request.Steps, t.Request.Sampler, -1) : (t.Request.Cache, 0, null, t.Sample))
            .Select(group => new RequestGroup([.. group]));

    /// <summary>Rows of the network's batch that it takes. It is prepared.</summary>
    public int RowCount { get; private set; }

    /// <summary>Of the network, the same for all. It is prepared.</summary>
    public NetworkMap Map { get; private set; } = null!;

    /// <summary>Encodes the conditions and describes the network, once. Samples that decide together but whose networks differ become groups of their own.</summary>
    public IReadOnlyList<RequestGroup> Prepare(RunStart start)
    {
        if (_prepared.Count > 0)
        {
            return [this];
        }

        foreach (var ticket in tickets)
        {
            _prepared.Add(start.Prepare(ticket.Request));
        }

        var alike = tickets.Zip(_prepared).GroupBy(t => (t.Second.Map, t.Second.Rows.Count)).ToArray();
        if (alike.Length == 1)
        {
            (RowCount, Map) = (_prepared.Sum(p => p.Rows.Count), _prepared[0].Map);
            return [this];
        }

        _prepared = [];
        return [.. alike.Select(group => new RequestGroup([.. group.Select(t => t.First)])
        {
            _prepared = [.. group.Select(t => t.Second)],
            RowCount = group.Sum(t => t.Second.Rows.Count),
            Map = group.Key.Map,
        })];
    }

    /// <summary>Draws the noise and opens the memory.</summary>
    public void Begin(RunStart start, long? cacheBudget)
    {
        var begun = tickets.Zip(_prepared, (ticket, prepared) => (ticket.Request, prepared)).ToArray();
        _prepared = []; // the run's to dispose
        _group = start.Begin(begun, cacheBudget);
    }

    /// <summary>Tells the listeners, if a step is over.</summary>
    public void Report(RunResult result, int stepBefore)
    {
        var run = Decisions.Trajectories[0].Run;
        if (!run.IsFinished && run.StepIndex == stepBefore)
        {
            return;
        }

        foreach (var (ticket, trajectory) in tickets.Zip(Decisions.Trajectories).Where(t => !t.First.IsCancelled))
        {
            var calls = trajectory.TakeStepOutcomes();
            var preview = ticket.Request.Previews ? result.Preview(trajectory) : null;
            ticket.Report(new StepEvent(ticket.Sample, stepBefore, run.StepCount, calls, preview));
        }
    }

    /// <summary>Pictures and reports; the group is over.</summary>
    public IReadOnlyList<GenerationResult> Results(RunResult result) => [.. tickets.Zip(Decisions.Trajectories, (ticket, trajectory) => result.Finish(ticket.Request, trajectory, Decisions))];

    /// <summary>Hands them over.</summary>
    public void Finish(IReadOnlyList<GenerationResult> results)
    {
        foreach (var (ticket, result) in tickets.Zip(results))
        {
            if (ticket.IsCancelled)
            {
                ticket.EndCancelled();
            }
            else
            {
                ticket.Finish(result);
            }
        }
    }

    public void Dispose()
    {
        _group?.Dispose();
        _prepared.ForEach(p => p.Dispose());
        _prepared = [];
    }
}
