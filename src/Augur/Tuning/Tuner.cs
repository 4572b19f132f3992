using System.Globalization;
using Augur.Caching.Schedules;
using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>How much a search may try.</summary>
public sealed record TuningOptions
{
    /// <summary>Policies tried on the calibration pictures, 8 to 10,000. Default 80.</summary>
    public int Trials { get; init => field = value is >= 8 and <= 10_000 ? value : throw new ArgumentException($"{value} trials cannot be made; a search makes 8 to 10000."); } = 80;

    /// <summary>Of the search's draws.</summary>
    public int Seed { get; init; }
}

/// <summary>What a search found.</summary>
/// <param name="Policy">The settings, as the catalog names them; null: the target cannot be met.</param>
/// <param name="Calibrated">The policy on the pictures that it was chosen on; of a search that failed, the nearest it came.</param>
/// <param name="HeldOut">The same on pictures that the search never saw; null where it failed.</param>
/// <param name="Psnr">95 % interval of the mean PSNR on pictures like the held-out ones.</param>
/// <param name="Tried">Policies that were tried.</param>
public sealed record TuningResult(string? Policy, Trial Calibrated, Trial? HeldOut, BootstrapInterval? Psnr, int Tried);

/// <summary>
/// Searches settings for a model: first which calls to compute (a schedule is moved call by call), then how to draft between them, then verified drafts of the same cost. What wins is
/// held against pictures that the search never saw.
/// </summary>
/// <param name="calibration">Pictures to choose on.</param>
/// <param name="heldOut">Other pictures, to state what was chosen.</param>
/// <param name="options">How much to try.</param>
/// <param name="report">Is told of every trial that became the best.</param>
public sealed class Tuner(Calibration calibration, Calibration heldOut, TuningOptions options, Action<Trial>? report = null)
{
    private static readonly string[] s_drafts = ["taylor(order=2)", "dmd", "chebyshev", "taylor(order=3)", "reuse"];
    private static readonly double[] s_exponents = [1, 1.15, 1.3, 1.5];
    private int _tried;

    /// <summary>Searches.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task<TuningResult> FindAsync(TuningTarget target, CancellationToken cancellationToken)
    {
        var best = target.Speedup is { } speedup ? await FastAsync(speedup, cancellationToken) : await FineAsync(target.Psnr!.Value, cancellationToken);
        while (Meets(best, target))
        {
            var held = await heldOut.MeasureAsync(best.Trial.Policy, 0, heldOut.Count, cancellationToken);
            var interval = BootstrapInterval.OfMean(held.Psnr, seed: options.Seed);
            if (target.Psnr is not { } psnr || interval.Lower >= psnr || best.Calls is null)
            {
                return target.Speedup is { } least && held.FlopsSpeedup < least ? new(null, best.Trial, held, interval, _tried) : new(best.Trial.Policy, best.Trial, held, interval, _tried);
            }

            best = await MoreAsync(best, cancellationToken); // what held on few pictures does not hold on others: spend more
        }

        return new(null, best.Trial, null, null, _tried);
    }

    private static bool Meets(Candidate candidate, TuningTarget target) =>
        candidate.Trial.FlopsSpeedup >= (target.Speedup ?? 1.001) && candidate.Trial.MeanPsnr >= (target.Psnr ?? 0);

    // The best quality at a speed: as many computed calls as it allows.
    private async Task<Candidate> FastAsync(double speedup, CancellationToken cancellationToken)
    {
        var total = await calibration.CallCountAsync(cancellationToken);
        Candidate? best = null;
        for (var count = Math.Max(1, (int)(total / speedup)); count >= 1 && (best is null || best.Trial.FlopsSpeedup < speedup); count--)
        {
            best = await TryAsync(ScheduleMoves.Spread(count, total, 1), "taylor(order=1)", null, cancellationToken);
        }

        foreach (var exponent in s_exponents)
        {
            best = Better(best!, await TryAsync(ScheduleMoves.Reach(best!.Calls!.Length, total, exponent), best.Draft, best, cancellationToken));
        }

        best = await DraftsAsync(await MoveAsync(best!, total, options.Trials * 2 / 3, double.PositiveInfinity, cancellationToken), cancellationToken);
        return await VerifiedAsync(best, total, t => t.FlopsSpeedup >= speedup, t => t.MeanPsnr, strictest: true, cancellationToken);
    }

