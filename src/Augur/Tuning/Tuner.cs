using System.Globalization;
using Augur.Caching.Schedules;
using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>How much a search may try.</summary>
public sealed record TuningOptions
{
    /// <summary>Policies tried on the calibration pictures, 8 to 10,000; a few more where the target asks for it. Default 120.</summary>
    public int Trials { get; init => field = value is >= 8 and <= 10_000 ? value : throw new ArgumentException($"{value} trials cannot be made; a search makes 8 to 10000."); } = 120;

    /// <summary>Of the search's draws.</summary>
    public int Seed { get; init; }
}

/// <summary>What a search found.</summary>
/// <param name="Policy">The settings, as the catalog names them; null: the target cannot be met.</param>
/// <param name="Calibrated">The policy on the pictures that it was chosen on; of a search that failed, the nearest it came.</param>
/// <param name="HeldOut">The same on pictures that the search never saw; null where it failed.</param>
/// <param name="Psnr">95 % interval of the mean PSNR on pictures like the held-out ones.</param>
/// <param name="Tried">Policies that were tried.</param>
/// <param name="Attempt">Which of the held-out sets it was stated on, from 0.</param>
public sealed record TuningResult(string? Policy, Trial Calibrated, Trial? HeldOut, BootstrapInterval? Psnr, int Tried, int Attempt);

