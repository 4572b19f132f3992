using Augur.Metrics;

namespace Augur.Tuning;

/// <summary>States what a search chose, on pictures that it never saw: a set of its own for each attempt.</summary>
/// <param name="pictures">The set of an attempt, counted from 0; all are of one size.</param>
/// <param name="seed">Of the interval's resamples.</param>
internal sealed class HeldOut(Func<int, Calibration> pictures, int seed)
{
    private readonly int _count = pictures(0).Count;
    private int _attempt = -1;

    /// <summary>Draws the next set.</summary>
    /// <param name="calibrated">The policy on the pictures that it was chosen on.</param>
    /// <param name="tried">Policies that were tried.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<TuningResult> StateAsync(Trial calibrated, int tried, CancellationToken cancellationToken)
    {
        var set = pictures(++_attempt);
        var held = await set.MeasureAsync(calibrated.Policy, 0, set.Count, cancellationToken);
        return new(calibrated.Policy, calibrated, held, BootstrapInterval.OfMean(held.Psnr, seed), tried, _attempt);
    }

    /// <summary>By how many decibels a trial falls short of a mean PSNR whose interval on the held-out pictures lies above <paramref name="psnr"/>; below 0, by how many it is better.</summary>
    public double Shortfall(Trial trial, double psnr)
    {
        var variance = trial.Psnr.Sum(p => Math.Pow(p - trial.MeanPsnr, 2)) / Math.Max(1, trial.Psnr.Count - 1);
        return psnr + (1.96 * Math.Sqrt(variance / _count)) - trial.MeanPsnr;
    }
}