    // The best speed at a quality: the fewest computed calls that, moved about, still reach it.
    private async Task<Candidate> FineAsync(double psnr, CancellationToken cancellationToken)
    {
        var total = await calibration.CallCountAsync(cancellationToken);
        const double Expected = 1.5; // decibels that moving calls usually gains
        const double Exponent = 1.2;
        var (low, high) = (2, total - 1);
        var best = await TryAsync(ScheduleMoves.Reach(high, total, Exponent), "taylor(order=1)", null, cancellationToken);
        while (low < high && best.Trial.MeanPsnr >= psnr)
        {
            var middle = (low + high) / 2;
            var tried = await TryAsync(ScheduleMoves.Reach(middle, total, Exponent), best.Draft, null, cancellationToken);
            (low, high) = tried.Trial.MeanPsnr >= psnr - Expected ? (low, middle) : (middle + 1, high);
        }

        var from = await TryAsync(ScheduleMoves.Reach(high, total, Exponent), best.Draft, null, cancellationToken);
        best = from.Trial.MeanPsnr >= psnr ? from : best;
        while (from.Calls!.Length > 1 && _tried < options.Trials)
        {
            var moved = await MoveAsync(from, total, Math.Min(options.Trials, _tried + (options.Trials / 3)), psnr, cancellationToken);
            if (moved.Trial.MeanPsnr < psnr)
            {
                if (best.Calls!.Length <= from.Calls.Length + 1)
                {
                    break; // one call more was enough
                }

                from = await TryAsync(CallSchedules.Resample(moved.Calls!, total, moved.Calls!.Length + 1, total), from.Draft, null, cancellationToken);
                best = from.Trial.MeanPsnr >= psnr ? from : best;
                continue;
            }

            best = moved;
            from = await TryAsync(CallSchedules.Resample(moved.Calls!, total, moved.Calls!.Length - 1, total), moved.Draft, null, cancellationToken);
        }

        return best.Trial.MeanPsnr < psnr ? best
            : await VerifiedAsync(await DraftsAsync(best, cancellationToken), total, t => t.MeanPsnr >= psnr, t => t.FlopsSpeedup, strictest: false, cancellationToken);
    }

    private async Task<Candidate> MoreAsync(Candidate best, CancellationToken cancellationToken)
    {
        var total = await calibration.CallCountAsync(cancellationToken);
        return await TryAsync(CallSchedules.Resample(best.Calls!, total, Math.Min(total, best.Calls!.Length + 1), total), best.Draft, null, cancellationToken);
    }

    private async Task<Candidate> MoveAsync(Candidate best, int total, int until, double enough, CancellationToken cancellationToken)
    {
        var moves = new ScheduleMoves(total, options.Seed);
        while (_tried < until && best.Trial.MeanPsnr < enough && moves.Propose(best.Calls!) is { } calls)
        {
            best = Better(best, await TryAsync(calls, best.Draft, best, cancellationToken));
        }

        return best;
    }

    private async Task<Candidate> DraftsAsync(Candidate best, CancellationToken cancellationToken)
    {
        foreach (var draft in s_drafts)
        {
            best = Better(best, await TryAsync(best.Calls!, draft, best, cancellationToken));
        }

        return best;
    }

    // Verified drafts of about the same cost: the allowed error is closed in on between 1e-6 and 1, the strictest that is fast enough or the loosest that is good enough.
    private async Task<Candidate> VerifiedAsync(
        Candidate best, int total, Func<Trial, bool> allows, Func<Trial, double> worth, bool strictest, CancellationToken cancellationToken)
    {
        var run = Math.Clamp((int)Math.Round((double)total / best.Calls!.Length), 2, 12);
        foreach (var (min, max) in new[] { (run - 1, run), (run - 1, run + 1), (run - 2, run + 1) }.Where(m => m.Item1 >= 0))
        {
            var (low, high) = (-6.0, 0.0);
            for (var halving = 0; halving < 5; halving++)
            {
                var middle = (low + high) / 2;
                var text = string.Create(CultureInfo.InvariantCulture, $"speca(base={Math.Pow(10, middle):0.0000000},min={min},max={max},order=1)");
                var trial = await calibration.MeasureAsync(text, 0, calibration.Count, cancellationToken);
                _tried++;
                if (allows(trial) && worth(trial) > 1.02 * worth(best.Trial)) // a schedule that is as good is steadier
                {
                    best = new Candidate(trial, null, "");
                    report?.Invoke(trial);
                }

                (low, high) = allows(trial) == strictest ? (low, middle) : (middle, high);
            }
        }

        return best;
    }

    private Candidate Better(Candidate best, Candidate tried)
    {
        if (tried.Trial.MeanPsnr <= best.Trial.MeanPsnr || tried.Trial.Psnr.Count < best.Trial.Psnr.Count)
        {
            return best;
        }

        report?.Invoke(tried.Trial);
        return tried;
    }

    // Half of the pictures first: what loses a decibel against the best there is not worth the others.
    private async Task<Candidate> TryAsync(int[] calls, string draft, Candidate? rival, CancellationToken cancellationToken)
    {
        _tried++;
        var total = await calibration.CallCountAsync(cancellationToken);
        var policy = $"taylorseer(schedule=list({string.Join('-', calls)},of={total}),draft={draft},granularity=block)";
        var half = (calibration.Count + 1) / 2;
        var first = await calibration.MeasureAsync(policy, 0, half, cancellationToken);
        if (half == calibration.Count || (rival is not null && first.MeanPsnr < rival.Trial.Psnr.Take(half).Average() - 1))
        {
            return new(first, calls, draft);
        }

        var second = await calibration.MeasureAsync(policy, half, calibration.Count - half, cancellationToken);
        var executed = ((half / first.FlopsSpeedup) + ((calibration.Count - half) / second.FlopsSpeedup)) / calibration.Count;
        return new(new Trial(first.Policy, 1 / executed, [.. first.Psnr, .. second.Psnr]), calls, draft);
    }

    /// <param name="Trial">What it did.</param>
    /// <param name="Calls">Its schedule; null: it verifies and decides for itself.</param>
    /// <param name="Draft">Its rule of extrapolation.</param>
    private sealed record Candidate(Trial Trial, int[]? Calls, string Draft);
}
