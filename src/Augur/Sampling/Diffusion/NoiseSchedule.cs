using System.Collections.Immutable;

namespace Augur.Sampling;

/// <summary>The tables of a discrete diffusion process in float64, index 0 the least noise: x_t = √ᾱ·x₀ + √(1−ᾱ)·ε. Immutable.</summary>
/// <remarks>
/// Index 0 is the image side here, unlike step indices elsewhere: the tables are indexed by model time, which papers count that way. The released
/// implementations convert table entries to float32 before use; samplers here compute their factors in float64 and round once.
/// </remarks>
public sealed class NoiseSchedule
{
    private NoiseSchedule(ImmutableArray<int> timesteps, int trainedStepCount, ImmutableArray<double> betas)
    {
        (Timesteps, TrainedStepCount, Betas) = (timesteps, trainedStepCount, betas);
        var alphasCumulative = new double[betas.Length];
        var product = 1.0;
        for (var i = 0; i < betas.Length; i++)
        {
            alphasCumulative[i] = product *= 1 - betas[i];
        }

        AlphasCumulative = [.. alphasCumulative];
    }

    /// <summary>Model time of each entry, ascending; 0, 1, 2, … for the trained schedule.</summary>
    public ImmutableArray<int> Timesteps { get; }

    /// <summary>Number of timesteps that the network was trained with.</summary>
    public int TrainedStepCount { get; }

    /// <summary>β: variance of the noise that is added from one entry to the next.</summary>
    public ImmutableArray<double> Betas { get; }

    /// <summary>ᾱ: share of the image's variance that is left, 1 (image) to 0 (noise).</summary>
    public ImmutableArray<double> AlphasCumulative { get; }

    /// <summary>Number of entries.</summary>
    public int Count => Betas.Length;

    /// <summary>A trained schedule.</summary>
    /// <param name="schedule">How β grows.</param>
    /// <param name="stepCount">Number of trained timesteps, at least 2.</param>
    /// <param name="start">β of the first timestep, in (0, 1).</param>
    /// <param name="end">β of the last timestep, in [start, 1).</param>
    public static NoiseSchedule Create(BetaSchedule schedule, int stepCount = 1000, double start = 1e-4, double end = 0.02)
    {
        if (stepCount < 2 || !(start > 0) || !(end >= start) || !(end < 1))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"NoiseSchedule: {stepCount} timesteps with betas from {start} to {end}; at least 2 timesteps and 0 < start ≤ end < 1 are needed."));
        }

        var betas = schedule switch
        {
            BetaSchedule.Linear => Spread(start, end, stepCount),
            BetaSchedule.ScaledLinear => [.. Spread(Math.Sqrt(start), Math.Sqrt(end), stepCount).Select(root => root * root)],
            BetaSchedule.Cosine => [.. Enumerable.Range(0, stepCount).Select(i => CosineBeta(i, stepCount))],
            _ => throw new ArgumentOutOfRangeException(nameof(schedule), $"NoiseSchedule: {schedule} betas follow no formula."),
        };
        return new NoiseSchedule([.. Enumerable.Range(0, stepCount)], stepCount, [.. betas]);
    }

    /// <summary>A trained schedule from its betas.</summary>
    /// <param name="betas">One per trained timestep, at least 2, in (0, 1); the last may be 1, noise without any signal.</param>
    public static NoiseSchedule FromBetas(IReadOnlyList<double> betas)
    {
        for (var i = 0; i < betas.NotNull().Count; i++)
        {
            if (!(betas[i] > 0) || !(betas[i] < 1 || (betas[i] == 1 && i == betas.Count - 1)))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"NoiseSchedule: the beta of timestep {i} is {betas[i]}; betas lie above 0 and below 1."));
            }
        }

        return betas.Count >= 2 ? new NoiseSchedule([.. Enumerable.Range(0, betas.Count)], betas.Count, [.. betas])
            : throw new ArgumentException($"NoiseSchedule: {betas.Count} betas; at least 2 are needed.");
    }

    /// <summary>
    /// The schedule rescaled so that its last entry is noise without any signal and its first stays (Lin et al., 2023, algorithm 1): √ᾱ is moved
    /// down by its last value and stretched to its first.
    /// </summary>
    public NoiseSchedule WithZeroTerminalSnr()
    {
        double first = Math.Sqrt(AlphasCumulative[0]), last = Math.Sqrt(AlphasCumulative[^1]);
        double[] alphas = [.. AlphasCumulative.Select(alpha => Math.Pow((Math.Sqrt(alpha) - last) * (first / (first - last)), 2))];
        return new NoiseSchedule(Timesteps, TrainedStepCount, [.. alphas.Select((alpha, i) => 1 - (alpha / (i == 0 ? 1 : alphas[i - 1])))]);
    }

    /// <summary>
    /// The schedule over some of its timesteps, as the DiT package respaces: "50" takes 50 timesteps spread over the whole range,
    /// "10,15,20" divides the range in three parts and takes so many of each, "ddim50" takes every 20th.
    /// </summary>
    /// <exception cref="ArgumentException">The text has another form, or asks for more timesteps than there are.</exception>
    public NoiseSchedule Respace(string respacing) => Select(Respacing.Select(respacing.NotNull(), Count));

    /// <summary>
    /// The schedule over the given entries, ascending and distinct; β is recomputed so that consecutive chosen ᾱ follow from each other.
    /// </summary>
    public NoiseSchedule Select(IReadOnlyList<int> entries)
    {
        var betas = ImmutableArray.CreateBuilder<double>(entries.NotNull().Count);
        var timesteps = ImmutableArray.CreateBuilder<int>(entries.Count);
        var last = 1.0;
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i] < 0 || entries[i] >= Count || (i > 0 && entries[i] <= entries[i - 1]))
            {
                throw new ArgumentException($"NoiseSchedule: entry {entries[i]} does not ascend within 0 to {Count - 1}.");
            }

            betas.Add(1 - (AlphasCumulative[entries[i]] / last));
            timesteps.Add(Timesteps[entries[i]]);
            last = AlphasCumulative[entries[i]];
        }

        return new NoiseSchedule(timesteps.MoveToImmutable(), TrainedStepCount, betas.MoveToImmutable());
    }

    /// <summary>ᾱ of the entry before; 1 before the first.</summary>
    public double AlphaCumulativeBefore(int index) => index == 0 ? 1 : AlphasCumulative[index - 1];

    /// <summary>β̃, the variance of x_{t−1} given x_t and x₀ (Ho et al., 2020, equation 7).</summary>
    public double PosteriorVariance(int index) => Betas[index] * (1 - AlphaCumulativeBefore(index)) / (1 - AlphasCumulative[index]);

    // NumPy's linspace: multiples of one step, the last value exact.
    private static double[] Spread(double start, double end, int count)
    {
        var step = (end - start) / (count - 1);
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = i == count - 1 ? end : (i * step) + start;
        }

        return values;
    }

    private static double CosineBeta(int index, int stepCount)
    {
        static double Remaining(double time)
        {
            var cosine = Math.Cos((time + 0.008) / 1.008 * Math.PI / 2);
            return cosine * cosine;
        }

        return Math.Min(1 - (Remaining((index + 1) / (double)stepCount) / Remaining(index / (double)stepCount)), 0.999);
    }
}
