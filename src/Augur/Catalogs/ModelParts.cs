using Augur.Catalogs.Families;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>The parts of a model, found by names and shapes before any weight is read.</summary>
internal sealed record ModelParts
{
    /// <summary>The path that messages name.</summary>
    public required string Path { get; init; }

    /// <summary>The network.</summary>
    public required ModelPart Network { get; init; }

    /// <summary>The network's family; null: it cannot be told from its tensors.</summary>
    public IModelFamily? Family { get; init; }

    /// <summary>The network of the model in whose place <see cref="Network"/> was given; null: none.</summary>
    public ModelPart? Replaced { get; init; }

    /// <summary>Text encoders, those that were given by themselves first.</summary>
    public IReadOnlyList<TextPart> Texts { get; init; } = [];

    /// <summary>The autoencoder; null: there is none.</summary>
    public ModelPart? Autoencoder { get; init; }

    /// <summary>Files and folders of tokenizers, those that were given by themselves first.</summary>
    public IReadOnlyList<TokenizerPart> Tokenizers { get; init; } = [];

    /// <summary>LoRAs whose changes the parts have.</summary>
    public IReadOnlyList<LoraSource> Loras { get; init; } = [];

    /// <summary>What was left out, a sentence without its period each.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The pipeline's model_index.json; null: there is none.</summary>
    public ForeignJson? Index { get; init; }

    /// <summary>The pipeline's scheduler_config.json; null: there is none.</summary>
    public string? SchedulerPath { get; init; }

    /// <summary>The pipeline's sampler; null: its files do not say.</summary>
    /// <exception cref="WeightFileException">It asks for something that is not built; the message names file, field and value.</exception>
    public DiffusersScheduler? Scheduler => SchedulerPath is null ? null : DiffusersScheduler.Read(SchedulerPath);

    /// <summary>Finds the parts of a model.</summary>
    /// <exception cref="WeightFileException">
    /// A path does not exist, is damaged, or is not what its option says: a sentence that names it and what it is instead.
    /// </exception>
    public static ModelParts Find(ModelPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var whole = paths.Model is not null || paths.Transformer is null ? OfModel(paths.Model ?? ModelCatalog.BuiltInPath) : null;
        var parts = paths.Transformer is { } transformer ? WithNetwork(transformer, whole) : whole!;
        return parts with
        {
            Texts = [.. paths.TextEncoders.SelectMany(TextsIn), .. parts.Texts],
            Tokenizers = [.. paths.Tokenizers.Select(TokenizerPart.Given), .. parts.Tokenizers],
            Autoencoder = paths.Autoencoder is { } autoencoder ? AutoencoderIn(autoencoder) : parts.Autoencoder,
        };
    }

    private static ModelParts OfModel(string path)
    {
        var folder = HubCache.Resolve(path);
        return PipelineFolder.Is(folder) ? PipelineFolder.Find(folder) : OfWeights(path);
    }

    // Where the weights cannot be read, whoever loads them says why.
    private static ModelParts OfWeights(string path)
    {
        WeightFileContent content;
        try
        {
            content = WeightFileContent.Of(path);
        }
        catch (WeightFileException)
        {
            return new() { Path = path, Network = new ModelPart(path) };
        }

        return new()
        {
            Path = path,
            Network = content.Network ?? throw new WeightFileException($"{path}: {Instead(content)}"),
            Family = content.Family,
            Texts = content.Texts,
            Autoencoder = content.Autoencoder,
            Tokenizers = TokenizerPart.Beside(path),
            SchedulerPath = SchedulerBeside(path),
        };
    }

    // Of a single file that lies beside its pipeline's: what its output means shows in no tensor.
    private static string? SchedulerBeside(string path)
    {
        var file = System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", "scheduler_config.json");
        return File.Exists(path) && File.Exists(file) ? file : null;
    }

    private static ModelParts WithNetwork(string path, ModelParts? whole)
    {
        var own = OfWeights(path);
        if (own.Family is null && !WeightFileContent.Of(path).IsUnknown)
        {
            throw new WeightFileException($"{path}: its network is of no family that is built; {ModelFamilies.Names} are.");
        }

        return whole is null ? own : whole with
        {
            Path = path,
            Network = own.Network,
            Replaced = whole.Network,
            Family = own.Family,
            Texts = [.. own.Texts, .. whole.Texts],
            Autoencoder = own.Autoencoder ?? whole.Autoencoder,
        };
    }

    private static string Instead(WeightFileContent content) => content switch
    {
        { Texts.Count: > 0 } =>
            $"this is {content.Word}, which draws nothing by itself; give it with --text-encoder, and the network with --transformer.",
        { Autoencoder: not null } =>
            "this is an autoencoder, which draws nothing by itself; give it with --vae, and the network with --transformer.",
        _ => $"this is {content.Word}, a change to a model and no model itself; give it with --lora, and the model that it was made for "
            + "with --model.",
    };

    private static IReadOnlyList<TextPart> TextsIn(string path)
    {
        var content = WeightFileContent.Of(path);
        return content.Texts.Count > 0 ? content.Texts
            : throw new WeightFileException($"{path}: this is {content.Word}, not a text encoder, which --text-encoder gives.");
    }

    private static ModelPart AutoencoderIn(string path)
    {
        WeightFileContent content;
        try
        {
            content = WeightFileContent.Of(path);
        }
        catch (WeightFileException)
        {
            return new ModelPart(path); // whoever loads it says what is wrong, if the model needs it at all
        }

        return content.Autoencoder
            ?? (content.IsUnknown ? new ModelPart(path)
                : throw new WeightFileException($"{path}: this is {content.Word}, not an autoencoder, which --vae gives."));
    }
}
