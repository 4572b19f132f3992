using System.Text.Json;
using System.Text.Json.Serialization;
using Augur.Models.Dit;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>Our own <c>config.json</c>, beside a model's weights. Unknown fields are errors: a misspelt one would otherwise be silence.</summary>
internal sealed record ModelConfiguration
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 16,
    };

    public string Architecture { get; init; } = "dit";

    public required int InputSize { get; init; }

    public required int PatchSize { get; init; }

    public required int InChannels { get; init; }

    public required int HiddenSize { get; init; }

    public required int Depth { get; init; }

    public required int NumHeads { get; init; }

    public required int NumClasses { get; init; }

    public bool LearnSigma { get; init; } = true;

    /// <summary>"pixel": the latent is the picture; "latent": an autoencoder's.</summary>
    public string Space { get; init; } = "latent";

    public DiffusionSection Diffusion { get; init; } = new();

    public DefaultsSection Defaults { get; init; } = new();

    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>The sizes, checked.</summary>
    public DitConfig Sizes => new DitConfig
    {
        InputSize = InputSize,
        PatchSize = PatchSize,
        InChannels = InChannels,
        HiddenSize = HiddenSize,
        Depth = Depth,
        HeadCount = NumHeads,
        ClassCount = NumClasses,
        LearnsVariance = LearnSigma,
    }.Validated();

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="WeightFileException">It is not such a configuration; the message says where.</exception>
    public static ModelConfiguration Read(string path)
    {
        try
        {
            var read = JsonSerializer.Deserialize<ModelConfiguration>(JsonFile.ReadBounded(path), s_json)
                ?? throw new WeightFileException($"{path}: the file holds no configuration.");
            _ = read.Sizes;
            Require(read.Architecture == "dit", $"architecture is '{read.Architecture}'; only 'dit' is known");
            Require(read.Space is "pixel" or "latent", $"space is '{read.Space}'; it can be 'pixel' or 'latent'");
            Require(read.Diffusion is { Steps: 1000, Betas: "linear", Prediction: "epsilon" }, "diffusion can only be 1000 steps of linear betas with epsilon prediction");
            Require(read.Defaults.GuidanceChannels is "all" or "first_three", $"guidance_channels is '{read.Defaults.GuidanceChannels}'; it can be 'all' or 'first_three'");
            Require(read.ClassNames.Count == 0 || read.ClassNames.Count == read.NumClasses, $"{read.ClassNames.Count} class_names for {read.NumClasses} classes");
            return read;
        }
        catch (JsonException error)
        {
            throw new WeightFileException($"{path}: {error.Message}");
        }
        catch (ArgumentException error)
        {
            throw new WeightFileException($"{path}: {error.Message}");
        }

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new WeightFileException($"{path}: {what}.");
            }
        }
    }

    internal sealed record DiffusionSection
    {
        public int Steps { get; init; } = 1000;

        public string Betas { get; init; } = "linear";

        public string Prediction { get; init; } = "epsilon";
    }

    internal sealed record DefaultsSection
    {
        public string Sampler { get; init; } = "ddim";

        public int Steps { get; init; } = 50;

        public double Guidance { get; init; } = 4;

        public string GuidanceChannels { get; init; } = "first_three";
    }
}

/// <summary>Small JSON files from strangers: bounded before they are read.</summary>
internal static class JsonFile
{
    private const long MaxBytes = 16 << 20;

    public static byte[] ReadBounded(string path)
    {
        var file = new FileInfo(path);
        return file.Length <= MaxBytes ? File.ReadAllBytes(path)
            : throw new WeightFileException($"{path}: {file.Length} bytes are too many for a configuration; at most {MaxBytes} are read.");
    }
}
