using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>What a path contains, determined before any weight is read.</summary>
internal sealed record ModelSource
{
    private const string OriginalLayout = "original DiT";

    /// <summary>File or folder of the network's weights.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the layout, for messages and reports.</summary>
    public required string Layout { get; init; }

    /// <summary>The network's sizes, if a configuration gives them; null if they follow from the tensors' shapes.</summary>
    public DitConfig? Config { get; init; }

    public bool IsDiffusers { get; init; }

    public bool IsPixelSpace { get; init; }

    public string? AutoencoderPath { get; init; }

    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Why a configuration beside the weights was not used; null if there is none or it was used.</summary>
    public string? Unused { get; init; }

    // As the released sample.py: guidance 4 on the first three channels. DDIM with 50 steps is the setting of the caching papers.
    public GenerationDefaults Defaults { get; init; } = new(Samplers.Parse("ddim"), 50, new Guidance(4, GuidanceChannels.FirstThree));

    /// <summary>Determines what a path contains from file names and small files; reads no weights.</summary>
    /// <exception cref="WeightFileException">
    /// The path does not exist, or a configuration describes an unsupported network; the message names the field.
    /// </exception>
    public static ModelSource Find(string path)
    {
        if (File.Exists(path))
        {
            return FindFile(path);
        }

        if (!Directory.Exists(path))
        {
            throw new WeightFileException($"{path}: there is no such file or folder.");
        }

        var index = System.IO.Path.Combine(path, "model_index.json");
        return File.Exists(index) ? FromPipeline(path, ForeignJson.Read(index))
            : ConfigIn(path) is { } config ? FromConfig(path, config)
            : new ModelSource { Path = path, Layout = OriginalLayout };
    }

    /// <summary>Reads the weights; every tensor of the file must be used by the network.</summary>
    public DitModel LoadDenoiser(IBackend backend) => LoadDenoiser(backend, out _);

    /// <inheritdoc cref="LoadDenoiser(IBackend)"/>
    /// <param name="backend">The backend that computes and holds the tensors.</param>
    /// <param name="choice">As <see cref="Checkpoint.Choice"/>.</param>
    public DitModel LoadDenoiser(IBackend backend, out string? choice)
    {
        using var checkpoint = Checkpoint.Open(Path);
        choice = checkpoint.Choice;
        var config = ConfigFor(checkpoint);
        var root = new WeightScope(checkpoint, backend);
        try
        {
            var weights = IsDiffusersLayout(checkpoint) ? DitLayouts.ReadDiffusers(root, config) : DitLayouts.ReadOriginal(root, config);
            root.RequireAllUsed();
            return new DitModel(config, weights, backend);
        }
        catch
        {
            root.ReleaseAll();
            throw;
        }
    }

    /// <summary>The sizes, from the configuration or the shapes.</summary>
    public DitConfig ConfigFor(Checkpoint checkpoint) => Config
        ?? (DitLayouts.IsOriginal(checkpoint) ? Inferred(checkpoint)
        : throw new WeightFileException(DitLayouts.IsDiffusers(checkpoint)
            ? $"{Path}: diffusers' layout does not tell its head count; give the folder with its config.json instead of the file.{Aside}"
            : $"{Path}: the tensors are not those of a DiT ({checkpoint.Tensors.Count} tensors, first {FirstName(checkpoint)}).{Aside}"));

    /// <summary>Whether the tensors have diffusers' names.</summary>
    public bool IsDiffusersLayout(Checkpoint checkpoint) => IsDiffusers || DitLayouts.IsDiffusers(checkpoint);

    private string Aside => Unused is null ? "" : $" {Unused}";

    private static string FirstName(Checkpoint checkpoint) => WeightFileException.Quote(checkpoint.Tensors.Keys.FirstOrDefault() ?? "");

    private DitConfig Inferred(Checkpoint checkpoint)
    {
        try
        {
            return DitLayouts.Infer(checkpoint, headCount: 0);
        }
        catch (WeightFileException error) when (Unused is not null)
        {
            throw new WeightFileException($"{error.Message}{Aside}", error);
        }
    }

    private static ModelSource FindFile(string path)
    {
        var config = ConfigIn(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!);
        if (config is { } other && DiffusersFolder.IsOfAnotherPart(other))
        {
            return new ModelSource
            {
                Path = path,
                Layout = OriginalLayout,
                Unused = "The config.json beside it describes "
                    + $"{(DiffusersFolder.ClassName(other) is { } name ? WeightFileException.Quote(name) : "something else")}, so it was not used.",
            };
        }

        return config is { } beside ? FromConfig(path, beside) : new ModelSource { Path = path, Layout = OriginalLayout };
    }

    private static ForeignJson? ConfigIn(string folder) =>
        System.IO.Path.Combine(folder, "config.json") is var path && File.Exists(path) ? ForeignJson.Read(path) : null;

    private static ModelSource FromConfig(string path, ForeignJson config) =>
        DiffusersFolder.ClassName(config) is null ? FromConfiguration(path, config) : FromDiffusers(path, config);

    private static ModelSource FromPipeline(string path, ForeignJson index)
    {
        var folder = System.IO.Path.Combine(path, "transformer");
        if (ConfigIn(folder) is not { } config)
        {
            throw new WeightFileException(index.Find("_class_name")?.AsText() is { } pipeline && pipeline != "DiTPipeline"
                ? $"{index.File}: {WeightFileException.Quote(pipeline)} is not built, or its network is missing; "
                    + $"families that are built are {Families.ModelFamilies.Names}."
                : $"{folder}: there is no config.json that names a network.");
        }

        var transformer = FromDiffusers(folder, config);
        var autoencoder = System.IO.Path.Combine(path, "vae");
        return transformer with
        {
            AutoencoderPath = Directory.Exists(autoencoder) ? autoencoder : null,
            Classes = DiffusersFolder.ReadClassNames(index, transformer.Config!.ClassCount),
        };
    }

    // Pipelines of diffusers apply guidance to every channel of the latent; the original code only to the first three.
    private static ModelSource FromDiffusers(string path, ForeignJson config)
    {
        var scheduler = DiffusersScheduler.Beside(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(config.File))!);
        var sizes = DiffusersFolder.ReadConfig(config);
        return new()
        {
            Path = path,
            Layout = $"diffusers {DiffusersFolder.ClassName(config) ?? "DiT"}",
            Config = scheduler is null ? sizes : sizes with { Prediction = scheduler.Prediction },
            IsDiffusers = true,
            Defaults = new(scheduler?.Sampler ?? Samplers.Parse("ddim"), 50, new Guidance(4, GuidanceChannels.All)),
        };
    }

    private static ModelSource FromConfiguration(string path, ForeignJson config)
    {
        var configuration = ModelConfiguration.Read(config);
        return new ModelSource
        {
            Path = path,
            Layout = "Augur",
            Config = configuration.Sizes,
            IsPixelSpace = configuration.IsPixelSpace,
            Classes = configuration.ClassNames,
            Defaults = configuration.Defaults,
        };
    }
}
