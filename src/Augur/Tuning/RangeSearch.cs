namespace Augur.Tuning;

/// <summary>
/// Searches the open number of a policy by bisection for the value that just meets the target: the slowest that is fast enough, or the fastest that
/// is good enough. Assumes that speed is monotonic along the range.
/// </summary>
internal sealed class RangeSearch(Trials trials, HeldOut heldOut, int limit)
{
    private readonly Dictionary<int, Trial> _measured = [];

    /// <summary>Runs the search.</summary>
    /// <exception cref="ArgumentException">The policy is unknown or does not fit the model for some value of the range.</exception>
    public async Task<TuningResult> FindAsync(PolicyRange range, TuningTarget target, CancellationToken cancellationToken)
    {
        await trials.CallCountAsync(cancellationToken);
        var (low, high) = (await MeasureAsync(range, 0, cancellationToken), await MeasureAsync(range, range.Steps, cancellationToken));
        var (cautious, bold) = low.FlopsSpeedup <= high.FlopsSpeedup ? (0, range.Steps) : (range.Steps, 0);
        var isSpeed = target.Speedup is not null;
        bool Allows(Trial trial) => isSpeed ? target.AllowsSpeed(trial.FlopsSpeedup) : heldOut.Shortfall(trial) <= 0;

        var (ideal, safe) = isSpeed ? (cautious, bold) : (bold, cautious);
        if (!Allows(_measured[safe]))
        {
            return new(null, _measured[safe], null, null, trials.Tried, 0);
        }

        const int Reserve = 2; // trials kept for values that fail on further pictures
        var chosen = Allows(_measured[ideal]) ? ideal : safe;
        while (chosen != ideal && Math.Abs(chosen - ideal) > 1 && trials.Tried < limit - Reserve)
        {
            var middle = (chosen + ideal) / 2;
            (chosen, ideal) = Allows(await MeasureAsync(range, middle, cancellationToken)) ? (middle, ideal) : (chosen, middle);
        }

        for (var further = 1; ; further *= 2)
        {
            var found = await heldOut.StateAsync(await MeasureAsync(range, chosen, cancellationToken), trials.Tried, cancellationToken);
            if (found.Policy is not null || chosen == safe)
            {
                return found;
            }

            // The value fails on other pictures: move towards the safe end, which is the last resort and is measured already.
            chosen = trials.Tried >= limit || further >= Math.Abs(safe - chosen) ? safe : chosen + (Math.Sign(safe - chosen) * further);
        }
    }

    private async Task<Trial> MeasureAsync(PolicyRange range, int step, CancellationToken cancellationToken) =>
        _measured.TryGetValue(step, out var known) ? known
            : _measured[step] = await trials.AllAsync(await trials.PolicyAsync(range.At(step), null, cancellationToken), cancellationToken);
}
