using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>What a path turned out to hold, before its weights are read.</summary>
internal sealed record ModelSource
{
    /// <summary>File or folder of the network's weights.</summary>
    public required string Path { get; init; }

    /// <summary>For messages and reports: whose layout it is.</summary>
    public required string Layout { get; init; }

    /// <summary>Sizes, where a configuration gives them; otherwise the shapes do.</summary>
    public DitConfig? Config { get; init; }

    public bool IsDiffusers { get; init; }

    public bool IsPixelSpace { get; init; }

    public string? AutoencoderPath { get; init; }

    public IReadOnlyList<string> Classes { get; init; } = [];

    // What the released sample.py does: guidance 4 on the first three channels; DDIM at 50 steps is the caching papers' setting.
    public GenerationDefaults Defaults { get; init; } = new(Samplers.Parse("ddim"), 50, new Guidance(4, GuidanceChannels.FirstThree));

    /// <summary>Looks at names and small files only.</summary>
    public static ModelSource Find(string path)
    {
        if (File.Exists(path))
        {
            var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
            var beside = System.IO.Path.Combine(folder, "config.json");
            return !File.Exists(beside) ? new ModelSource { Path = path, Layout = "original DiT" }
                : DiffusersFolder.ClassName(folder) is null ? FromConfiguration(path, beside)
                : FromDiffusers(folder) with { Path = path };
        }

        if (!Directory.Exists(path))
        {
            throw new WeightFileException($"{path}: there is no such file or folder.");
        }

        var index = System.IO.Path.Combine(path, "model_index.json");
        if (File.Exists(index))
        {
            var transformer = FromDiffusers(System.IO.Path.Combine(path, "transformer"));
            var autoencoder = System.IO.Path.Combine(path, "vae");
            return transformer with
            {
                AutoencoderPath = Directory.Exists(autoencoder) ? autoencoder : null,
                Classes = DiffusersFolder.ReadClassNames(index, transformer.Config!.ClassCount),
            };
        }

        return DiffusersFolder.ClassName(path) is not null ? FromDiffusers(path)
            : File.Exists(System.IO.Path.Combine(path, "config.json")) ? FromConfiguration(path, System.IO.Path.Combine(path, "config.json"))
            : new ModelSource { Path = path, Layout = "original DiT" };
    }

    /// <summary>Reads the weights; every tensor of the file must have its place in the network.</summary>
    public DitModel LoadDenoiser(IBackend backend)
    {
        using var checkpoint = Checkpoint.Open(Path);
        var config = ConfigFor(checkpoint);
        var root = new WeightScope(checkpoint, backend);
        var weights = IsDiffusersLayout(checkpoint) ? DitLayouts.ReadDiffusers(root, config) : DitLayouts.ReadOriginal(root, config);
        var model = new DitModel(config, weights, backend);
        try
        {
            root.RequireAllUsed();
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The sizes, from the configuration or the shapes.</summary>
    public DitConfig ConfigFor(Checkpoint checkpoint) => Config
        ?? (DitLayouts.IsOriginal(checkpoint) ? DitLayouts.Infer(checkpoint, headCount: 0)
        : throw new WeightFileException(DitLayouts.IsDiffusers(checkpoint)
            ? $"{Path}: diffusers' layout does not tell its head count; give the folder with its config.json instead of the file."
            : $"{Path}: the tensors are not those of a DiT ({checkpoint.Tensors.Count} tensors, first '{checkpoint.Tensors.Keys.FirstOrDefault()}')."));

    /// <summary>Whether the weights carry diffusers' names.</summary>
    public bool IsDiffusersLayout(Checkpoint checkpoint) => IsDiffusers || DitLayouts.IsDiffusers(checkpoint);

    private static ModelSource FromDiffusers(string folder)
    {
        if (DiffusersFolder.ClassName(folder) is var name && name != "DiTTransformer2DModel")
        {
            throw new WeightFileException($"{folder}: {(name is null ? "there is no config.json that names a network" : $"'{name}' is not built; DiTTransformer2DModel is")}.");
        }

        var config = DiffusersFolder.ReadConfig(System.IO.Path.Combine(folder, "config.json"));
        var source = new ModelSource { Path = folder, Layout = "diffusers DiTTransformer2DModel", Config = config, IsDiffusers = true };
        return DiffusersScheduler.Beside(folder) is not { } scheduler ? source : source with
        {
            Config = config with { Prediction = scheduler.Prediction },
            Defaults = source.Defaults with { Sampler = scheduler.Sampler },
        };
    }

    private static ModelSource FromConfiguration(string path, string configPath)
    {
        var configuration = ModelConfiguration.Read(configPath);
        var defaults = configuration.Defaults;
        var channels = defaults.GuidanceChannels == "all" ? GuidanceChannels.All : GuidanceChannels.FirstThree;
        return new ModelSource
        {
            Path = path,
            Layout = "Augur",
            Config = configuration.Sizes,
            IsPixelSpace = configuration.Space == "pixel",
            Classes = configuration.ClassNames,
            Defaults = new GenerationDefaults(Samplers.Parse(defaults.Sampler), defaults.Steps, new Guidance(defaults.Guidance, channels).Validated()),
        };
    }
}
