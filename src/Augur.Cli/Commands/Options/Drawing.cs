using System.Reflection;
using Augur.Catalogs;
using Augur.Cli.Commands.Generate;
using Augur.Conditioning;
using Augur.Pipelines;
using Augur.Requests;
using Augur.Tensors;
using Augur.Tuning;

namespace Augur.Cli.Commands.Options;

/// <summary>What was asked to be drawn, and how; turned into requests once the model is known.</summary>
internal sealed record Drawing
{
    /// <summary>What to draw and how.</summary>
    public required RequestDescription Description { get; init; }

    public required string? Model { get; init; }

    public required string? Autoencoder { get; init; }

    /// <summary>The prompt for which the built-in text model was chosen, because it names no class; null: it was not chosen, or by name.</summary>
    public string? PromptOfTextModel { get; init; }

    /// <summary>The network's weights; null: the model's.</summary>
    public string? Transformer { get; init; }

    /// <summary>Weights of text encoders.</summary>
    public IReadOnlyList<string> TextEncoders { get; init; } = [];

    /// <summary>Files or folders of tokenizers.</summary>
    public IReadOnlyList<string> Tokenizers { get; init; } = [];

    /// <summary>LoRAs, in the order in which they are applied.</summary>
    public IReadOnlyList<LoraSource> Loras { get; init; } = [];

    /// <summary>Whether keys of LoRAs that have no place are left out.</summary>
    public bool LorasMayBePartial { get; init; }

    /// <summary>Hash of the weights, as profiles name it.</summary>
    public string WeightsHash => ModelIdentity.HashOf(Paths.Main, Loras);

    /// <summary>Where the model's files are.</summary>
    public ModelPaths Paths => new()
    {
        Model = Model,
        Transformer = Transformer,
        TextEncoders = TextEncoders,
        Tokenizers = Tokenizers,
        Autoencoder = Autoencoder,
        Loras = Loras,
    };

    public required long? MemoryBudget { get; init; }

    /// <summary>What computes.</summary>
    public Compute Compute { get; init; } = new();

    public int? Count
    {
        get => Description.Count;
        init => Description = Description with { Count = value };
    }

    /// <summary>The same, of so many pictures where none were asked for.</summary>
    public Drawing OrCount(int count) => this with { Count = Count ?? count };

    public long Seed
    {
        get => Description.Seed;
        init => Description = Description with { Seed = value };
    }

    /// <summary>How the command names the picture that it begins with.</summary>
    public string InitName { get; init; } = "--init";

    public string Noise => Description.Noise;

    public long? CacheBudget => Description.CacheBudget;

    /// <summary>The file of given noise; null: the noise is drawn.</summary>
    public string? NoiseFile => Noise.StartsWith("file:", StringComparison.Ordinal) ? Noise[5..] : null;

    /// <summary>What is read, which no output may replace.</summary>
    public IReadOnlyList<(string Option, string? Path)> Inputs() =>
    [
        .. Paths.All().Select(given => (given.Option, (string?)given.Path)),
        ("--noise", NoiseFile), ("--policy", Description.Policy is ['@', .. var path] ? path : null), ("--prompts-file", Description.PromptsFile),
        (InitName, Description.Init), ("--mask", Description.Mask), ("--paste", Description.Paste),
        .. Description.References.Select(path => ("--reference", (string?)path)),
    ];

    /// <summary>Bounds of the engine that draws.</summary>
    public EngineOptions EngineOptions => new() { MemoryBudget = MemoryBudget };

    /// <summary>Loads the model. All prompts of a command are encoded at once, so that its text encoders need not stay.</summary>
    /// <exception cref="CommandException">It writes.</exception>
    public DiffusionModel Load(IBackend backend) => Load(backend, "augur write does that");

    /// <summary>Loads the model to fit something to its pictures.</summary>
    /// <exception cref="CommandException">It writes.</exception>
    public DiffusionModel LoadToFit(IBackend backend) => Load(backend, "a fit is made to pictures");

    private DiffusionModel Load(IBackend backend, string otherwise)
    {
        var model = ModelCatalog.LoadParts(Paths, backend, new ModelOptions { TextEncoderBudget = 0, LorasMayBePartial = LorasMayBePartial });
        if (!model.Writes)
        {
            return Compute.Used(backend, model);
        }

        model.Dispose();
        throw CommandException.WrongUse($"{Paths.Main}: this model writes texts; {otherwise}.");
    }

    /// <summary>Whether the model writes texts; it is not loaded.</summary>
    public bool Writes => ModelCatalog.Writes(Paths);

    /// <summary>Loads a model that writes.</summary>
    /// <exception cref="CommandException">A memory budget is given, which is of pictures.</exception>
    public DiffusionModel LoadWriter(IBackend backend) =>
        MemoryBudget is not null
            ? throw CommandException.WrongUse("--memory-budget bounds pictures in flight; texts are written one after the other.")
            : Compute.Used(backend, ModelCatalog.LoadParts(Paths, backend, new ModelOptions { LorasMayBePartial = LorasMayBePartial }));

    /// <inheritdoc cref="RequestDescription.Requests"/>
    public IReadOnlyList<GenerationRequest> Requests(DiffusionModel model, bool spread = false) => Description.Requests(model, spread);

    /// <inheritdoc cref="RequestDescription.Enlargement"/>
    public int Enlargement(DiffusionModel model) => Description.Enlargement(model);

    /// <summary>How pictures were made, enough to make them again.</summary>
    public GenerationParameters Describe(DiffusionModel model, IReadOnlyList<GenerationRequest> requests, string policy)
    {
        var first = requests[0];
        var guidance = first.Guidance!.Value;
        return new GenerationParameters
        {
            Version = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
            Model = (Transformer ?? Model) is { } path ? Path.GetFileName(Path.TrimEndingDirectorySeparator(path)) : "built-in emoji",
            Loras = Loras.Count == 0 ? null : [.. Loras.Select(lora => (lora with { Path = Path.GetFileName(lora.Path) }).ToString())],
            Sampler = first.Sampler!.Name,
            Steps = first.Steps,
            Guidance = guidance.Scale,
            GuidanceChannels = guidance.Channels == GuidanceChannels.All ? "all" : "first-three",
            GuidanceInterval = guidance.Interval?.ToString(),
            Noise = Noise.StartsWith("file:", StringComparison.Ordinal) ? $"file:{Path.GetFileName(Noise[5..])}" : Noise,
            Policy = policy,
            CacheBudget = CacheBudget,
            Pictures = [.. requests.Select(r => new PictureParameters(
                DiffusionModel.ClassOf(r.Condition), model.NameOf(r.Condition), Description.IsSeedUnsigned ? unchecked((ulong)r.Seed)
                    : (decimal)r.Seed, (r.Condition as PromptCondition)?.Text, (r.Condition as PromptCondition)?.Negative))],
        };
    }
}
