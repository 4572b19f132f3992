using Augur.Caching;
using Augur.Models;
using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>
/// The audit of one tick: keeps the answers that were not computed in full, and holds them against the network's full answers to the same
/// inputs. It only looks; the runs go on with what they had.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="clock">For the audit's own cost.</param>
/// <param name="maxRows">Most rows in one network call.</param>
internal sealed class Audit(INetwork model, CallClock clock, int maxRows) : IDisposable
{
    private readonly List<Entry> _entries = [];

    /// <summary>Looks at an answer, before the sampler takes it.</summary>
    /// <param name="group">Whose memory answered.</param>
    /// <param name="trajectory">Whose; nothing happens unless its request asked for an audit, and this call is drawn.</param>
    /// <param name="answer">[1 or 2 rows, channels, height, width].</param>
    /// <param name="outcome">What the call turned out to be; null: a draft that was rejected just now.</param>
    public void Look(DecisionGroup group, Trajectory trajectory, Tensor answer, CallOutcome? outcome)
    {
        if (trajectory.Audit is not { } audit || outcome?.Kind == CallKind.Computed || audit.Drawn?[trajectory.Run.CallIndex] == false)
        {
            return;
        }

        if (outcome?.Kind != CallKind.Rejected)
        {
            var input = trajectory.Input;
            _entries.Add(new Entry(group, trajectory, trajectory.Run.CallIndex, input with { Latent = input.Latent.Copy().Retain() }, answer.Copy().Retain()));
            return;
        }

        // The run itself has computed what its rejected draft is held against.
        var rejected = _entries.Single(e => e.Trajectory == trajectory);
        rejected.Compare(answer, flops: 0, TimeSpan.Zero);
        _entries.Remove(rejected);
        rejected.Dispose();
    }

    /// <summary>Computes in full what the runs did not, all samples together. Where that fails, those that were audited fail.</summary>
    public void Complete()
    {
        foreach (var batch in RowBatches.Of(_entries.Where(e => e.Group.Failure is null), e => e.Input.RowCount, maxRows))
        {
            try
            {
                Compare(batch);
            }
            catch (Exception problem)
            {
                Array.ForEach(batch, e => e.Group.Fail(problem));
            }
        }
    }

    public void Dispose() => _entries.ForEach(e => e.Dispose());

    private void Compare(Entry[] batch)
    {
        using var scope = TensorScope.Begin();
        var began = clock.Now();
        var full = NetworkInput.Predict(model, Array.ConvertAll(batch, e => e.Input), ComputeEverything.Instance);
        var perRow = clock.Since(began) / full.Shape[0];
        var row = 0;
        foreach (var entry in batch)
        {
            var rows = entry.Input.RowCount;
            entry.Compare(full.Rows(row, rows), rows * model.FlopsPerRow, rows * perRow);
            row += rows;
        }
    }

    private sealed record Entry(DecisionGroup Group, Trajectory Trajectory, int CallIndex, NetworkInput Input, Tensor Answer) : IDisposable
    {
        public void Compare(Tensor full, long flops, TimeSpan time)
        {
            var together = new Shape(1, checked((int)full.Shape.ElementCount)); // guidance rows are one unit, as in verification
            var error = Answer.Reshape(together).ErrorsFrom(full.Reshape(together), ErrorMeasure.NormRatio)[0];
            Trajectory.Audit = Trajectory.Audit!.With(CallIndex, error, flops, time);
        }

        public void Dispose()
        {
            Input.Latent.Dispose();
            Answer.Dispose();
        }
    }
}
