using Augur.Caching.Policies;

namespace Augur.Tuning;

/// <summary>How a network's output answers to a change of its latent and of its time between two calls of a run; root mean squares.</summary>
/// <param name="Time">Model time of the first of the two.</param>
/// <param name="ByLatent">Change of the output by change of the latent, at the first's time.</param>
/// <param name="ByTime">Change of the output by change of the model time, at the first's latent.</param>
public readonly record struct CallSensitivity(double Time, double ByLatent, double ByTime);

/// <summary>
/// The table of <see cref="SenCachePolicy"/>: for each time the means over runs of <see cref="CallSensitivity"/> (arXiv 2602.24208).
/// </summary>
/// <param name="Table">In the order of the calls.</param>
/// <param name="Spread">
/// Largest standard deviation over runs of a sensitivity to the latent, relative to its mean; small where the assumption holds that it hardly depends
/// on the sample.
/// </param>
public sealed record SenCacheFit(IReadOnlyList<CallSensitivity> Table, double Spread)
{
    private const string Digits = "g5";

    /// <summary>Averages the sensitivities of runs.</summary>
    /// <param name="runs">Of equal length, at least one; entries where latent or time did not change are not finite, and left out.</param>
    /// <exception cref="ArgumentException">Nothing could be measured.</exception>
    public static SenCacheFit Of(IReadOnlyList<IReadOnlyList<CallSensitivity>> runs)
    {
        var calls = Enumerable.Range(0, runs.NotNull()[0].Count).Select(call => runs.Select(run => run[call]).ToArray())
            .Where(call => Array.TrueForAll(call, c => double.IsFinite(c.ByLatent) && double.IsFinite(c.ByTime))).ToArray();
        if (calls.Length == 0)
        {
            throw new ArgumentException("A fit of sensitivities needs runs of two calls at least that differ in latent and time.");
        }

        CallSensitivity[] table = [.. calls.Select(call => new CallSensitivity(
            Rounded(call.Average(c => c.Time)), Rounded(call.Average(c => c.ByLatent)), Rounded(call.Average(c => c.ByTime))))];
        var spread = calls.Max(call =>
        {
            var mean = call.Average(c => c.ByLatent);
            return mean == 0 ? 0 : Math.Sqrt(call.Average(c => (c.ByLatent - mean) * (c.ByLatent - mean))) / mean;
        });
        return new SenCacheFit(table, spread);
    }

    /// <summary>The policy that goes by the table, as the command line writes it.</summary>
    public string Policy => $"sencache(times={Column(c => c.Time)},by_latent={Column(c => c.ByLatent)},by_time={Column(c => c.ByTime)})";

    private string Column(Func<CallSensitivity, double> of) => TableColumn.Of(Table.Select(of));

    private static double Rounded(double value) => TableColumn.Rounded(value, Digits);
}
