namespace Augur.Metrics;

/// <summary>What is wrong with a picture that shows nothing.</summary>
public enum Breakage
{
    /// <summary>Nothing was found.</summary>
    None,

    /// <summary>The latent holds NaN or infinity.</summary>
    NotFinite,

    /// <summary>All pixels have one colour.</summary>
    Constant,

    /// <summary>Every channel's standard deviation is below <see cref="BrokenImage.LeastDeviation"/>.</summary>
    NearConstant,

    /// <summary>Neighbouring pixels know nothing of each other: white noise.</summary>
    Noise,
}
