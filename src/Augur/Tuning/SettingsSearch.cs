using System.Globalization;
using Augur.Caching.Schedules;

namespace Augur.Tuning;

/// <summary>
/// The search over all settings, in stages that each have a share of the trials: the initial shape of the schedule, the extrapolation, moving single
/// computed calls, the extrapolation again, computed tokens in drafted calls, verified drafts.
/// </summary>
internal sealed class SettingsSearch(Trials trials, HeldOut heldOut, TuningTarget target, TuningOptions options)
{
    // Best known first, since a search with few trials tries only the first ones.
    private static readonly Extrapolation[] s_extrapolations =
    [
        .. from granularity in new[] { "output", "block" }
           from draft in new[] { "foca", "adams-bashforth", "taylor(order=1)", "taylor(order=2)", "hicache", "exponential", "chebyshev" }
           select new Extrapolation(draft, granularity),
    ];

    private static readonly string[] s_tokens = ["clusca(k=4)", "clusca(k=16)", "toca(ratio=0.1)"];
    private static readonly double[] s_exponents = [1, 1.15, 1.3, 1.5];

    // Trials of a search by quality that are kept for further attempts after a failed held-out test.
    private int Reserve => Math.Max(3, options.Trials / 10);

    public Task<TuningResult> FindAsync(CancellationToken cancellationToken) =>
        target.Speedup is { } speedup ? FastAsync(speedup, cancellationToken) : FineAsync(cancellationToken);

    private int Until(double share) => (int)(share * options.Trials);

    // Searches the best quality at a given speed, with as many computed calls as the speed allows.
    private async Task<TuningResult> FastAsync(double speedup, CancellationToken cancellationToken)
    {
        bool Allows(Trial trial) => target.AllowsSpeed(trial.FlopsSpeedup);

        var total = await trials.CallCountAsync(cancellationToken);
        Candidate? first = null;
        var most = (int)(total / (speedup * (1 - TuningTarget.SpeedTolerance)));
        for (var count = Math.Max(1, most); count >= 1 && trials.Tried < options.Trials && (first is null || !Allows(first.Few)); count--)
        {
            first = await trials.ScheduleAsync(ScheduleMoves.Spread(count, total, 1), s_extrapolations[0], null, cancellationToken);
        }

        if (!Allows(first!.Few))
        {
            return new(null, first.Few, null, null, trials.Tried, 0);
        }

        var best = trials.Best(first);
        foreach (var exponent in s_exponents.TakeWhile(_ => trials.Tried < options.Trials / 2))
        {
            best = trials.Better(best, await trials.ScheduleAsync(ScheduleMoves.Reach(best.Calls!.Length, total, exponent), best.Extrapolation!,
                best, cancellationToken));
        }

        best = await ExtrapolationsAsync(best, Allows, Until(0.2), cancellationToken);
        best = await MoveAsync(best, new ScheduleMoves(total, options.Seed), Until(0.7), double.PositiveInfinity, cancellationToken);
        best = await ExtrapolationsAsync(best, Allows, Until(0.8), cancellationToken);
        var (calls, extrapolation) = (best.Calls!, best.Extrapolation!);
        best = await TokensAsync(best, calls, extrapolation.Draft, total, Allows, t => t.MeanQuality, Until(0.88), cancellationToken);
        await VerifiedAsync(best, calls.Length, extrapolation.Draft, total, Allows, t => t.MeanQuality, strictest: true, Until(1), cancellationToken);
        TuningResult result = new(null, best.Few, null, null, trials.Tried, 0);
        // a policy that verifies may be slower on other pictures; one with a fixed schedule is not
        foreach (var isFixed in new[] { false, true })
        {
            if (result.Policy is null && await trials.FinalAsync(Allows, isFixed, cancellationToken) is { } final)
            {
                result = await heldOut.StateAsync(final, trials.Tried, cancellationToken);
            }
        }

        return result;
    }

