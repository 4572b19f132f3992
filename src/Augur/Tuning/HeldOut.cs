using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>
/// States what a search chose, on pictures that it never saw: a set of its own for each attempt. Who may try again until a test passes must test more
/// strictly: the n-th interval leaves out 0.05 / (n (n + 1)), which over all attempts adds up to the 0.05 of one interval of 95 %.
/// </summary>
/// <param name="pictures">The set of an attempt, counted from 0; all are of one size.</param>
/// <param name="target">What the search aims at.</param>
/// <param name="work">Is told of pictures drawn.</param>
/// <param name="seed">Of the interval's resamples.</param>
internal sealed class HeldOut(Func<int, Calibration> pictures, TuningTarget target, SearchWork work, int seed)
{
    private readonly int _count = pictures(0).Count;
    private int _attempt = -1;

    /// <summary>Draws the next set.</summary>
    /// <param name="calibrated">The policy on the pictures that it was chosen on.</param>
    /// <param name="tried">Policies that were tried.</param>
    /// <param name="cancellationToken">Cancels the work; checked once per network call.</param>
    public async Task<TuningResult> StateAsync(Trial calibrated, int tried, CancellationToken cancellationToken)
    {
        var set = pictures(++_attempt);
        work.Enter(SearchStage.HeldOut);
        var held = await set.MeasureAsync(calibrated.Policy, 0, set.Count, work.Uncached, cancellationToken);
        work.Drawn(held);
        var interval = BootstrapInterval.OfMean(held.Psnr, seed, confidence: target.Psnr is null ? BootstrapInterval.DefaultConfidence
            : ConfidenceOf(_attempt));
        var isMet = target.IsMet(held, interval);
        return new(isMet ? calibrated.Policy : null, calibrated, held, interval, tried, _attempt);
    }

    /// <summary>Confidence of the interval of an attempt, counted from 0.</summary>
    public static double ConfidenceOf(int attempt) => 1 - ((1 - BootstrapInterval.DefaultConfidence) / ((attempt + 1) * (attempt + 2)));

    /// <summary>By how many decibels a trial falls short of a target whose interval on the held-out pictures shall lie above it; below 0, by how many
    /// it is better.</summary>
    public double Shortfall(Trial trial)
    {
        const double Deviations = 2.24; // of the first attempt's interval, 97.5 %
        var variance = trial.Psnr.Sum(p => Math.Pow(p - trial.MeanPsnr, 2)) / Math.Max(1, trial.Psnr.Count - 1);
        return Math.Max(target.Psnr!.Value + (Deviations * Math.Sqrt(variance / _count)) - trial.MeanPsnr, target.FloorShortfall(trial.Psnr));
    }
}
