namespace Augur.Sampling;

/// <summary>One step of discrete diffusion: where it stands and where it goes.</summary>
/// <param name="Timestep">Model time of the call.</param>
/// <param name="Alpha">ᾱ of the latent that the network sees.</param>
/// <param name="AlphaNext">ᾱ of the latent that the step leads to; 1 is the image itself.</param>
internal readonly record struct DiffusionStep(int Timestep, double Alpha, double AlphaNext)
{
    /// <summary>√(1−ᾱ)/√ᾱ.</summary>
    public double Sigma => Math.Sqrt((1 - Alpha) / Alpha);

    /// <summary>β of this step: the variance between both ends.</summary>
    public double Beta => 1 - (Alpha / AlphaNext);

    /// <summary>β̃: variance of the next latent given this one and the image.</summary>
    public double PosteriorVariance => Beta * (1 - AlphaNext) / (1 - Alpha);

    /// <summary>The steps of a run, noise first.</summary>
    /// <param name="options">Schedule and spacing.</param>
    /// <param name="count">Number of steps.</param>
    /// <param name="lastAlpha">ᾱ that the last step leads to.</param>
    /// <exception cref="ArgumentOutOfRangeException">More steps than trained timesteps, or none.</exception>
    public static DiffusionStep[] Plan(DiffusionOptions options, int count, double lastAlpha)
    {
        RequireCount(options, count);
        var alphas = options.CreateSchedule().AlphasCumulative;
        // One step goes from the last timestep, where the noise is, straight to the image; the released rules would ask for timestep 0 there.
        int[] times = count == 1 ? [options.TrainedStepCount - 1] : Timesteps(options, count);
        var steps = new DiffusionStep[count];
        for (var i = 0; i < count; i++)
        {
            // The respaced process knows its neighbour; diffusers goes back by ⌊1000/steps⌋ even where rounding put the neighbour elsewhere.
            var next = options.Spacing is TimestepSpacing.Respaced or TimestepSpacing.Strided
                ? (i + 1 < count ? times[i + 1] : -1)
                : times[i] - (options.TrainedStepCount / count);
            steps[i] = new DiffusionStep(times[i], alphas[times[i]], next >= 0 ? alphas[next] : lastAlpha);
        }

        return steps;
    }

    /// <summary>Refuses a number of steps that the trained schedule cannot give.</summary>
    public static void RequireCount(DiffusionOptions options, int count)
    {
        if (count < 1 || count > options.TrainedStepCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), $"{count} steps cannot be taken from {options.TrainedStepCount} trained timesteps; between 1 and {options.TrainedStepCount} can.");
        }
    }

    private static int[] Timesteps(DiffusionOptions options, int count)
    {
        var trained = options.TrainedStepCount;
        var times = options.Spacing switch
        {
            TimestepSpacing.Respaced => Respacing.Select(options.Sections ?? FormattableString.Invariant($"{count}"), trained).Reverse(),
            TimestepSpacing.Strided => Respacing.EqualStride(count, trained).Reverse(),
            TimestepSpacing.Leading => Indices(count).Select(i => ((count - 1 - i) * (trained / count)) + options.StepsOffset),
            TimestepSpacing.Trailing => Indices(count).Select(i => Round(trained - (i * (trained / (double)count))) - 1),
            _ => Indices(count).Select(i => Round((count - 1 - i) * ((trained - 1) / (double)(count - 1)))),
        };
        int[] planned = [.. times.Select(time => Math.Min(time, trained - 1))];
        return planned.Length == count ? planned
            : throw new ArgumentException($"The sections \"{options.Sections}\" make {planned.Length} steps, not {count}.");
    }

    internal static IEnumerable<int> Indices(int count) => Enumerable.Range(0, count);

    internal static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