    // Searches the best speed at a given quality: the fewest computed calls that still reach it after moving them.
    private async Task<TuningResult> FineAsync(CancellationToken cancellationToken)
    {
        var total = await trials.CallCountAsync(cancellationToken);
        var end = options.Trials - Reserve;
        var from = await FewestAsync(total, end, cancellationToken);
        from = await ExtrapolationsAsync(from, _ => true, Math.Min(end, Until(0.35)), cancellationToken);
        var best = await FewerAsync(from, total, Math.Min(end, Until(0.75)), cancellationToken);
        var (calls, extrapolation) = (best.Calls!, best.Extrapolation!);
        var goal = best.Few.MeanQuality + await ShortfallAsync(best, cancellationToken); // for the few pictures on which neighbours are compared
        bool Allows(Trial trial) => trial.MeanQuality >= goal;

        var free = await TokensAsync(best, calls, extrapolation.Draft, total, Allows, t => t.FlopsSpeedup, Math.Min(end, Until(0.82)),
            cancellationToken);
        free = await VerifiedAsync(free, calls.Length, extrapolation.Draft, total, Allows, t => t.FlopsSpeedup, strictest: false, end,
            cancellationToken);
        best = free.Calls is null && await ShortfallAsync(free, cancellationToken) <= 0 ? free : best;
        return await StatedAsync(best, calls, extrapolation, total, cancellationToken);
    }

    // Tests on held-out pictures; on failure adds computed calls and tests again on new pictures.
    private async Task<TuningResult> StatedAsync(Candidate best, int[] calls, Extrapolation extrapolation, int total,
        CancellationToken cancellationToken)
    {
        for (var more = 1; ; more *= 2)
        {
            var all = await trials.AllAsync(best, cancellationToken);
            var found = await heldOut.StateAsync(all, trials.Tried, cancellationToken);
            var count = Math.Min(total - 1, best.Calls is null ? calls.Length : calls.Length + more);
            if (found.Policy is not null || trials.Tried == options.Trials || (best.Calls is not null && count <= calls.Length))
            {
                return found;
            }

            best = trials.Best(await ResizedAsync(calls, count, extrapolation, total, cancellationToken));
            calls = best.Calls!;
        }
    }

    // Reduces the number of computed calls as long as moving them reaches the goal; increases it if the initial number does not.
    private async Task<Candidate> FewerAsync(Candidate from, int total, int until, CancellationToken cancellationToken)
    {
        var goal = from.Few.MeanQuality + await ShortfallAsync(from, cancellationToken);
        var moves = new ScheduleMoves(total, options.Seed);
        Candidate? best = null;
        while (trials.Tried < until)
        {
            var enough = best is null ? Math.Min(until, trials.Tried + (options.Trials / 4)) : until;
            from = await MoveAsync(from, moves, enough, goal, cancellationToken);
            var next = from.Calls!.Length - 1;
            if (from.Few.MeanQuality < goal)
            {
                if (best is not null || from.Calls.Length >= total - 1)
                {
                    break; // the smallest sufficient number is known, or no other number is left
                }

                next = from.Calls.Length + 1;
            }
            else if (await ShortfallAsync(from, cancellationToken) is > 0 and var missing && from.Calls.Length < total - 1)
            {
                goal = from.Few.MeanQuality + missing; // the search has overfitted to the few pictures
                next = from.Calls.Length;
            }
            else
            {
                best = from = trials.Best(await ExtrapolationsAsync(from, _ => true, until, cancellationToken));
            }

            if (next < 1 || trials.Tried >= until)
            {
                break;
            }

            from = next == from.Calls!.Length ? from : await ResizedAsync(from.Calls, next, from.Extrapolation!, total, cancellationToken);
        }

        return best ?? from;
    }

    // Finds the fewest computed calls, in the shape in which searches usually end, that come close enough to a quality.
    private async Task<Candidate> FewestAsync(int total, int until, CancellationToken cancellationToken)
    {
        const int EnoughToMove = 40; // trials
        const double Exponent = 1.2;
        var expected = options.Trials < EnoughToMove ? 0 : 1.5; // usual gain from moving calls, in decibels
        var (low, high) = (Math.Min(2, total), Math.Max(1, total - 1));
        while (low < high && trials.Tried < until - 1)
        {
            var middle = (low + high) / 2;
            var tried = await trials.ScheduleAsync(ScheduleMoves.Reach(middle, total, Exponent), s_extrapolations[0], null, cancellationToken);
            (low, high) = heldOut.Shortfall(tried.Few) <= expected ? (low, middle) : (middle + 1, high);
        }

        return trials.Best(await trials.ScheduleAsync(ScheduleMoves.Reach(high, total, Exponent), s_extrapolations[0], null, cancellationToken));
    }

