namespace Augur.Sampling;

/// <summary>
/// Noise levels spread by Karras et al. (2022, equation 5): the ρ-th roots of σ lie in equal parts. As diffusers' <c>use_karras_sigmas</c>.
/// </summary>
internal static class KarrasLevels
{
    private const double Rho = 7;

    /// <summary>The steps of a run.</summary>
    /// <param name="count">Number of steps; the first begins at the largest trained level, the last at the smallest.</param>
    /// <param name="alphas">ᾱ of every trained timestep, above 0.</param>
    /// <param name="lastAlpha">ᾱ that the last step leads to.</param>
    /// <param name="wholeTimesteps">
    /// Whether the network's time is rounded to a whole timestep, rather than truncated; diffusers truncates only under cosine betas.
    /// </param>
    public static DiffusionStep[] Plan(int count, double[] alphas, double lastAlpha, bool wholeTimesteps)
    {
        var logs = Array.ConvertAll(alphas, alpha => Math.Log((1 - alpha) / alpha) / 2); // log σ, ascending
        double[] levels = [.. Spread(count, Math.Exp(logs[^1]), Math.Exp(logs[0])).Select(sigma => 1 / (1 + (sigma * sigma))), lastAlpha];
        return [.. DiffusionPlan.Indices(count).Select(i => new DiffusionStep(i, TimeOf(levels[i]), levels[i], levels[i + 1]))];

        int TimeOf(double alpha)
        {
            var time = TimeAt(Math.Log((1 - alpha) / alpha) / 2, logs);
            return wholeTimesteps ? DiffusionPlan.Round(time) : (int)time;
        }
    }

    /// <summary>Levels from the largest to the smallest, equally far apart in their ρ-th roots.</summary>
    public static double[] Spread(int count, double largest, double smallest)
    {
        var (first, last) = (Math.Pow(largest, 1 / Rho), Math.Pow(smallest, 1 / Rho));
        return [.. DiffusionPlan.Indices(count).Select(i => Math.Pow(first + (i / (double)Math.Max(1, count - 1) * (last - first)), Rho))];
    }

    /// <summary>The model time between the two trained levels around log σ, in proportion.</summary>
    /// <param name="logSigma">log σ.</param>
    /// <param name="logs">Of every trained timestep, ascending.</param>
    public static double TimeAt(double logSigma, double[] logs)
    {
        var low = 0;
        while (low < logs.Length - 2 && logs[low + 1] <= logSigma)
        {
            low++;
        }

        return low + Math.Clamp((logSigma - logs[low]) / (logs[low + 1] - logs[low]), 0, 1);
    }
}
