using Augur.Notation;

namespace Augur.Sampling;

/// <summary>How the noise variance β grows over the trained timesteps.</summary>
public enum BetaSchedule
{
    /// <summary>β from start to end in equal parts (Ho et al., 2020); the DiT networks.</summary>
    Linear,

    /// <summary>√β from start to end in equal parts (Rombach et al., 2022); Stable Diffusion networks.</summary>
    [Word("scaled_linear")]
    ScaledLinear,

    /// <summary>ᾱ follows cos² of time, β at most 0.999 (Nichol and Dhariwal, 2021); start and end are not used.</summary>
    Cosine,

    /// <summary>Every β is given explicitly in <see cref="DiffusionOptions.TrainedBetas"/>.</summary>
    Given,
}