    // Resamples a schedule to another number of computed calls.
    private Task<Candidate> ResizedAsync(int[] calls, int count, Extrapolation extrapolation, int total, CancellationToken cancellationToken) =>
        trials.ScheduleAsync(CallSchedules.Resample(calls, total, count, total), extrapolation, null, cancellationToken);

    private async Task<double> ShortfallAsync(Candidate candidate, CancellationToken cancellationToken) =>
        heldOut.Shortfall(await trials.AllAsync(candidate, cancellationToken));

    private async Task<Candidate> MoveAsync(Candidate best, ScheduleMoves moves, int until, double enough, CancellationToken cancellationToken)
    {
        while (trials.Tried < until && best.Few.MeanQuality < enough && moves.Propose(best.Calls!) is { } calls)
        {
            best = trials.Better(best, await trials.ScheduleAsync(calls, best.Extrapolation!, best, cancellationToken));
        }

        return best;
    }

    private async Task<Candidate> ExtrapolationsAsync(Candidate best, Func<Trial, bool> allows, int until, CancellationToken cancellationToken)
    {
        foreach (var extrapolation in s_extrapolations.Where(f => f != best.Extrapolation).TakeWhile(_ => trials.Tried < until))
        {
            var tried = await trials.ScheduleAsync(best.Calls!, extrapolation, best, cancellationToken);
            best = allows(tried.Few) ? trials.Better(best, tried) : best;
        }

        return best;
    }

    // Tries fewer computed calls with some tokens computed in the calls between: for each selector, the largest number of calls that is fast enough,
    // or the smallest that is good enough.
    private async Task<Candidate> TokensAsync(
        Candidate best, int[] calls, string draft, int total, Func<Trial, bool> allows, Func<Trial, double> worth, int until,
            CancellationToken cancellationToken)
    {
        var proposals = from tokens in s_tokens
                        from count in new[] { calls.Length - 1, calls.Length * 2 / 3, calls.Length / 2 }.Where(c => c >= 1).Distinct()
                        select (tokens, CallSchedules.Resample(calls, total, count, total));
        foreach (var (tokens, fewer) in proposals.TakeWhile(_ => trials.Tried < until))
        {
            best = Worthier(best, await trials.TokensAsync(fewer, draft, tokens, best, cancellationToken), allows, worth);
        }

        return best;
    }

    // Tries verified drafts of about the same cost: bisects the allowed error between 1e-6 and 1 for the strictest value that is fast enough, or the
    // loosest that is good enough.
    private async Task<Candidate> VerifiedAsync(
        Candidate best, int count, string draft, int total, Func<Trial, bool> allows, Func<Trial, double> worth, bool strictest, int until,
        CancellationToken cancellationToken)
    {
        var run = Math.Clamp((int)Math.Round((double)total / count), 2, 12);
        foreach (var (min, max) in new[] { (run - 1, run), (run - 1, run + 1), (run - 2, run + 1) }.Where(m => m.Item1 >= 0))
        {
            var (low, high) = (-6.0, 0.0);
            for (var halving = 0; halving < 5 && trials.Tried < until; halving++)
            {
                var middle = (low + high) / 2;
                var tried = await trials.PolicyAsync(
                    string.Create(CultureInfo.InvariantCulture, $"speca(base={Math.Pow(10, middle):0.0000000},min={min},max={max},draft={draft})"),
                        best, cancellationToken);
                best = Worthier(best, tried, allows, worth);
                (low, high) = allows(tried.Few) == strictest ? (low, middle) : (middle, high);
            }
        }

        return best;
    }

    private Candidate Worthier(Candidate best, Candidate tried, Func<Trial, bool> allows, Func<Trial, double> worth) =>
        // prefers a fixed schedule unless verification is clearly better, since its cost is constant
        tried.Few.Quality.Count >= best.Few.Quality.Count && allows(tried.Few) && worth(tried.Few) > 1.02 * worth(best.Few)
            ? trials.Best(tried) : best;
}
