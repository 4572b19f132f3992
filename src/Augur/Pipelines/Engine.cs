using Augur.Caching;
using Augur.Models;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>Is shown each sample's part of the network's answer: [1 or 2 rows (conditional, unconditional), channels, height, width].</summary>
internal delegate void ObserveOutput(Trajectory trajectory, Tensor output);

/// <summary>Advances many samples together: drafts go first, and what fails verification is computed in the same tick with all that had to be computed anyway.</summary>
/// <param name="model">The network.</param>
/// <param name="time">Clock for costs.</param>
/// <param name="maxRows">Most rows in one network call; a group is never split.</param>
internal sealed class Engine(INetwork model, TimeProvider time, int maxRows = 32)
{
    /// <summary>One network call of every given group, and the sampler's answer to it. They may stand at different steps, under different policies.</summary>
    public void Tick(IReadOnlyList<DecisionGroup> groups, ObserveOutput? observe = null)
    {
        using var audit = new Audit(model, time, maxRows);
        var drafts = groups.ToLookup(g => g.Begin().IsDraft);
        var computed = drafts[false].ToList();
        foreach (var batch in drafts[true].GroupBy(g => g.Policy.Name).SelectMany(Batches)) // drafts of one method are answered alike
        {
            computed.AddRange(Call(batch, isDraft: true, audit, observe));
        }

        foreach (var group in computed.Where(c => c.Rejection is not null))
        {
            _ = !group.Begin().IsDraft ? 0
                : throw new InvalidOperationException($"Policy {group.Policy.Name} drafts a call again whose draft it has rejected.");
        }

        foreach (var batch in Batches(computed))
        {
            Call(batch, isDraft: false, audit, observe);
        }

        audit.Complete();
    }

    // Dense calls are shared by those whose networks are alike and cut alike.
    private IEnumerable<DecisionGroup[]> Batches(IEnumerable<DecisionGroup> groups) =>
        groups.GroupBy(g => (g.Map, Cuts: string.Join(' ', g.Plan.Cuts))).SelectMany(alike => RowBatches.Of(alike, g => g.RowCount, maxRows));

    // Returns the groups whose drafts were rejected.
    private List<DecisionGroup> Call(DecisionGroup[] batch, bool isDraft, Audit audit, ObserveOutput? observe)
    {
        using var scope = TensorScope.Begin();
        var began = time.GetTimestamp();
        var trajectories = batch.SelectMany(c => c.Trajectories).ToArray();
        var ledger = new CostLedger(batch[0].Map, Array.ConvertAll(batch, g => g.RowCount), time);
        var door = new FeatureDoor(batch.Select(g => (g.Cache, g.RowCount)), ledger);
        var output = SampleInput.Predict(model, batch[0].Map, Array.ConvertAll(trajectories, t => t.Input), batch[0].Plan.Cuts, door);
        var elapsed = time.GetElapsedTime(began);
        var executed = ledger.Costs.Sum(Weight);

        var rejected = new List<DecisionGroup>();
        var row = 0;
        foreach (var (group, cost) in batch.Zip(ledger.Costs))
        {
            var outcome = group.End();
            foreach (var trajectory in group.Trajectories)
            {
                trajectory.Cost += Share(cost, elapsed * (Weight(cost) / executed), (double)trajectory.RowCount / group.RowCount, isDraft || outcome is { Kind: CallKind.Drafted or CallKind.Partial });
                var answer = output.Rows(row, trajectory.RowCount);
                row += trajectory.RowCount;
                audit.Look(trajectory, answer, outcome);
                if (outcome is { } final)
                {
                    Advance(trajectory, answer, final, observe);
                }
            }

            if (outcome is null)
            {
                rejected.Add(group);
            }
        }

        return rejected;
    }

    private void Advance(Trajectory trajectory, Tensor output, CallOutcome outcome, ObserveOutput? observe)
    {
        var began = time.GetTimestamp();
        trajectory.Advance(output, outcome);
        trajectory.Cost += new RunCost { SamplerTime = time.GetElapsedTime(began) };
        observe?.Invoke(trajectory, output);
    }

    // Rows of one call may have executed different amounts; the time is shared out alike. Every row passes the embedding, however little else.
    private static double Weight(CallCost cost) => cost.Computed + cost.Verified + cost.Forecast + 1;

    private static RunCost Share(CallCost cost, TimeSpan elapsed, double share, bool isDraft)
    {
        var verify = cost.VerifyTime * share;
        var rest = (elapsed * share) - verify;
        return new RunCost
        {
            ComputeFlops = isDraft ? 0 : (long)(cost.Computed * share),
            DraftFlops = isDraft ? (long)(cost.Computed * share) : 0,
            VerifyFlops = (long)(cost.Verified * share),
            ForecastFlops = (long)(cost.Forecast * share),
            ComputeTime = isDraft ? TimeSpan.Zero : rest,
            ForecastTime = isDraft ? rest : TimeSpan.Zero,
            VerifyTime = verify,
        };
    }
}
