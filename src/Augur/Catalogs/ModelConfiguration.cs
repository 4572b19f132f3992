using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>The <c>config.json</c> of Augur's own model layout. Unknown fields are errors, so that a misspelt one is not silently ignored.</summary>
/// <param name="Sizes">The network's sizes, checked.</param>
/// <param name="IsPixelSpace">Whether the latent is the picture itself.</param>
/// <param name="ClassNames">One per class, or none.</param>
/// <param name="Defaults">Steps, sampler and guidance of requests that do not give them.</param>
internal sealed record ModelConfiguration(DitConfig Sizes, bool IsPixelSpace, IReadOnlyList<string> ClassNames, GenerationDefaults Defaults)
{
    private static readonly GenerationDefaults s_defaults = new(Samplers.Parse("ddim"), 50, new Guidance(4, GuidanceChannels.FirstThree));

    /// <summary>Reads and checks a configuration.</summary>
    /// <exception cref="WeightFileException">The file is not a valid configuration; the message names the file and the field.</exception>
    public static ModelConfiguration Read(ForeignJson json)
    {
        json.RequireOnly(
            "architecture", "input_size", "patch_size", "in_channels", "hidden_size", "depth", "num_heads", "num_classes", "learn_sigma",
            "space", "diffusion", "defaults", "class_names");
        _ = Choice(json, "architecture", "dit");
        var sizes = ReadSizes(json);
        var names = json.Find("class_names")?.AsItems().Select(n => n.AsText()).ToArray() ?? [];
        if (names.Length != 0 && names.Length != sizes.ClassCount)
        {
            throw new WeightFileException($"{json.File}: {names.Length} class_names for {sizes.ClassCount} classes.");
        }

        RequireKnownDiffusion(json.Find("diffusion"));
        return new ModelConfiguration(
            sizes, Choice(json, "space", "latent", "pixel") == "pixel", names, OwnDefaults.Read(json.Find("defaults"), s_defaults));
    }

    private static DitConfig ReadSizes(ForeignJson json)
    {
        try
        {
            return new DitConfig
            {
                InputSize = json.Require("input_size").AsInteger(),
                PatchSize = json.Require("patch_size").AsInteger(),
                InChannels = json.Require("in_channels").AsInteger(),
                HiddenSize = json.Require("hidden_size").AsInteger(),
                Depth = json.Require("depth").AsInteger(),
                HeadCount = json.Require("num_heads").AsInteger(),
                ClassCount = json.Require("num_classes").AsInteger(),
                LearnsVariance = json.Find("learn_sigma")?.AsFlag() ?? true,
            }.Validated();
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{json.File}: {error.Message}", error);
        }
    }

    private static void RequireKnownDiffusion(ForeignJson? diffusion)
    {
        if (diffusion is not { } json)
        {
            return;
        }

        json.RequireOnly("steps", "betas", "prediction");
        _ = Choice(json, "betas", "linear");
        _ = Choice(json, "prediction", "epsilon");
        if (json.Find("steps") is { } steps && steps.AsInteger() != 1000)
        {
            throw steps.Error($"is {steps.AsInteger()}; only 1000 are built.");
        }
    }

    /// <summary>One of a few words; the first is the default.</summary>
    /// <exception cref="WeightFileException">It is another.</exception>
    internal static string Choice(ForeignJson json, string name, params string[] possible)
    {
        if (json.Find(name) is not { } field)
        {
            return possible[0];
        }

        var text = field.AsText();
        return possible.Contains(text) ? text
            : throw field.Error($"is {WeightFileException.Quote(text)}; it can be {string.Join(" or ", possible.Select(p => $"'{p}'"))}.");
    }
}
