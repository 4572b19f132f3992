using static Augur.Notation.Ranges;

namespace Augur.Sampling;

/// <summary>What the samplers of discrete diffusion share: the trained noise schedule and how its timesteps are visited.</summary>
public abstract record DiffusionOptions
{
    /// <summary>How β grew in training. Default: linear, as the DiT networks.</summary>
    public BetaSchedule Betas { get; init; } = BetaSchedule.Linear;

    /// <summary>β of the first trained timestep, in (0, 1). Default 0.0001 (DiT).</summary>
    public double BetaStart { get; init => field = Within(value, double.Epsilon, 0.999); } = 1e-4;

    /// <summary>β of the last trained timestep, in (0, 1), not below <see cref="BetaStart"/>. Default 0.02 (DiT).</summary>
    public double BetaEnd { get; init => field = Within(value, double.Epsilon, 0.999); } = 0.02;

    /// <summary>
    /// β of every trained timestep, in (0, 1], 1 at most at the last; as many as <see cref="TrainedStepCount"/>. Only with
    /// <see cref="BetaSchedule.Given"/>; they come from a model's configuration. Default null.
    /// </summary>
    public IReadOnlyList<double>? TrainedBetas { get; init; }

    /// <summary>
    /// Whether the betas are rescaled so that the last trained timestep is noise without any signal (Lin et al., 2023, algorithm 1). A network that
    /// predicts ε says nothing of the image there. Default false.
    /// </summary>
    public bool ZeroTerminalSnr { get; init; }

    /// <summary>Trained timesteps, 2 to 100000. Default 1000.</summary>
    public int TrainedStepCount { get; init => field = (int)Within(value, 2, 100_000); } = 1000;

    /// <summary>Which timesteps are visited. Default: as the DiT package's "50"; DPM-Solver++ has its own.</summary>
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Respaced;

    /// <summary>
    /// Timesteps taken from each of so many equal parts of the trained range, as the DiT package's "10,15,20"; their sum is the number of steps.
    /// Null: one part. Only with <see cref="TimestepSpacing.Respaced"/>.
    /// </summary>
    public string? Sections { get; init; }

    /// <summary>Added to each timestep of <see cref="TimestepSpacing.Leading"/>, 0 to 999. Default 0; Stable Diffusion's own settings say 1.</summary>
    public int StepsOffset { get; init => field = (int)Within(value, 0, 999); }

    /// <summary>Limit of the estimate of x₀, above 0; null for none. Default null (DiT samples latents unclipped; pixels use 1).</summary>
    public double? ClipRange { get; init => field = value is { } range ? Within(range, double.Epsilon, 1e6) : null; }

    /// <summary>The trained schedule.</summary>
    /// <exception cref="ArgumentException">The betas do not make one.</exception>
    public NoiseSchedule CreateSchedule()
    {
        if ((Betas == BetaSchedule.Given) != (TrainedBetas is not null) || (TrainedBetas is { Count: var count } && count != TrainedStepCount))
        {
            throw new ArgumentException(TrainedBetas is null
                ? "The betas are given one by one, but there are none; a model's scheduler_config.json can give them."
                : Betas != BetaSchedule.Given ? $"There are {TrainedBetas.Count} trained betas, but the betas are {Betas}."
                : $"There are {TrainedBetas.Count} trained betas for {TrainedStepCount} trained timesteps.");
        }

        var schedule = TrainedBetas is null ? NoiseSchedule.Create(Betas, TrainedStepCount, BetaStart, BetaEnd) : NoiseSchedule.FromBetas(TrainedBetas);
        return ZeroTerminalSnr ? schedule.WithZeroTerminalSnr() : schedule;
    }

    /// <summary>
    /// These settings for a network that was trained as <paramref name="trained"/> says: timesteps, betas, terminal SNR. What the caller has
    /// <paramref name="named"/> stays.
    /// </summary>
    internal DiffusionOptions TrainedAs(DiffusionOptions trained, Func<string, bool> named)
    {
        var ownBetas = named("betas");
        return this with
        {
            Betas = ownBetas ? Betas : trained.Betas,
            TrainedBetas = ownBetas ? TrainedBetas : trained.TrainedBetas,
            BetaStart = named("beta_start") ? BetaStart : trained.BetaStart,
            BetaEnd = named("beta_end") ? BetaEnd : trained.BetaEnd,
            ZeroTerminalSnr = named("zero_snr") ? ZeroTerminalSnr : trained.ZeroTerminalSnr,
            TrainedStepCount = named("trained_steps") ? TrainedStepCount : trained.TrainedStepCount,
        };
    }
}
