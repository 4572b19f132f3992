namespace Augur.Metrics;

/// <summary>The kinds of complete failure of a picture.</summary>
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

    /// <summary>White noise: neighbouring pixels are uncorrelated.</summary>
    Noise,
}
