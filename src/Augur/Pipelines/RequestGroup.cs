namespace Augur.Pipelines;

/// <summary>Requests that share one group, from waiting to finished: one request, or a batch whose method decides for the batch.</summary>
internal sealed class RequestGroup(IReadOnlyList<GenerationTicket> tickets) : IDisposable
{
    private DecisionGroup? _group;

    public IReadOnlyList<GenerationTicket> Tickets => tickets;

    public DecisionGroup Decisions => _group ?? throw new InvalidOperationException("The group has not begun.");

    public int StepIndex => Decisions.Trajectories[0].Run.StepIndex;

    /// <summary>Whether nobody waits for it any more. A cancelled member of a batch that decides together flies along.</summary>
    public bool IsCancelled => tickets.All(t => t.IsCancelled);

    /// <summary>The groups that requests submitted together make.</summary>
    public static IEnumerable<RequestGroup> Group(IReadOnlyList<GenerationTicket> submitted) =>
        submitted.GroupBy(t => t.Request.Method.DecidesForBatch ? (t.Request.Method, t.Request.Steps, t.Request.Sampler, -1) : (t.Request.Method, 0, null, t.Sample))
            .Select(group => new RequestGroup([.. group]));

    /// <summary>Rows of the network's batch that it takes.</summary>
    public int RowCount(Launch launch) => tickets.Sum(t => launch.GuidanceOf(t.Request).NeedsUnconditional ? 2 : 1);

    /// <summary>Draws the noise and opens the cache.</summary>
    public void Begin(Launch launch, long? cacheBudget) => _group = launch.Begin([.. tickets.Select(t => t.Request)], cacheBudget);

    /// <summary>Tells the listeners, if a step is over.</summary>
    public void Report(Launch launch, int stepBefore)
    {
        var run = Decisions.Trajectories[0].Run;
        if (!run.IsFinished && run.StepIndex == stepBefore)
        {
            return;
        }

        foreach (var (ticket, trajectory) in tickets.Zip(Decisions.Trajectories).Where(t => !t.First.IsCancelled))
        {
            var calls = trajectory.TakeStepOutcomes();
            var preview = ticket.Request.Previews ? launch.Preview(trajectory) : null;
            ticket.Report(new StepEvent(ticket.Sample, stepBefore, run.StepCount, calls, preview));
        }
    }

    /// <summary>Pictures and reports; the group is over.</summary>
    public IReadOnlyList<GenerationResult> Results(Launch launch) => [.. tickets.Zip(Decisions.Trajectories, (ticket, trajectory) => launch.Finish(ticket.Request, trajectory, Decisions))];

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

    public void Dispose() => _group?.Dispose();
}
