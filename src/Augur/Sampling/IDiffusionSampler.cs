namespace Augur.Sampling;

/// <summary>A sampler of discrete diffusion: it can be told how the network was trained.</summary>
internal interface IDiffusionSampler : ISampler
{
    /// <summary>Its settings.</summary>
    DiffusionOptions Options { get; }

    /// <summary>The same sampler with other settings, of the type that <see cref="Options"/> has.</summary>
    ISampler With(DiffusionOptions options);
}
