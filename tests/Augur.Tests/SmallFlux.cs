using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests;

/// <summary>
/// The FLUX of the fixtures (two double blocks, three single ones, random weights that move smoothly with time) as a model that draws 8×12 cells.
/// </summary>
internal static class SmallFlux
{
    /// <summary>The network, its texts filled up to multiples of <paramref name="bucket"/> tokens.</summary>
    public static FluxModel Network(IBackend backend, int bucket = 8, Func<FluxConfig, FluxConfig>? adjust = null)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("flux-core/weights.safetensors"));
        return FluxLayouts.Load(checkpoint, backend, inferred =>
        {
            var config = inferred with { PositionAxes = [4, 6, 6], TextBucket = bucket, LatentHeight = 8, LatentWidth = 12 };
            return adjust?.Invoke(config) ?? config;
        });
    }

    public static DiffusionModel Load(IBackend backend, int bucket = 8) => new(
        Network(backend, bucket),
        new FirstChannel(),
        null,
        new GenerationDefaults(new FlowEulerSampler(new() { Dynamic = true }), 12, new Guidance(3.5)));

    /// <summary>A text of that many tokens, its numbers made up from a seed.</summary>
    public static PromptEmbedding Text(int tokens, int seed = 0, float scale = 1) => new(
        [.. Enumerable.Range(0, tokens * 40).Select(i => scale * MathF.Sin((i * 12.9898f) + (seed * 78.233f)))],
        40,
        [.. Enumerable.Range(0, 24).Select(i => scale * MathF.Cos((i * 3.7f) + seed))]);
}
