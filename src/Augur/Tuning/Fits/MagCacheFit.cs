using Augur.Caching.Policies;

namespace Augur.Tuning;

/// <summary>
/// Fits the ratios of <see cref="MagCachePolicy"/>: for each call the mean over runs of <see cref="CallChange.Magnitude"/> (arXiv 2506.09045).
/// </summary>
/// <param name="Ratios">One per network call; the first is 1.</param>
/// <param name="Spread">
/// Largest standard deviation of a ratio over runs; it is small if the assumption of the method holds, that ratios hardly depend on the sample.
/// </param>
public sealed record MagCacheFit(IReadOnlyList<double> Ratios, double Spread)
{
    private const int Digits = 5; // as many as are published

    /// <summary>Averages the ratios of runs.</summary>
    /// <param name="runs">Measured calls of uncached runs of equal length.</param>
    public static MagCacheFit Of(IReadOnlyList<IReadOnlyList<CallChange>> runs)
    {
        var calls = Enumerable.Range(0, runs.NotNull()[0].Count).Select(i => runs.Select(r => r[i].Magnitude).ToArray()).ToArray();
        return new MagCacheFit(
            [.. calls.Select(c => Math.Round(c.Average(), Digits))],
            calls.Max(c => Math.Sqrt(c.Average(r => (r - c.Average()) * (r - c.Average())))));
    }
}
