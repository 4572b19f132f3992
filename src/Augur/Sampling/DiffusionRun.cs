using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>A run over a plan of diffusion steps, one network call each.</summary>
internal abstract class DiffusionRun(Tensor noise, DiffusionStep[] steps, Prediction prediction, double? clipRange)
    : SamplerRun(noise, steps.Length, steps.Length)
{
    /// <summary>The step that the current answer belongs to.</summary>
    protected DiffusionStep Current => steps[CallIndex];

    /// <summary>The step before; there is none at the first.</summary>
    protected DiffusionStep Previous => steps[CallIndex - 1];

    protected override float TimestepOf(int callIndex) => steps[callIndex].Timestep;

    protected override double SigmaOf(int callIndex) => steps[callIndex].Sigma;

    /// <summary>The image that the answer points to: from ε, (x − √(1−ᾱ)·ε)/√ᾱ; from v, √ᾱ·x − √(1−ᾱ)·v; then limited.</summary>
    protected Tensor ImageFrom(Tensor output)
    {
        double signal = Math.Sqrt(Current.Alpha), noise = Math.Sqrt(1 - Current.Alpha);
        var image = prediction == Prediction.Epsilon
            ? Sum((1 / signal, Latent), (-noise / signal, output))
            : Sum((signal, Latent), (-noise, output));
        return clipRange is { } range ? image.Clamp((float)-range, (float)range) : image;
    }

    /// <summary>The noise that the answer points to; ε itself, or from v, √ᾱ·v + √(1−ᾱ)·x.</summary>
    protected Tensor NoiseFrom(Tensor output) => prediction == Prediction.Epsilon
        ? output
        : Sum((Math.Sqrt(Current.Alpha), output), (Math.Sqrt(1 - Current.Alpha), Latent));
}
