using Augur.Notation;

namespace Augur.Sampling;

/// <summary>What the samplers of discrete diffusion share: the trained noise schedule and how its timesteps are visited.</summary>
public abstract record DiffusionOptions
{
    /// <summary>Which timesteps are visited. The DiT package's "50" is respaced; DPM-Solver++ has linspace.</summary>
    [Setting("spacing")]
    public TimestepSpacing Spacing { get; init; } = TimestepSpacing.Respaced;

    /// <summary>
    /// Timesteps taken from each of so many equal parts of the trained range, as the DiT package's "10,15,20"; their sum is the number of steps.
    /// Null: one part. Only with <see cref="TimestepSpacing.Respaced"/>.
    /// </summary>
    public string? Sections { get; init; }

    /// <summary>Added to each timestep, with the spacing <see cref="TimestepSpacing.Leading"/>. Stable Diffusion's own settings say 1.</summary>
    [Setting("steps_offset", 0, 999, Unit = "timesteps")]
    public int StepsOffset { get; init => field = Setting.Checked(this, value); }

    /// <summary>How β grew in training. The DiT networks have linear.</summary>
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

    /// <summary>Limit of the estimate of x₀. DiT samples latents without one; pixels use 1.</summary>
    [Setting("clip", 0, 1e6, AboveMinimum = true)]
    public double? ClipRange { get; init => field = Setting.Checked(this, value); }

    /// <summary>The trained schedule.</summary>
    public NoiseSchedule CreateSchedule() => NoiseSchedule.Create(Betas, TrainedStepCount, BetaStart, BetaEnd);
}
