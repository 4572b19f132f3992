using System.Reflection;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Cli.Commands;

/// <summary>What was asked to be drawn, and how; turned into requests once the model is known.</summary>
internal sealed record Drawing
{
    private const int DefaultCount = 16;
    private const int MaxCount = 4096;
    private const int VisibleSize = 128;

    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<int> Classes { get; init; }

    public required int? Count { get; init; }

    public required string? Model { get; init; }

    public required string? Autoencoder { get; init; }

    public required int? Steps { get; init; }

    public required string? Sampler { get; init; }

    public required double? Guidance { get; init; }

    public required string? GuidanceChannels { get; init; }

    public required long Seed { get; init; }

    public required string Noise { get; init; }

    public required int? Size { get; init; }

    public required long? MemoryBudget { get; init; }

    public required long? CacheBudget { get; init; }

    public required int? Threads { get; init; }

    /// <summary>Name of the backend; null: the usual one.</summary>
    public string? Device { get; init; }

    /// <summary>Bounds of the engine that draws.</summary>
    public EngineOptions EngineOptions => new() { MemoryBudget = MemoryBudget };

    public DiffusionModel Load(IBackend backend) => Model is null ? ModelCatalog.LoadBuiltIn(backend) : ModelCatalog.Load(Model, backend, Autoencoder);

    /// <summary>One request per picture, uncached.</summary>
    /// <param name="model">What draws.</param>
    /// <param name="spread">The first pictures, however many, are of classes from all over the list; otherwise of the first classes.</param>
    public IReadOnlyList<GenerationRequest> Requests(DiffusionModel model, bool spread = false)
    {
        var labels = Names.Select(model.Classes.Find).Concat(Classes.Select(c => CheckClass(c, model.Denoiser.ClassCount))).ToList();
        var count = Count ?? (labels.Count > 0 ? labels.Count : DefaultCount);
        if (count is < 1 or > MaxCount)
        {
            throw CommandException.WrongUse($"--count can be 1 to {MaxCount}, not {count}.");
        }

        if (labels.Count == 0)
        {
            labels = [.. Enumerable.Range(0, model.Denoiser.ClassCount)];
        }

        var defaults = model.Defaults;
        var channels = GuidanceChannels switch
        {
            null => defaults.Guidance.Channels,
            "all" => Pipelines.GuidanceChannels.All,
            _ => Pipelines.GuidanceChannels.FirstThree,
        };
        var sampler = Sampler is null ? defaults.Sampler : Samplers.Parse(Sampler);
        var noise = NoiseCatalog.Parse(Noise, model.Denoiser.LatentShape, count);
        const double GoldenRatio = 0.6180339887498949; // multiples of it, without their whole parts, fill the unit interval evenly
        return [.. Enumerable.Range(0, count).Select(i => model.Request(labels[spread ? (int)(i * GoldenRatio % 1 * labels.Count) : i % labels.Count], unchecked(Seed + i)) with
        {
            Steps = Steps ?? defaults.Steps,
            Sampler = sampler,
            Guidance = new Guidance(Guidance ?? defaults.Guidance.Scale, channels),
            Noise = seed => noise(seed, i),
            CacheBudget = CacheBudget,
        })];
    }

    /// <summary>Repetitions of each pixel that give the size asked for.</summary>
    public int Enlargement(DiffusionModel model)
    {
        var own = model.Denoiser.LatentShape[2] * model.Decoder.PixelsPerCell;
        if (Size is not { } size)
        {
            return own >= VisibleSize ? 1 : (VisibleSize + own - 1) / own;
        }

        return size >= own && size <= 8192 && size % own == 0 ? size / own
            : throw CommandException.WrongUse($"--size can be {own}, this model's own, or a whole multiple of it up to 8192, not {size}.");
    }

    /// <summary>How pictures were made, enough to make them again.</summary>
    public GenerationParameters Describe(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, string policy)
    {
        var first = requests[0];
        var guidance = first.Guidance!.Value;
        return new GenerationParameters
        {
            Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Model = Model is null ? "built-in emoji" : Path.GetFileName(Path.TrimEndingDirectorySeparator(Model)),
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Guidance = guidance.Scale,
            GuidanceChannels = guidance.Channels == Pipelines.GuidanceChannels.All ? "all" : "first-three",
            Noise = Noise.StartsWith("file:", StringComparison.Ordinal) ? $"file:{Path.GetFileName(Noise[5..])}" : Noise,
            Policy = policy,
            CacheBudget = CacheBudget,
            Pictures = [.. requests.Select(r => new PictureParameters(
                r.Label, r.Label < model.Classes.Names.Count ? model.Classes.Names[r.Label] : null, r.Seed))],
        };
    }

    private static int CheckClass(int label, int classCount) => label >= 0 && label < classCount ? label
        : throw CommandException.WrongUse($"--class can be 0 to {classCount - 1}, not {label}.");
}
