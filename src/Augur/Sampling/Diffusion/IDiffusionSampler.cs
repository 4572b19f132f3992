namespace Augur.Sampling;

/// <summary>A sampler of discrete diffusion, whose noise schedule can be replaced by the one that a network was trained with.</summary>
internal interface IDiffusionSampler : ISkippingSampler
{
    /// <summary>The sampler's settings.</summary>
    DiffusionOptions Options { get; }

    /// <summary>The same sampler with other settings, of the type that <see cref="Options"/> has.</summary>
    ISampler With(DiffusionOptions options);

    /// <inheritdoc/>
    ISampler ISkippingSampler.Skipping(int steps) => With(Options with { SkippedSteps = steps });
}
