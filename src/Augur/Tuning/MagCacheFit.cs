using Augur.Caching.Policies;

namespace Augur.Tuning;

/// <summary>The ratios of <see cref="MagCachePolicy"/>: the mean over runs, call by call, of how much the magnitude of the blocks' change varies
/// (arXiv 2506.09045).</summary>
/// <param name="Ratios">One per network call; the first is 1.</param>
/// <param name="Spread">The largest standard deviation of a ratio over runs: small where the law that the method builds on holds.</param>
public sealed record MagCacheFit(IReadOnlyList<double> Ratios, double Spread)
{
    private const int Digits = 5; // as many as are published

    /// <summary>Averages.</summary>
    /// <param name="runs">Calls of uncached runs, of one length.</param>
    public static MagCacheFit Of(IReadOnlyList<IReadOnlyList<CallChange>> runs)
    {
        var calls = Enumerable.Range(0, runs[0].Count).Select(i => runs.Select(r => r[i].Magnitude).ToArray()).ToArray();
        return new MagCacheFit(
            [.. calls.Select(c => Math.Round(c.Average(), Digits))],
            calls.Max(c => Math.Sqrt(c.Average(r => (r - c.Average()) * (r - c.Average())))));
    }
}
