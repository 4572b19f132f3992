namespace Augur.Sampling;

/// <summary>How a dynamic shift moves a noise level.</summary>
public enum FlowShift
{
    /// <summary>σ → e^μ/(e^μ + 1/σ − 1): FLUX, and diffusers' default.</summary>
    Exponential,

    /// <summary>σ → μ/(μ + 1/σ − 1), for a μ above 0.</summary>
    Linear,
}
