using System.Collections.Immutable;
using Augur.Notation;

namespace Augur.Sampling;

/// <summary>Settings common to the samplers of discrete diffusion: the noise schedule of training, and which of its timesteps are visited.</summary>
public abstract record DiffusionOptions
{
    /// <summary>Which timesteps are visited. The default of the DiT package ("50") is respaced, that of DPM-Solver++ linspace.</summary>
    [Setting("spacing")]
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Respaced;

    /// <summary>
    /// Number of timesteps to take from each equal part of the trained range, in the DiT package's notation ("10,15,20": three parts); the sum is the
    /// number of steps. Null: one part. Only with <see cref="TimestepSpacing.Respaced"/>.
    /// </summary>
    public string? Sections { get; init; }

    /// <summary>A rule of its own for the visited timesteps, instead of the spacing; the word spacing stands for none.</summary>
    [Setting("timesteps", Catalog = typeof(TimestepGrid), None = "spacing")]
    public TimestepGrid? Timesteps { get; init; }

    /// <summary>Added to each timestep, with the spacing <see cref="TimestepSpacing.Leading"/>. Stable Diffusion's own settings say 1.</summary>
    [Setting("steps_offset", 0, 999, Unit = "timesteps")]
    public int StepsOffset { get; init => field = Setting.Checked(this, value); }

    /// <summary>How β grew in training. The DiT networks were trained with linear.</summary>
    [Setting("betas")]
    public BetaSchedule Betas { get; init; } = BetaSchedule.Linear;

    /// <summary>β of the first trained timestep. The default is DiT's.</summary>
    [Setting("beta_start", 0, 1, AboveMinimum = true, BelowMaximum = true)]
    public double BetaStart { get; init => field = Setting.Checked(this, value); } = 1e-4;

    /// <summary>β of the last trained timestep, not below <see cref="BetaStart"/>. The default is DiT's.</summary>
    [Setting("beta_end", 0, 1, AboveMinimum = true, BelowMaximum = true)]
    public double BetaEnd { get; init => field = Setting.Checked(this, value); } = 0.02;

    /// <summary>Timesteps that the network was trained with.</summary>
    [Setting("trained_steps", 2, 100_000, Unit = "timesteps")]
    public int TrainedStepCount { get; init => field = Setting.Checked(this, value); } = 1000;

    /// <summary>
    /// Whether the betas are rescaled so that the last trained timestep is noise without any signal (Lin et al., 2023, algorithm 1). At that timestep
    /// a predicted ε does not determine the image.
    /// </summary>
    [Setting("zero_snr")]
    public bool ZeroTerminalSnr { get; init; }

    /// <summary>
    /// β of every trained timestep, above 0 and below 1, the last at most 1; as many as <see cref="TrainedStepCount"/>. Only with
    /// <see cref="BetaSchedule.Given"/>; they come from a model's configuration. Default: none.
    /// </summary>
    public ImmutableArray<double> TrainedBetas { get; init; }

    /// <summary>Limit of the estimate of x₀. DiT samples latents without one; pixels use 1.</summary>
    [Setting("clip", 0, 1e6, AboveMinimum = true)]
    public double? ClipRange { get; init => field = Setting.Checked(this, value); }

    /// <summary>
    /// Steps at the beginning that are not taken, for runs that begin with a noised picture: the starting latent is that picture with the noise of
    /// the first step that is taken, √ᾱ·image + √(1−ᾱ)·noise, and the run has so many steps fewer. Default: none.
    /// </summary>
    internal int SkippedSteps
    {
        get; init => field = value >= 0 ? value
        : throw new ArgumentOutOfRangeException(nameof(value), $"{value} steps cannot be skipped.");
    }

    /// <summary>The noise schedule of training that these settings describe.</summary>
    /// <exception cref="ArgumentException">The betas do not form a valid schedule.</exception>
    public NoiseSchedule CreateSchedule()
    {
        var schedule = Betas == BetaSchedule.Given ? NoiseSchedule.FromBetas(RequireBetas())
            : TrainedBetas.IsDefault ? NoiseSchedule.Create(Betas, TrainedStepCount, BetaStart, BetaEnd)
            : throw new ArgumentException($"There are {TrainedBetas.Length} trained betas, but the betas are {Betas}.");
        return ZeroTerminalSnr ? schedule.WithZeroTerminalSnr() : schedule;
    }

    /// <summary>
    /// These settings with the noise schedule of training (timesteps, betas, terminal SNR) taken from <paramref name="trained"/>, except settings
    /// whose name <paramref name="named"/> reports as given by the caller.
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

    private ImmutableArray<double> RequireBetas() => TrainedBetas.IsDefault
        ? throw new ArgumentException("The betas are given one by one, but there are none; a model's scheduler_config.json can give them.")
        : TrainedBetas.Length == TrainedStepCount ? TrainedBetas
        : throw new ArgumentException($"There are {TrainedBetas.Length} trained betas for {TrainedStepCount} trained timesteps.");
}
