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
        return new ModelConfiguration(sizes, Choice(json, "space", "latent", "pixel") == "pixel", names, ReadDefaults(json.Find("defaults")));
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

    private static GenerationDefaults ReadDefaults(ForeignJson? defaults)
    {
        defaults?.RequireOnly("sampler", "steps", "guidance", "guidance_channels");
        var channels = defaults is { } given ? Choice(given, "guidance_channels", "first_three", "all") : "first_three";
        return new GenerationDefaults(
            Checked(defaults?.Find("sampler"), s => Samplers.Parse(s.AsText()), () => Samplers.Parse("ddim")),
            Checked(defaults?.Find("steps"), s => Steps(s.AsInteger()), () => 50),
            Checked(defaults?.Find("guidance"), g => new Guidance(g.AsNumber(), Channels()).Validated(), () => new Guidance(4, Channels())));

        static int Steps(int given) => given is >= 1 and <= 1000 ? given : throw new ArgumentException($"Steps can be 1 to 1000, not {given}.");
        GuidanceChannels Channels() => channels == "all" ? GuidanceChannels.All : GuidanceChannels.FirstThree;
    }

    // Rethrows argument errors of the library with the name of the field that caused them.
    private static T Checked<T>(ForeignJson? field, Func<ForeignJson, T> read, Func<T> absent)
    {
        if (field is not { } given)
        {
            return absent();
        }

        try
        {
            return read(given);
        }
        catch (ArgumentException error)
        {
            var end = error.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
            throw new WeightFileException($"{given.File}: {given.Field}: {(end < 0 ? error.Message : error.Message[..end])}", error);
        }
    }

    // The first possible value is the default.
    private static string Choice(ForeignJson json, string name, params string[] possible)
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
