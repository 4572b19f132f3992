using Augur.Tensors;

namespace Augur.Sampling;

/// <summary>
/// Noise that a step added: the latent is what the step led to without it, plus <paramref name="Factor"/> · <paramref name="Noise"/>.
/// </summary>
/// <param name="Factor">
/// Standard deviation of what was added; where the network learned one for each element, the part that all of them have in common.
/// </param>
/// <param name="Noise">
/// Unit Gaussian numbers of the latent's shape, times each element's own part of the deviation where the network learned one. The run owns it.
/// </param>
public readonly record struct FreshNoise(double Factor, Tensor Noise);
