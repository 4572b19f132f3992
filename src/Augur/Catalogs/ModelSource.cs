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
    private const string OriginalLayout = "original DiT";

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

    /// <summary>Why a configuration beside the weights was not used; null where there is none or it was.</summary>
    public string? Unused { get; init; }

    // What the released sample.py does: guidance 4 on the first three channels; DDIM at 50 steps is the caching papers' setting.
    public GenerationDefaults Defaults { get; init; } = new(Samplers.Parse("ddim"), 50, new Guidance(4, GuidanceChannels.FirstThree));

    /// <summary>Looks at names and small files only.</summary>
    /// <exception cref="WeightFileException">Nothing is there, or a configuration describes no network that is built; names the field.</exception>
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

    /// <summary>Reads the weights; every tensor of the file must have its place in the network.</summary>
    public DitModel LoadDenoiser(IBackend backend) => LoadDenoiser(backend, out _);

    /// <inheritdoc cref="LoadDenoiser(IBackend)"/>
    /// <param name="backend">Where to compute.</param>
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

    /// <summary>Whether the weights carry diffusers' names.</summary>
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
                ? $"{index.File}: {WeightFileException.Quote(pipeline)} is not built; 'DiTPipeline' is."
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

    // The pipelines of diffusers guide every channel of the latent; only the original code stops at three.
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
