using Augur.Notation;

namespace Augur.Sampling;

/// <summary>
/// Settings of the samplers that count in noise levels σ (Karras et al., 2022), as k-diffusion has them and diffusers took them over: Euler, Heun,
/// linear multistep, DPM-Solver++ SDE.
/// </summary>
public sealed record SigmaOptions : DiffusionOptions
{
    /// <summary>Settings with diffusers' defaults; the spacing is <see cref="TimestepSpacing.Linspace"/>, with fractional timesteps.</summary>
    public SigmaOptions() => Spacing = TimestepSpacing.Linspace;

    /// <summary>
    /// Whether the noise levels lie as Karras et al. (2022, equation 5, ρ = 7) spread them, between the levels of the first and last spaced timestep.
    /// </summary>
    [Setting("karras")]
    public bool Karras { get; init; }

    /// <summary>Whether the last step leads to σ = 0 rather than to the first trained timestep.</summary>
    [Setting("end_at_image")]
    public bool EndAtImage { get; init; } = true;
}
