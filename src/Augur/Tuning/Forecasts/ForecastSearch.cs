namespace Augur.Tuning;

/// <summary>
/// Moves of planned calls, each tried with the network on all calibration pictures: what is better by their decibels, those of the worst quarter
/// counting double, is taken at once. Late calls are moved first: what lies before them need not be computed again.
/// </summary>
/// <param name="loop">The pictures.</param>
/// <param name="pictures">The recorded pictures, for their uncached results.</param>
/// <param name="calls">Network calls of a run.</param>
/// <param name="onCalls">Called with the number of network calls done since the last call.</param>
internal sealed class ForecastSearch(ForecastLoop loop, IReadOnlyList<ForecastTrack> pictures, int calls, Action<int> onCalls)
{
    // Of the score: drafted first calls, which know nothing of what is to be drawn, turn a picture into another now and then, and have to gain more
    // than that.
    private const double OpeningCosts = 0.15;

    private Trial? _best;

    /// <summary>Mean squared difference of each picture's latent from the uncached one, under the best plan.</summary>
    public double[] Errors => _best!.Errors;

    /// <summary>The best plan with its fit, behind its last call.</summary>
    public ForecastState Best => _best!.End;

    /// <summary>Fits plans, and moves the calls of the best while something is gained.</summary>
    /// <param name="plans">Computed calls, ascending; of one length.</param>
    /// <param name="budget">Network calls, of one picture each, that moves may take; 0: the plan stands.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public void Run(IReadOnlyList<int[]> plans, long budget, CancellationToken cancellationToken)
    {
        foreach (var plan in plans)
        {
            onCalls(pictures.Count * SharedWith(plan).Count());
            var trial = Fitted(plan, cancellationToken);
            _best = _best is null || trial.Score > _best.Score ? trial : _best;
        }

        var closing = (long)_best!.Computed.Length * pictures.Count;
        var closes = budget > closing;
        budget -= closes ? closing : 0;
        for (var isBetter = true; isBetter;)
        {
            isBetter = false;
            foreach (var move in PlanMoves.LateFirst(_best!.Computed.Length))
            {
                var cost = (long)(_best.Computed.Length - move.First) * pictures.Count;
                while (cost <= budget && move.Of(_best.Computed, calls) is { } moved)
                {
                    budget -= cost;
                    var trial = Fitted(moved, cancellationToken);
                    if (trial.Score <= _best.Score)
                    {
                        break;
                    }

                    (_best, isBetter) = (trial, true); // and further the same way
                }
            }
        }

        if (closes && _best.Computed[0] > 0) // held against the same plan with its first call made at once
        {
            var closed = Fitted([0, .. _best.Computed.Skip(1)], cancellationToken);
            _best = closed.Score > _best.Score - OpeningCosts ? closed : _best;
            closing = 0;
        }

        onCalls((int)(budget + (closes ? closing : 0)));
    }

    // What the best plan begins with alike is not computed again.
    private IEnumerable<ForecastState> SharedWith(int[] plan) =>
        _best is { } best ? best.States.TakeWhile((_, i) => best.Computed[i] == plan[i]) : [];

    private Trial Fitted(int[] plan, CancellationToken cancellationToken)
    {
        List<ForecastState> states = [.. SharedWith(plan)];
        while (states.Count < plan.Length)
        {
            var next = plan[states.Count];
            var (state, latents) = loop.Follow(states.Count == 0 ? loop.Start : states[^1], next);
            states.Add(loop.Compute(state, latents, next, cancellationToken));
            onCalls(pictures.Count);
        }

        var (end, results) = loop.Follow(states[^1], calls);
        return new Trial(states, end, [.. pictures.Zip(results, (picture, result) => MeanSquare(result, picture.Uncached[^1]))]);
    }

    private static double MeanSquare(float[] latent, float[] uncached) => latent.Zip(uncached, (a, b) => (double)(a - b) * (a - b)).Average();

    // States are those behind each computed call, before its drafts are fitted.
    private sealed record Trial(List<ForecastState> States, ForecastState End, double[] Errors)
    {
        public int[] Computed => End.Computed;

        public double Score { get; } = Mean(Errors) + Mean([.. Errors.OrderDescending().Take((Errors.Length + 3) / 4)]);

        private static double Mean(double[] errors) => -errors.Average(e => Math.Log(Math.Max(e, double.Epsilon)));
    }
}
