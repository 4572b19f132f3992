using System.Globalization;
using Augur.Caching;
using Augur.Models.Flux2;
using Augur.Models.QwenImage;
using Augur.Models.ZImage;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>What a checkpoint says of a transformer that draws texts, from names and shapes alone.</summary>
/// <param name="Name">Architecture and size.</param>
/// <param name="Layout">Of its keys.</param>
/// <param name="Sizes">As text, by name.</param>
/// <param name="Expected">Every tensor with its shape.</param>
internal sealed record TextTransformer(string Name, string Layout, IReadOnlyDictionary<string, string> Sizes, Dictionary<string, Shape> Expected)
{
    /// <summary>FLUX.2, Qwen-Image or Z-Image; null: none of them.</summary>
    /// <exception cref="WeightFileException">Tensors from which sizes are read are missing.</exception>
    public static TextTransformer? Of(Checkpoint checkpoint) =>
        Flux2Layouts.Is(checkpoint) ? OfFlux2(checkpoint, Flux2Layouts.Infer(checkpoint))
        : QwenImageLayouts.Is(checkpoint) ? OfQwenImage(QwenImageLayouts.Infer(checkpoint))
        : ZImageLayouts.Is(checkpoint) ? OfZImage(checkpoint, ZImageLayouts.Infer(checkpoint)) : null;

    private static TextTransformer OfFlux2(Checkpoint checkpoint, Flux2Config config) => new(
        config.ToString(),
        Flux2Layouts.LayoutOf(checkpoint),
        SizesOf(
            $"{config.InChannels} channels, a token each cell",
            $"{config.DoubleBlockCount} double and {config.SingleBlockCount} single of width {config.HiddenSize} with {config.HeadCount} heads",
            config.TextChannels,
            config.HasGuidance ? "embedded" : "by two texts",
            Flux2Map.Of(config, [64, 64], 0, 512)),
        Flux2Layouts.Expected(checkpoint, config));

    private static TextTransformer OfQwenImage(QwenImageConfig config) => new(
        config.ToString(),
        "diffusers",
        SizesOf(
            $"{config.LatentChannels} channels, tokens of 2x2 cells{(config.HasLayers ? ", several layers" : "")}",
            $"{config.BlockCount} of width {config.HiddenSize} with {config.HeadCount} heads",
            config.TextChannels,
            "by two texts",
            QwenImageMap.Of(config, config.HasLayers ? [1, 64, 64] : [64, 64], 0, 512)),
        QwenImageLayouts.Expected(config));

    private static TextTransformer OfZImage(Checkpoint checkpoint, ZImageConfig config) => new(
        config.ToString(),
        ZImageLayouts.IsFused(checkpoint) ? "single file" : "diffusers",
        SizesOf(
            $"{config.LatentChannels} channels, tokens of 2x2 cells",
            $"{config.BlockCount} of width {config.HiddenSize} with {config.HeadCount} heads, {config.NoiseRefinerCount} refiners of the picture and "
            + $"{config.ContextRefinerCount} of the text",
            config.TextChannels,
            "by two texts",
            ZImageMap.Of(config, [64, 64], 512)),
        ZImageLayouts.Expected(checkpoint, config));

    private static Dictionary<string, string> SizesOf(string latent, string blocks, int textChannels, string guidance, NetworkMap map) => new()
    {
        ["latent"] = latent,
        ["blocks"] = blocks,
        ["conditions"] = $"texts of {textChannels} channels",
        ["guidance"] = guidance,
        ["cost"] = string.Create(
            CultureInfo.InvariantCulture,
            $"{map.FlopsPerRow / 1e12:0.000} TFLOP per row and call at 64x64 tokens and 512 of text (a multiply-add is 2)"),
    };
}
