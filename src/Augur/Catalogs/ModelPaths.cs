using Augur.Models;

namespace Augur.Catalogs;

/// <summary>
/// Where a model's files are: a folder or file that holds all of it, or its parts, which then come before what the model's own folder holds.
/// </summary>
public sealed record ModelPaths
{
    /// <summary>
    /// A folder of Augur's own layout, a pipeline folder of diffusers (also in the hub's cache), or a weight file, alone or with all parts in one.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>The network's weights: a file, or a folder of shards with its config.json. Default: the model's.</summary>
    public string? Transformer { get; init; }

    /// <summary>Weights of text encoders, in any order: each is recognised by its tensors. Default: the model's.</summary>
    public IReadOnlyList<string> TextEncoders { get; init; } = [];

    /// <summary>Files or folders of tokenizers, in any order. Default: the model's, or those beside the encoders.</summary>
    public IReadOnlyList<string> Tokenizers { get; init; } = [];

    /// <summary>Weights of the autoencoder. Default: the model's.</summary>
    public string? Autoencoder { get; init; }

    /// <summary>LoRAs, in the order in which they are applied; their changes add up.</summary>
    public IReadOnlyList<LoraSource> Loras { get; init; } = [];

    /// <summary>The path that stands for the model, that of its network: profiles lie in it, messages and reports name it.</summary>
    public string Main => Transformer ?? Model ?? ModelCatalog.BuiltInPath;

    /// <summary>Every path that is given, with the option of the command line that gives it.</summary>
    public IEnumerable<(string Option, string Path)> All()
    {
        (string, string?)[] single = [("--model", Model), ("--transformer", Transformer), ("--vae", Autoencoder)];
        foreach (var (option, path) in single)
        {
            if (path is not null)
            {
                yield return (option, path);
            }
        }

        foreach (var (index, path) in TextEncoders.Index())
        {
            yield return (Numbered("--text-encoder", index), path);
        }

        foreach (var (index, path) in Tokenizers.Index())
        {
            yield return (Numbered("--tokenizer", index), path);
        }

        foreach (var lora in Loras)
        {
            yield return ("--lora", lora.Path);
        }
    }

    private static string Numbered(string option, int index) => index == 0 ? option : $"{option}-{index + 1}";
}

/// <summary>How a model is loaded.</summary>
public sealed record ModelOptions
{
    /// <summary>
    /// Most bytes that the weights of text encoders may take while pictures are drawn: above it they are dropped once prompts are encoded, and read
    /// again for new ones. Default: no limit, they stay. They are never read before a prompt needs them.
    /// </summary>
    public long? TextEncoderBudget { get; init; }

    /// <summary>
    /// Most bytes of adaLN modulations, and of keys and values of texts where a network reads them by cross-attention, that it keeps from one call
    /// and request to the next; they change no bit of a result. 0: none. Default: 128 MiB.
    /// </summary>
    public long ModulationBudget
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentException($"The budget of modulations is {value} bytes; it is not below 0.");
    } = ModulationTable.DefaultBudget;

    /// <summary>Whether keys of a LoRA that have no place in the model are left out. Default: they are an error that names them.</summary>
    public bool LorasMayBePartial { get; init; }
}
