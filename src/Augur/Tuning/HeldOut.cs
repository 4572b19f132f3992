using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>
/// Tests the result of a search on held-out pictures, with a new set for each attempt. Since a search may try until a test passes, the n-th interval
/// has confidence 1 − 0.05 / (n (n + 1)): the error probabilities of all attempts add up to at most 0.05.
/// </summary>
/// <param name="pictures">Returns the set of an attempt, counted from 0; all sets have the same size.</param>
/// <param name="target">The target of the search.</param>
/// <param name="work">Keeps account of generated pictures.</param>
/// <param name="seed">Seed of the bootstrap resamples.</param>
internal sealed class HeldOut(Func<int, ICalibration> pictures, TuningTarget target, SearchWork work, int seed)
{
    private readonly int _count = pictures(0).Count;
    private int _attempt = -1;

    /// <summary>Measures a policy on the next set.</summary>
    /// <param name="calibrated">The trial of the policy on the pictures that it was chosen on.</param>
    /// <param name="tried">Number of policies tried so far.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public async Task<TuningResult> StateAsync(Trial calibrated, int tried, CancellationToken cancellationToken)
    {
        var set = pictures(++_attempt);
        work.Enter(SearchStage.HeldOut);
        var held = await set.MeasureAsync(calibrated.Policy, 0, set.Count, work.Uncached, cancellationToken);
        work.Drawn(held);
        var interval = BootstrapInterval.OfMean(held.Quality, seed, confidence: target.Mean is null ? BootstrapInterval.DefaultConfidence
            : ConfidenceOf(_attempt));
        var isMet = target.IsMet(held, interval);
        return new(isMet ? calibrated.Policy : null, calibrated, held, interval, tried, _attempt);
    }

    /// <summary>Confidence of the interval of an attempt, counted from 0; 0.975 for the first.</summary>
    public static double ConfidenceOf(int attempt) => 1 - ((1 - BootstrapInterval.DefaultConfidence) / ((attempt + 1) * (attempt + 2)));

    /// <summary>
    /// Decibels by which a trial is too low for the interval on held-out pictures to be expected above the target; negative if there is a margin.
    /// </summary>
    public double Shortfall(Trial trial)
    {
        const double Deviations = 2.24; // standard deviations of the first attempt's interval of 97.5 %
        var variance = trial.Quality.Sum(p => Math.Pow(p - trial.MeanQuality, 2)) / Math.Max(1, trial.Quality.Count - 1);
        return Math.Max(target.Mean!.Value + (Deviations * Math.Sqrt(variance / _count)) - trial.MeanQuality, target.FloorShortfall(trial.Quality));
    }
}
