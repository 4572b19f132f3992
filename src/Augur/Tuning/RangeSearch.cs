namespace Augur.Tuning;

/// <summary>
/// Closes in on the number that a policy leaves open until a target is just met: the slowest that is fast enough, or the fastest that is good enough.
/// Speed is taken to rise or fall along the range.
/// </summary>
internal sealed class RangeSearch(Trials trials, HeldOut heldOut, int limit)
{
    private readonly Dictionary<int, Trial> _measured = [];

    /// <summary>Searches.</summary>
    /// <exception cref="ArgumentException">The policy is not known, or does not fit the model, at a bound or between.</exception>
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

        const int Reserve = 2; // trials for what does not hold on further pictures
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

            // What did on these pictures does not on others. The last trial is the safe end, which is known already.
            chosen = trials.Tried >= limit || further >= Math.Abs(safe - chosen) ? safe : chosen + (Math.Sign(safe - chosen) * further);
        }
    }

    private async Task<Trial> MeasureAsync(PolicyRange range, int step, CancellationToken cancellationToken) =>
        _measured.TryGetValue(step, out var known) ? known
            : _measured[step] = await trials.AllAsync(await trials.PolicyAsync(range.At(step), null, cancellationToken), cancellationToken);
}
