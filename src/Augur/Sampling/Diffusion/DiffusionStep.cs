using Augur.Tensors;
using static Augur.Sampling.WeightedSum;

namespace Augur.Sampling;

/// <summary>One step of discrete diffusion: the timestep and noise level that it starts at, and the level that it leads to.</summary>
/// <param name="Index">Index of the step in the run; 0 is pure noise.</param>
/// <param name="Timestep">Model time of the call.</param>
/// <param name="Alpha">ᾱ of the latent at the beginning of the step; 0 is pure noise.</param>
/// <param name="AlphaNext">ᾱ of the latent that the step leads to; 1 is the image itself.</param>
internal readonly record struct DiffusionStep(int Index, float Timestep, double Alpha, double AlphaNext)
{
    /// <summary>Noise level σ = √(1−ᾱ)/√ᾱ at the beginning of the step.</summary>
    public double Sigma => Math.Sqrt((1 - Alpha) / Alpha);

    /// <summary><see cref="Sigma"/> of the latent that the step leads to.</summary>
    public double SigmaNext => Math.Sqrt((1 - AlphaNext) / AlphaNext);

    /// <summary>β of this step: the variance between both ends.</summary>
    public double Beta => 1 - (Alpha / AlphaNext);

    /// <summary>β̃: variance of the next latent given this one and the image.</summary>
    public double PosteriorVariance => Beta * (1 - AlphaNext) / (1 - Alpha);

    /// <summary>The question to the network for this step: its output for the latent at this timestep and noise level.</summary>
    public SamplerQuestion Ask(Tensor latent) => new(Index, latent, Timestep, Sigma, Sigma);

    /// <summary>
    /// The estimate of x₀ that follows from the network's output: from ε, (x − √(1−ᾱ)·ε)/√ᾱ; from v, √ᾱ·x − √(1−ᾱ)·v; then limited to
    /// ±<paramref name="clipRange"/>.
    /// </summary>
    public Tensor ImageFrom(Tensor x, Tensor output, Prediction prediction, double? clipRange)
    {
        double signal = Math.Sqrt(Alpha), noise = Math.Sqrt(1 - Alpha);
        var image = prediction switch
        {
            Prediction.Epsilon => Sum((1 / signal, x), (-noise / signal, output)),
            Prediction.Velocity => Sum((signal, x), (-noise, output)),
            _ => output.Copy(),
        };
        return clipRange is { } range ? image.Clamp((float)-range, (float)range) : image;
    }

    /// <summary>
    /// The estimate of ε that follows from the network's output: ε itself; from v, √ᾱ·v + √(1−ᾱ)·x; from the image, as <see cref="NoiseBeside"/>.
    /// </summary>
    public Tensor NoiseFrom(Tensor x, Tensor output, Prediction prediction) => prediction switch
    {
        Prediction.Epsilon => output,
        Prediction.Velocity => Sum((Math.Sqrt(Alpha), output), (Math.Sqrt(1 - Alpha), x)),
        _ => NoiseBeside(x, output),
    };

    /// <summary>The noise ε that a latent contains if its image is x₀: (x − √ᾱ·x₀)/√(1−ᾱ).</summary>
    public Tensor NoiseBeside(Tensor x, Tensor image) => Sum((1 / Math.Sqrt(1 - Alpha), x), (-Math.Sqrt(Alpha / (1 - Alpha)), image));
}
