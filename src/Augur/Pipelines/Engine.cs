using Augur.Caching;
using Augur.Models;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>Is shown each sample's part of the network's answer: [1 or 2 rows (conditional, unconditional), channels, height, width].</summary>
internal delegate void ObserveOutput(Trajectory trajectory, Tensor output);

/// <summary>
/// Advances many samples together: drafts go first, and what fails verification is computed in the same tick with all that had to be computed anyway.
/// A group that fails stays where it is, with its failure; the others do not notice.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="time">Clock for costs.</param>
/// <param name="maxRows">Most rows in one network call; a group is never split.</param>
internal sealed class Engine(INetwork model, TimeProvider time, int maxRows = 32)
{
    private readonly CallClock _clock = new(time, model.Backend);

    /// <summary>
    /// One network call of every given group, and the sampler's answer to it. They may stand at different steps, under different policies.
    /// </summary>
    public void Tick(IReadOnlyList<DecisionGroup> groups, ObserveOutput? observe = null)
    {
        using var audit = new Audit(model, _clock, maxRows);
        var drafts = groups.ToLookup(g => g.Begin().IsDraft);
        var computed = drafts[false].ToList();
        foreach (var batch in drafts[true].GroupBy(g => g.PolicyName).SelectMany(Batches)) // drafts of one method are answered alike
        {
            computed.AddRange(Call(batch, isDraft: true, audit, observe));
        }

        foreach (var group in computed.Where(c => c.Rejection is not null))
        {
            group.Begin(); // to be computed this time, or it fails
        }

        foreach (var batch in Batches(computed))
        {
            Call(batch, isDraft: false, audit, observe);
        }

        audit.Complete();
    }

    // Dense calls are shared by those whose networks are alike and cut alike.
    private IEnumerable<DecisionGroup[]> Batches(IEnumerable<DecisionGroup> groups) => groups.Where(g => g.Failure is null)
        .GroupBy(g => (g.Map, Cuts: string.Join(' ', g.Plan.Cuts))).SelectMany(alike => RowBatches.Of(alike, g => g.RowCount, maxRows));

    // Returns the groups whose drafts were rejected. What the network throws ends those in the call.
    private List<DecisionGroup> Call(DecisionGroup[] batch, bool isDraft, Audit audit, ObserveOutput? observe)
    {
        using var scope = TensorScope.Begin();
        using var reads = new DeferredRead(); // one wait for the errors of all
        try
        {
            var began = _clock.Now();
            var parts = batch.SelectMany(g => g.Parts).ToArray();
            var ledger = new CostLedger(batch[0].Map, Array.ConvertAll(parts, p => p.RowCount), _clock.Time);
            var door = new FeatureDoor(parts, ledger, reads);
            var output = SampleInput.Predict(model, batch[0].Map, [.. batch.SelectMany(g => g.Inputs)], batch[0].Plan.Cuts, door);
            var elapsed = _clock.Since(began);
            var executed = ledger.Costs.Sum(Weight);
            var (row, part) = (0, 0);
            foreach (var group in batch)
            {
                CallCost[] costs = [.. ledger.Costs.Skip(part).Take(group.Parts.Count)];
                var answer = output.Rows(row, group.Parts.Sum(p => p.RowCount));
                (row, part) = (row + answer.Shape[0], part + costs.Length);
                var time = elapsed * (costs.Sum(Weight) / executed);
                group.Try(() => Take(group, group.Complete(answer), CallCost.Sum(costs), time, isDraft, audit, observe));
            }
        }
        catch (Exception problem)
        {
            Array.ForEach(batch, c => c.Fail(problem));
        }

        return [.. batch.Where(c => c.Failure is null && c.Rejection is not null)];
    }

    // The network's answer for a group: what it cost, and where the call is over, the samplers' next latents.
    private void Take(DecisionGroup group, Tensor answer, CallCost cost, TimeSpan elapsed, bool isDraft, Audit audit, ObserveOutput? observe)
    {
        var outcome = group.End();
        var row = 0;
        foreach (var trajectory in group.Failure is null ? group.Trajectories : [])
        {
            var isDrafted = isDraft || outcome is { Kind: CallKind.Drafted or CallKind.Partial };
            trajectory.Cost += Share(cost, elapsed, (double)trajectory.RowCount / group.RowCount, isDrafted);
            var rows = answer.Rows(row, trajectory.RowCount);
            row += trajectory.RowCount;
            audit.Look(group, trajectory, rows, outcome);
            if (outcome is { } final)
            {
                Advance(trajectory, rows, final, observe);
            }
        }
    }

    private void Advance(Trajectory trajectory, Tensor output, CallOutcome outcome, ObserveOutput? observe)
    {
        var began = _clock.Now();
        trajectory.Advance(output, outcome);
        trajectory.Cost += new RunCost { SamplerTime = _clock.Since(began) };
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
