namespace Augur.Sampling;

/// <summary>Which timesteps a number of sampler steps visits.</summary>
public enum TimestepSpacing
{
    /// <summary>The DiT package's "50": spread over the whole range, both ends included.</summary>
    Respaced,

    /// <summary>The DiT package's "ddim50": every n-th timestep from 0; only for counts that some whole stride yields.</summary>
    Strided,

    /// <summary>diffusers' "leading": whole multiples of ⌊1000/steps⌋ from 0, plus an offset.</summary>
    Leading,

    /// <summary>diffusers' "trailing": back from the last timestep in strides of 1000/steps.</summary>
    Trailing,

    /// <summary>diffusers' "linspace": from the first to the last timestep in equal parts.</summary>
    Linspace,
}
