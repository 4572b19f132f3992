namespace Augur.Tuning;

/// <summary>
/// The search for a way to write: every cache with every threshold first, then single steps from the best, as long as one is better; what was best on
/// all texts is tested on others.
/// </summary>
internal sealed class TextSearch(Trials trials, HeldOut heldOut, TuningTarget target, TuningOptions options, TextSpace space)
{
    private readonly List<(TextPoint Point, Candidate Tried)> _tried = [];

    private bool IsSpeed => target.Speedup is not null;

    public async Task<TuningResult> FindAsync(CancellationToken cancellationToken)
    {
        await trials.CallCountAsync(cancellationToken);
        foreach (var start in space.Starts)
        {
            await TryAsync(start, cancellationToken);
        }

        for (var from = Best(); ;)
        {
            foreach (var next in space.Around(from.Point))
            {
                await TryAsync(next, cancellationToken);
            }

            var best = Best();
            if (best.Point == from.Point)
            {
                break;
            }

            from = best;
        }

        return await StateAsync(cancellationToken);
    }

    private async Task TryAsync(TextPoint point, CancellationToken cancellationToken)
    {
        if (trials.Tried >= options.Trials || _tried.Exists(t => t.Point == point))
        {
            return;
        }

        // Neighbours are compared on all of the few texts: agreement is too uneven for half of them to say anything.
        var tried = await trials.PolicyAsync(space.Text(point), null, cancellationToken);
        _tried.Add((point, tried));
        if (Best().Point == point)
        {
            trials.Best(tried);
        }
    }

    // What meets the target comes before what does not; then quality at a given speed, or speed at a given quality; then what is nearer.
    private (TextPoint Point, Candidate Tried) Best() => _tried.MaxBy(t => Worth(t.Tried.Few));

    private (bool, double) Worth(Trial trial)
    {
        var allows = IsSpeed ? target.AllowsSpeed(trial.FlopsSpeedup) : trial.MeanQuality >= target.Mean;
        return (allows, allows == IsSpeed ? trial.MeanQuality : trial.FlopsSpeedup);
    }

    // The best few on all texts; each is tested on texts of its own, the most promising first.
    private async Task<TuningResult> StateAsync(CancellationToken cancellationToken)
    {
        var all = new List<Trial>();
        foreach (var (_, candidate) in _tried.OrderByDescending(t => Worth(t.Tried.Few)).Take(SearchWork.Finalists))
        {
            all.Add(await trials.AllAsync(candidate, cancellationToken));
        }

        // Where a quality is asked for, the cautious of those tried come behind the best: other texts may be harder.
        var cautious = IsSpeed ? [] : _tried.Where(t => heldOut.Shortfall(t.Tried.Few) <= 0).OrderByDescending(t => t.Tried.Few.FlopsSpeedup)
            .Take(SearchWork.Finalists);
        foreach (var (_, candidate) in cautious)
        {
            all.Add(await trials.AllAsync(candidate, cancellationToken));
        }

        bool Promises(Trial trial) => IsSpeed ? target.AllowsSpeed(trial.FlopsSpeedup) : heldOut.Shortfall(trial) <= 0;
        TuningResult result = new(null, all.MaxBy(Worth)!, null, null, trials.Tried, 0);
        foreach (var trial in all.DistinctBy(t => t.Policy).Where(Promises).OrderByDescending(Worth).Take(space.HeldOutSets))
        {
            result = await heldOut.StateAsync(trial, trials.Tried, cancellationToken);
            if (result.Policy is not null)
            {
                break;
            }
        }

        return result;
    }
}
