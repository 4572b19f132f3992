using System.Text;
using System.Text.Json;
using Augur.Models.UNet;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tests.Networks;

namespace Augur.Tests;

/// <summary>
/// The U-Nets of the fixtures: one like Stable Diffusion 1 (three levels, briefly trained), one like SDXL (two of three levels with attention).
/// </summary>
internal static class SmallUNet
{
    /// <summary>Channels of a token of text of the first.</summary>
    public const int TextChannels = 24;

    /// <summary>The sizes of "sd" or "sdxl".</summary>
    public static UNetConfig Config(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Fixtures.Path("sd-unet/config.json")));
        var sizes = Encoding.UTF8.GetBytes(json.RootElement.GetProperty(name).GetProperty("cfg").GetRawText());
        return UNetConfigFile.Read(ForeignJson.Parse("config.json", sizes));
    }

    /// <summary>The network "sd" or "sdxl".</summary>
    public static UNetModel Network(IBackend backend, string name = "sd")
    {
        using var checkpoint = Checkpoint.Open(Weights(name));
        return UNetLayouts.Load(checkpoint, backend, _ => Config(name) with { LatentHeight = 8, LatentWidth = 8 });
    }

    public static string Weights(string name) => Fixtures.Path($"sd-unet/{name}_weights.safetensors");

    public static DiffusionModel Load(IBackend backend) => new(
        Network(backend),
        new LettersOfFirstChannel(),
        null,
        new GenerationDefaults(Sampler("ddim"), 12, new Guidance(3)));

    /// <summary>A sampler under Stable Diffusion's betas.</summary>
    public static ISampler Sampler(string text) =>
        Samplers.Parse(text, new DdimSampler(new() { Betas = BetaSchedule.ScaledLinear, BetaStart = 0.00085, BetaEnd = 0.012 }));

    /// <summary>A text of that many tokens with a negative one, its numbers made up from a seed.</summary>
    public static PromptEmbedding Text(int tokens, int seed = 0, float scale = 1) => Plain(tokens, seed, scale) with
    {
        Negative = Plain(5, 99, 0.1f),
    };

    private static PromptEmbedding Plain(int tokens, int seed, float scale) => new(
        [.. Enumerable.Range(0, tokens * TextChannels).Select(i => scale * MathF.Sin((i * 12.9898f) + (seed * 78.233f)))], TextChannels, []);
}
