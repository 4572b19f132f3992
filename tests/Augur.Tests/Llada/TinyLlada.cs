using Augur.Decoding;
using Augur.Models.Llada;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests.Llada;

/// <summary>Tiny masked diffusion language models of random weights, LLaDA's and Dream's.</summary>
internal static class TinyLlada
{
    public const int Length = 12;
    public const int Steps = 12;

    /// <summary>A prompt of that many tokens.</summary>
    public static Condition Prompt(int tokens, int seed = 0) =>
        new TokenPrompt([.. Enumerable.Range(0, tokens).Select(i => ((i * 7) + (seed * 13) + 3) % 60)]);

    /// <summary>Writes numbers of tokens instead of words.</summary>
    public static DiffusionModel Open(IBackend backend, string name = "llada", double guidance = 1) =>
        new(Network(backend, name), new Numbers(), null, new GenerationDefaults(Sampler(name), Steps, new Guidance(guidance)));

    /// <summary>Writes the numbers of tokens, −1 for those that are not known.</summary>
    public static IDecoder Decoder { get; } = new Numbers();

    public static ISampler Sampler(string name) => TokenSamplers.Parse(name == "llada" ? "llada(block=6)" : "dream(temperature=0)");

    private static LladaModel Network(IBackend backend, string name)
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path($"{name}/weights.safetensors"));
        var file = Fixtures.Path($"{name}/config.json");
        var config = ForeignJson.Read(file);
        var model = LladaLayouts.Read(checkpoint, backend, config.Require(name == "llada" ? "cfg" : "params"));
        return new LladaModel(model.Config with { Length = Length, PromptBucket = 4 }, model.Decoder);
    }

    private sealed class Numbers : IDecoder
    {
        public int PixelsPerCell => 1;

        public Medium Decode(Tensor latent) => new WrittenText(string.Join(' ', latent.ToArray()));

        public Medium? Preview(Tensor estimate) => Decode(estimate);

        public void Dispose()
        {
        }
    }
}