/// <summary>
/// Searches settings for a model: how to forecast the calls between computed ones, which to compute (a schedule is moved call by call), then tokens computed between them and verified drafts. What wins is
/// held against pictures that the search never saw.
/// </summary>
/// <param name="calibration">Pictures to choose on: a third of them to compare neighbours, all of them to judge what the search settles on.</param>
/// <param name="heldOut">Other pictures, to state what was chosen: a set of its own for each attempt, counted from 0.</param>
/// <param name="options">How much to try.</param>
/// <param name="report">Is told of every trial that became the best.</param>
/// <param name="onTried">Is told after every trial how many there were.</param>
public sealed class Tuner(
    Calibration calibration, Func<int, Calibration> heldOut, TuningOptions options, Action<Trial>? report = null, Action<int>? onTried = null)
{
    private static readonly Extrapolation[] s_extrapolations =
    [
        .. from granularity in new[] { "output", "block" }
           from draft in new[] { "taylor(order=1)", "taylor(order=2)", "foca", "adams-bashforth", "dmd", "chebyshev", "hicache" }
           select new Extrapolation(draft, granularity),
    ];

    private static readonly string[] s_tokens = ["clusca(k=4)", "clusca(k=16)", "toca(ratio=0.1)"];
    private static readonly double[] s_exponents = [1, 1.15, 1.3, 1.5];
    private readonly Trials _trials = new(calibration, report, onTried);
    private readonly HeldOut _heldOut = new(heldOut, options.Seed);

    /// <summary>Searches the one number that a policy leaves open.</summary>
    /// <exception cref="ArgumentException">The policy is not known, or does not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<TuningResult> FindAsync(TuningTarget target, PolicyRange range, CancellationToken cancellationToken) =>
        new RangeSearch(_trials, _heldOut).FindAsync(range, target, cancellationToken);

    /// <summary>Searches all settings.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<TuningResult> FindAsync(TuningTarget target, CancellationToken cancellationToken) =>
        target.Speedup is { } speedup ? FastAsync(speedup, cancellationToken) : FineAsync(target.Psnr!.Value, cancellationToken);

    // The best quality at a speed: as many computed calls as it allows.
    private async Task<TuningResult> FastAsync(double speedup, CancellationToken cancellationToken)
    {
        bool Allows(Trial trial) => trial.FlopsSpeedup >= speedup;

        var total = await _trials.CallCountAsync(cancellationToken);
        Candidate? best = null;
        for (var count = Math.Max(1, (int)(total / speedup)); count >= 1 && (best is null || !Allows(best.Few)); count--)
        {
            best = await _trials.ScheduleAsync(ScheduleMoves.Spread(count, total, 1), s_extrapolations[0], null, cancellationToken);
        }

        _trials.Best(best!);
        foreach (var exponent in s_exponents)
        {
            best = _trials.Better(best!, await _trials.ScheduleAsync(ScheduleMoves.Reach(best!.Calls!.Length, total, exponent), best.Extrapolation!, best, cancellationToken));
        }

        best = await ExtrapolationsAsync(best!, Allows, cancellationToken);
        best = await MoveAsync(best, new ScheduleMoves(total, options.Seed), options.Trials * 3 / 4, double.PositiveInfinity, cancellationToken);
        best = await ExtrapolationsAsync(best, Allows, cancellationToken);
        var (calls, extrapolation) = (best.Calls!, best.Extrapolation!);
        best = await TokensAsync(best, calls, extrapolation.Draft, total, Allows, t => t.MeanPsnr, cancellationToken);
        await VerifiedAsync(best, calls.Length, extrapolation.Draft, total, Allows, t => t.MeanPsnr, strictest: true, cancellationToken);
        const int Finalists = 5;
        if (await _trials.FinalAsync(Allows, Finalists, cancellationToken) is not { } final)
        {
            return new(null, best.Few, null, null, _trials.Tried, 0);
        }

        var found = await _heldOut.StateAsync(final, _trials.Tried, cancellationToken);
        return Allows(found.HeldOut!) ? found : found with { Policy = null };
    }

    // The best speed at a quality: the fewest computed calls that, moved about, still reach it.
    private async Task<TuningResult> FineAsync(double psnr, CancellationToken cancellationToken)
    {
        var total = await _trials.CallCountAsync(cancellationToken);
        var from = await FewestAsync(psnr, total, cancellationToken);
        from = await ExtrapolationsAsync(from, _ => true, cancellationToken);
        var goal = from.Few.MeanPsnr + await ShortfallAsync(from, psnr, cancellationToken); // of the few pictures
        var moves = new ScheduleMoves(total, options.Seed);
        Candidate? best = null;
        while (best is null || _trials.Tried < options.Trials)
        {
            var until = best is null ? Math.Min(options.Trials, _trials.Tried + (options.Trials / 4)) : options.Trials;
            from = await MoveAsync(from, moves, until, goal, cancellationToken);
            if (from.Few.MeanPsnr < goal)
            {
                if (best is not null || from.Calls!.Length == total)
                {
                    break; // the fewest calls that do it are known, or there are no more
                }

                from = await ResizedAsync(from.Calls!, 1, from.Extrapolation!, total, cancellationToken);
            }
            else if (await ShortfallAsync(from, psnr, cancellationToken) is > 0 and var missing && from.Calls!.Length < total)
            {
                goal = from.Few.MeanPsnr + missing; // it has learned the few pictures by heart
            }
            else
            {
                best = _trials.Best(await ExtrapolationsAsync(from, _ => true, cancellationToken));
                from = best;
                if (from.Calls!.Length == 1)
                {
                    break;
                }

                from = await ResizedAsync(from.Calls!, -1, from.Extrapolation!, total, cancellationToken);
            }
        }

        if (best is null)
        {
            return new(null, from.Few, null, null, _trials.Tried, 0);
        }

        bool Allows(Trial trial) => trial.MeanPsnr >= goal;

        var (calls, extrapolation) = (best.Calls!, best.Extrapolation!);
        var free = await TokensAsync(best, calls, extrapolation.Draft, total, Allows, t => t.FlopsSpeedup, cancellationToken);
        free = await VerifiedAsync(free, calls.Length, extrapolation.Draft, total, Allows, t => t.FlopsSpeedup, strictest: false, cancellationToken);
        best = free.Calls is null && await ShortfallAsync(free, psnr, cancellationToken) <= 0 ? free : best;
        while (true)
        {
            var all = await _trials.AllAsync(best, cancellationToken);
            var found = await _heldOut.StateAsync(all, _trials.Tried, cancellationToken);
            if (found.Psnr!.Lower >= psnr)
            {
                return found.HeldOut!.FlopsSpeedup > 1 ? found : found with { Policy = null };
            }

            // What held on these pictures does not hold on others: spend more.
            best = _trials.Best(await ResizedAsync(calls, best.Calls is null ? 0 : 1, extrapolation, total, cancellationToken));
            calls = best.Calls!;
        }
    }

    // The fewest calls, in the shape in which searches usually end, that come within reach of a quality.
    private async Task<Candidate> FewestAsync(double psnr, int total, CancellationToken cancellationToken)
    {
        const double Expected = 1.5; // decibels that moving calls usually gains
        const double Exponent = 1.2;
        var (low, high) = (Math.Min(2, total), total);
        while (low < high)
        {
            var middle = (low + high) / 2;
            var tried = await _trials.ScheduleAsync(ScheduleMoves.Reach(middle, total, Exponent), s_extrapolations[0], null, cancellationToken);
            (low, high) = tried.Few.MeanPsnr >= psnr - Expected ? (low, middle) : (middle + 1, high);
        }

        return _trials.Best(await _trials.ScheduleAsync(ScheduleMoves.Reach(high, total, Exponent), s_extrapolations[0], null, cancellationToken));
    }

    // The same shape with more or fewer computed calls.
    private Task<Candidate> ResizedAsync(int[] calls, int more, Extrapolation extrapolation, int total, CancellationToken cancellationToken) =>
        _trials.ScheduleAsync(CallSchedules.Resample(calls, total, Math.Min(total, calls.Length + more), total), extrapolation, null, cancellationToken);

    private async Task<double> ShortfallAsync(Candidate candidate, double psnr, CancellationToken cancellationToken) =>
        _heldOut.Shortfall(await _trials.AllAsync(candidate, cancellationToken), psnr);

    private async Task<Candidate> MoveAsync(Candidate best, ScheduleMoves moves, int until, double enough, CancellationToken cancellationToken)
    {
        while (_trials.Tried < until && best.Few.MeanPsnr < enough && moves.Propose(best.Calls!) is { } calls)
        {
            best = _trials.Better(best, await _trials.ScheduleAsync(calls, best.Extrapolation!, best, cancellationToken));
        }

        return best;
    }

    private async Task<Candidate> ExtrapolationsAsync(Candidate best, Func<Trial, bool> allows, CancellationToken cancellationToken)
    {
        foreach (var extrapolation in s_extrapolations.Where(f => f != best.Extrapolation))
        {
            var tried = await _trials.ScheduleAsync(best.Calls!, extrapolation, best, cancellationToken);
            best = allows(tried.Few) ? _trials.Better(best, tried) : best;
        }

        return best;
    }

    // Some tokens computed between fewer computed calls: of each kind the most calls that are fast enough, or those that are good enough.
    private async Task<Candidate> TokensAsync(
        Candidate best, int[] calls, string draft, int total, Func<Trial, bool> allows, Func<Trial, double> worth, CancellationToken cancellationToken)
    {
        foreach (var tokens in s_tokens)
        {
            foreach (var count in new[] { calls.Length - 1, calls.Length * 2 / 3, calls.Length / 2 }.Where(c => c >= 1).Distinct())
            {
                best = Worthier(best, await _trials.TokensAsync(CallSchedules.Resample(calls, total, count, total), draft, tokens, best, cancellationToken), allows, worth);
            }
        }

        return best;
    }

    // Verified drafts of about the same cost: the allowed error is closed in on between 1e-6 and 1, the strictest that is fast enough or the loosest that is good enough.
    private async Task<Candidate> VerifiedAsync(
        Candidate best, int count, string draft, int total, Func<Trial, bool> allows, Func<Trial, double> worth, bool strictest, CancellationToken cancellationToken)
    {
        var run = Math.Clamp((int)Math.Round((double)total / count), 2, 12);
        foreach (var (min, max) in new[] { (run - 1, run), (run - 1, run + 1), (run - 2, run + 1) }.Where(m => m.Item1 >= 0))
        {
            var (low, high) = (-6.0, 0.0);
            for (var halving = 0; halving < 5; halving++)
            {
                var middle = (low + high) / 2;
                var tried = await _trials.PolicyAsync(
                    string.Create(CultureInfo.InvariantCulture, $"speca(base={Math.Pow(10, middle):0.0000000},min={min},max={max},draft={draft})"), best, cancellationToken);
                best = Worthier(best, tried, allows, worth);
                (low, high) = allows(tried.Few) == strictest ? (low, middle) : (middle, high);
            }
        }

        return best;
    }

    private Candidate Worthier(Candidate best, Candidate tried, Func<Trial, bool> allows, Func<Trial, double> worth) =>
        tried.Few.Psnr.Count >= best.Few.Psnr.Count && allows(tried.Few) && worth(tried.Few) > 1.02 * worth(best.Few) ? _trials.Best(tried) : best; // a schedule that is as good is steadier
}
