namespace Augur.Sampling;

/// <summary>
/// Times in equal parts of continuous time, as DPM-Solver's own code has them (Lu et al., 2022; PixArt's released sampler): t runs from 1 to
/// 1/trained, log ᾱ lies in proportion between trained timesteps, and the network's time is (t − 1/trained) · 1000. In single precision, as released.
/// </summary>
internal static class ContinuousTimes
{
    /// <summary>The steps of a run.</summary>
    /// <param name="count">Number of steps.</param>
    /// <param name="alphas">ᾱ of every trained timestep.</param>
    /// <param name="start">t of the first call, above 1/trained.</param>
    /// <param name="endAtImage">Whether the last step leads to the image, rather than to the first trained timestep.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are more steps than trained timesteps.</exception>
    public static DiffusionStep[] Plan(int count, double[] alphas, double start, bool endAtImage)
    {
        var trained = alphas.Length;
        if (count > trained)
        {
            throw new ArgumentOutOfRangeException(nameof(count), $"{count} steps cannot be taken from {trained} trained timesteps.");
        }

        var times = Times(count, (float)start, 1f / trained);
        double[] levels = [.. times.Select(t => AlphaAt(t, alphas))];
        levels[^1] = endAtImage ? 1 : levels[^1];
        return [.. DiffusionPlan.Indices(count).Select(i => new DiffusionStep(i, (times[i] - (1f / trained)) * 1000, levels[i], levels[i + 1]))];
    }

    /// <summary>count + 1 times, equally spaced: the first half counted from the start, the second from the end.</summary>
    public static float[] Times(int count, float start, float end)
    {
        var step = (end - start) / count;
        return [.. Enumerable.Range(0, count + 1).Select(i => i < (count + 1) / 2 ? start + (step * i) : end - (step * (count - i)))];
    }

    /// <summary>ᾱ at a time between trained timesteps.</summary>
    public static double AlphaAt(float time, double[] alphas)
    {
        var place = Math.Clamp(((double)time * alphas.Length) - 1, 0, alphas.Length - 1);
        var below = Math.Min((int)place, alphas.Length - 2);
        double low = Math.Log(alphas[below]), high = Math.Log(alphas[below + 1]);
        return Math.Exp(low + ((place - below) * (high - low)));
    }
}
