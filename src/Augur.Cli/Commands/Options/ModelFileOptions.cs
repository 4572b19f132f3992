using System.CommandLine;
using Augur.Catalogs;

namespace Augur.Cli.Commands.Options;

/// <summary>The options that say where the parts of a model are, and which LoRAs change it.</summary>
internal sealed class ModelFileOptions
{
    private readonly Option<string?> _transformer = PathOf("--transformer", "The network, where it lies apart from the model's other parts.");

    private readonly Option<string?>[] _textEncoders =
    [
        PathOf("--text-encoder", "A text encoder, where it lies apart; which one it is follows from its tensors."),
        PathOf("--text-encoder-2", "A second text encoder."),
        PathOf("--text-encoder-3", "A third text encoder."),
    ];

    private readonly Option<string?>[] _tokenizers =
    [
        PathOf("--tokenizer", "A tokenizer, where none lies beside its encoder: a folder, tokenizer.json, spiece.model or vocab.json."),
        PathOf("--tokenizer-2", "A second tokenizer."),
    ];

    private readonly Option<string?> _autoencoder = new("--vae")
    {
        Description = "Autoencoder, for a model of latents whose folder has none.",
        HelpName = "PATH",
    };

    private readonly Option<string[]> _loras = new("--lora")
    {
        Description = "A LoRA and how much of its change is made, 1 where it is not said; several add up.",
        HelpName = "FILE[:SCALE]",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _isPartly = new("--lora-partly")
    {
        Description = "Leave out keys of LoRAs that have no place in the model, and name them; otherwise they are an error.",
    };

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_transformer, .. _textEncoders, _autoencoder, .. _tokenizers, _loras, _isPartly];

    /// <summary>What was given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="model">The model's own path; null: none.</param>
    /// <exception cref="ArgumentException">A LoRA is not FILE or FILE:SCALE.</exception>
    public ModelPaths Read(ParseResult parsed, string? model) => new()
    {
        Model = model,
        Transformer = parsed.GetValue(_transformer),
        TextEncoders = [.. _textEncoders.Select(parsed.GetValue).OfType<string>()],
        Tokenizers = [.. _tokenizers.Select(parsed.GetValue).OfType<string>()],
        Autoencoder = parsed.GetValue(_autoencoder),
        Loras = [.. (parsed.GetValue(_loras) ?? []).Select(LoraSource.Parse)],
    };

    /// <summary>Whether keys of LoRAs that have no place are left out.</summary>
    /// <exception cref="ArgumentException">There is no LoRA.</exception>
    public bool MayBePartial(ParseResult parsed) => parsed.GetValue(_isPartly)
        && (parsed.GetValue(_loras) is { Length: > 0 } ? true
            : throw new ArgumentException($"{_isPartly.Name} belongs to a LoRA; give it with {_loras.Name}."));

    private static Option<string?> PathOf(string name, string description) => new(name) { Description = description, HelpName = "PATH" };
}
