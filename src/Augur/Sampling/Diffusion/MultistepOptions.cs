using Augur.Notation;

namespace Augur.Sampling;

/// <summary>Settings common to multistep solvers of discrete diffusion. The defaults are those of diffusers' multistep schedulers.</summary>
public abstract record MultistepOptions : DiffusionOptions
{
    /// <summary>Settings with diffusers' defaults; the spacing is <see cref="TimestepSpacing.Linspace"/>.</summary>
    protected MultistepOptions() => Spacing = TimestepSpacing.Linspace;

    /// <summary>Whether the last step of a run with fewer than 15 steps is of first order, and the one before of second, for stability.</summary>
    [Setting("lower_order_final")]
    public bool LowerOrderFinal { get; init; } = true;

    /// <summary>Whether the last step leads to σ = 0 rather than to the first trained timestep.</summary>
    [Setting("end_at_image")]
    public bool EndAtImage { get; init; } = true;

    /// <summary>Whether the noise levels lie as Karras et al. (2022, equation 5, ρ = 7) spread them, instead of at spaced timesteps.</summary>
    /// <exception cref="ArgumentException">Timesteps are given as well.</exception>
    [Setting("karras")]
    public bool Karras { get; init; }

    /// <summary>A run of fewer steps ends in lower orders, with <see cref="LowerOrderFinal"/>.</summary>
    internal virtual int FewSteps => 15;

    /// <summary>The highest order that a step may have, whatever is known.</summary>
    /// <param name="step">Index of the step.</param>
    /// <param name="stepCount">Steps of the run, without those that are skipped.</param>
    /// <param name="order">Order of the solver.</param>
    internal int OrderAt(int step, int stepCount, int order) =>
        LowerOrderFinal && stepCount + SkippedSteps < FewSteps ? Math.Min(order, stepCount - step) : order;

    /// <summary>The steps of a run, those that are skipped left out.</summary>
    /// <exception cref="ArgumentException">
    /// The schedule does not have this number of steps, or both Karras levels and timesteps are given.
    /// </exception>
    internal DiffusionStep[] Plan(int count)
    {
        if (Karras && Timesteps is not null)
        {
            throw new ArgumentException($"Karras levels and the timesteps {Timesteps.Name} exclude each other.");
        }

        var alphas = Alphas();
        var lastAlpha = EndAtImage ? 1 : alphas[0];
        return DiffusionPlan.Remaining(
            this,
            Karras ? KarrasLevels.Plan(count, alphas, lastAlpha, wholeTimesteps: Betas != BetaSchedule.Cosine)
                : DiffusionPlan.Through(Visited(count), alphas, lastAlpha));
    }

    /// <summary>ᾱ of each trained timestep.</summary>
    internal double[] Alphas()
    {
        double[] alphas = [.. CreateSchedule().AlphasCumulative];
        if (ZeroTerminalSnr)
        {
            // As in diffusers: the solvers work in log σ, which is infinite at ᾱ = 0, so that a small ᾱ takes its place.
            alphas[^1] = 1.0 / (1 << 24);
        }

        return alphas;
    }

    // These schedulers space count + 1 points; the last is where the run ends and is not visited.
    private int[] Visited(int count)
    {
        var times = DiffusionPlan.Timesteps(this, count);
        var last = TrainedStepCount - 1;
        if (count == 1 || Timesteps is not null || Spacing is not (TimestepSpacing.Linspace or TimestepSpacing.Leading))
        {
            return times;
        }

        if (Spacing == TimestepSpacing.Linspace)
        {
            return [.. DiffusionPlan.Indices(count).Select(i => DiffusionPlan.Round((count - i) * (last / (double)count)))];
        }

        return count > last
            ? throw new ArgumentOutOfRangeException(nameof(count), $"{count} steps cannot be taken with leading spacing; between 1 and {last} can.")
            : [.. DiffusionPlan.Indices(count).Select(i => Math.Min(last, ((count - i) * ((last + 1) / (count + 1))) + StepsOffset))];
    }
}
