namespace Augur.Sampling;

/// <summary>Makes the list of steps of a diffusion run, from noise to image.</summary>
internal static class DiffusionPlan
{
    /// <summary>Steps from each visited timestep to the next, and from the last to the end.</summary>
    /// <param name="times">Visited timesteps, the noisiest first.</param>
    /// <param name="alphas">ᾱ of every trained timestep.</param>
    /// <param name="lastAlpha">ᾱ that the last step leads to.</param>
    public static DiffusionStep[] Through(int[] times, IReadOnlyList<double> alphas, double lastAlpha) =>
        [.. times.Select((time, i) => new DiffusionStep(i, time, alphas[time], i + 1 < times.Length ? alphas[times[i + 1]] : lastAlpha))];

    /// <summary>
    /// Steps that each go back by ⌊trained/steps⌋ timesteps, as in diffusers' DDIMScheduler, even if rounding puts the next visited timestep
    /// elsewhere.
    /// </summary>
    /// <inheritdoc cref="Through" path="/param"/>
    public static DiffusionStep[] Striding(int[] times, IReadOnlyList<double> alphas, double lastAlpha)
    {
        var stride = alphas.Count / times.Length;
        return [.. times.Select((time, i) => new DiffusionStep(i, time, alphas[time], time >= stride ? alphas[time - stride] : lastAlpha))];
    }

    /// <summary>The timesteps that a run visits, the noisiest first.</summary>
    /// <exception cref="ArgumentException">The schedule has fewer timesteps.</exception>
    public static int[] Timesteps(DiffusionOptions options, int count)
    {
        RequireCount(options, count);
        var trained = options.TrainedStepCount;
        if (count == 1)
        {
            // A single step starts at the last trained timestep (pure noise); the released spacing rules would start it at timestep 0.
            return [trained - 1];
        }

        if (options.Timesteps is { } grid)
        {
            return grid.Visit(count, options.CreateSchedule().AlphasCumulative);
        }

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

    /// <summary>The steps behind those that are skipped, counted from 0.</summary>
    public static DiffusionStep[] Remaining(DiffusionOptions options, DiffusionStep[] steps) => options.SkippedSteps == 0 ? steps
        : [.. steps.Skip(options.SkippedSteps).Select(step => step with { Index = step.Index - options.SkippedSteps })];

    /// <summary>Refuses a number of steps that the trained schedule cannot give.</summary>
    public static void RequireCount(DiffusionOptions options, int count)
    {
        if (count < 1 || count > options.TrainedStepCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                $"{count} steps cannot be taken from {options.TrainedStepCount} trained timesteps; between 1 and {options.TrainedStepCount} can.");
        }
    }

    /// <summary>
    /// Returns the steps, or refuses them: with zero terminal SNR (ᾱ = 0) the image cannot be computed from ε, because the formula divides by √ᾱ.
    /// </summary>
    /// <exception cref="ArgumentException">The network predicts ε and a step begins at ᾱ = 0.</exception>
    public static DiffusionStep[] Usable(DiffusionStep[] steps, Prediction prediction) =>
        prediction != Prediction.Epsilon || Array.TrueForAll(steps, step => step.Alpha > 0) ? steps
            : throw new ArgumentException(
                $"A network that predicts Epsilon cannot begin at timestep {steps[0].Timestep}, where the betas leave no signal (zero terminal SNR); "
                + "one that predicts Velocity or Image can, or spacing=leading begins below it.");

    internal static IEnumerable<int> Indices(int count) => Enumerable.Range(0, count);

    internal static int Round(double value) => (int)Math.Round(value, MidpointRounding.ToEven);
}
