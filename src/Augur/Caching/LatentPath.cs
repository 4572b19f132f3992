namespace Augur.Caching;

/// <summary>How a network's answers lead the latent from noise to picture: in which coordinates its way is straight while an answer holds.</summary>
public enum LatentPath
{
    /// <summary>The host does not say, or an edit pulls the latent elsewhere too.</summary>
    Unknown,

    /// <summary>A rectified flow: the answer is the slope of the latent over σ.</summary>
    Flow,

    /// <summary>
    /// A diffusion whose answer is the noise: the slope of latent/√ᾱ over √(1−ᾱ)/√ᾱ, which is <see cref="NetworkCall.NoiseToSignal"/>.
    /// </summary>
    Noise,

    /// <summary>The answer alone is the slope of nothing: the velocity or the picture of a diffusion, tokens of a text.</summary>
    Other,
}
