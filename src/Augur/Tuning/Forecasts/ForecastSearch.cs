namespace Augur.Tuning;

/// <summary>
/// Moves of planned calls, each tried with the network on all calibration pictures: what is better in the mean of their decibels is taken at once.
/// Late calls are moved first: what lies before them need not be computed again.
/// </summary>
/// <param name="loop">The pictures.</param>
/// <param name="pictures">The recorded pictures, for their uncached results.</param>
/// <param name="calls">Network calls of a run.</param>
/// <param name="onCalls">Called with the number of network calls done since the last call.</param>
internal sealed class ForecastSearch(ForecastLoop loop, IReadOnlyList<ForecastTrack> pictures, int calls, Action<int> onCalls)
{
    private Trial? _best;

    /// <summary>Mean squared difference of each picture's latent from the uncached one, under the best plan.</summary>
    public double[] Errors => _best!.Errors;

    /// <summary>The best plan with its fit, behind its last call.</summary>
    public ForecastState Best => _best!.End;

    /// <summary>Fits a plan, and moves its calls while something is gained.</summary>
    /// <param name="plan">Computed calls, ascending.</param>
    /// <param name="budget">Network calls, of one picture each, that moves may take; 0: the plan stands.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public void Run(int[] plan, long budget, CancellationToken cancellationToken)
    {
        _best = Fitted(plan, cancellationToken);
        for (var isBetter = true; isBetter;)
        {
            isBetter = false;
            foreach (var move in PlanMoves.LateFirst(plan.Length))
            {
                var cost = (long)(plan.Length - move.First) * pictures.Count;
                while (cost <= budget && move.Of(_best.Computed, calls) is { } moved)
                {
                    budget -= cost;
                    var trial = Fitted(moved, cancellationToken);
                    if (trial.Decibels <= _best.Decibels)
                    {
                        break;
                    }

                    (_best, isBetter) = (trial, true); // and further the same way
                }
            }
        }

        onCalls((int)budget);
    }

    // What the best plan begins with alike is not computed again.
    private Trial Fitted(int[] plan, CancellationToken cancellationToken)
    {
        var states = new List<ForecastState>(plan.Length);
        states.AddRange(_best is { } best ? best.States.TakeWhile((_, i) => best.Computed[i] == plan[i]) : []);
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

        public double Decibels { get; } = -Errors.Average(e => Math.Log(Math.Max(e, double.Epsilon)));
    }
}
