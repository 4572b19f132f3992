using Augur.Catalogs.Families;
using Augur.Catalogs.Lora;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>What a weight file or folder of weights holds: the parts of a model that are in it.</summary>
internal sealed record WeightFileContent
{
    /// <summary>The network; null: there is none.</summary>
    public ModelPart? Network { get; init; }

    /// <summary>The family of the network; null: it is of no known one.</summary>
    public IModelFamily? Family { get; init; }

    /// <summary>Its text encoders.</summary>
    public IReadOnlyList<TextPart> Texts { get; init; } = [];

    /// <summary>The autoencoder; null: there is none.</summary>
    public ModelPart? Autoencoder { get; init; }

    /// <summary>What it is, for messages: <c>a T5 text encoder</c>, <c>a LoRA</c>.</summary>
    public required string Word { get; init; }

    /// <summary>Whether it is a LoRA.</summary>
    public bool IsLora { get; init; }

    /// <summary>Whether nothing in it is known.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Looks into a file or folder; reads names and shapes only.</summary>
    /// <exception cref="WeightFileException">It is not there, or damaged.</exception>
    public static WeightFileContent Of(string path)
    {
        using var file = Checkpoint.Open(path);
        return Of(path, file);
    }

    /// <inheritdoc cref="Of(string)"/>
    public static WeightFileContent Of(string path, Checkpoint file)
    {
        if (LoraFile.Is(file))
        {
            return new() { IsLora = true, Word = "a LoRA" };
        }

        var texts = TextsOf(path, file);
        var autoencoder = PartPrefixes.AutoencoderOf(file) is { } prefix ? new ModelPart(path, prefix) : null;
        if (PartPrefixes.NetworkOf(file) is { } networkPrefix)
        {
            var part = new ModelPart(path, networkPrefix);
            using var network = part.Open();
            var family = ModelFamilies.Of(network);
            return new()
            {
                Network = part,
                Family = family,
                Texts = texts,
                Autoencoder = autoencoder,
                Word = family is null ? "a network that is not built" : $"a network of the family {family.Name}",
            };
        }

        return autoencoder is not null || texts.Length > 0
            ? new() { Texts = texts, Autoencoder = autoencoder, Word = autoencoder is null ? WordOf(texts[0].Kind) : "an autoencoder" }
            : Alone(path, file);
    }

    // A file that is one part throughout.
    private static WeightFileContent Alone(string path, Checkpoint file)
    {
        var part = new ModelPart(path);
        if (ModelFamilies.Of(file) is { } family)
        {
            return new() { Network = part, Family = family, Word = $"a network of the family {family.Name}" };
        }

        if (TextEncoders.Recognise(file) is { } text)
        {
            return new() { Texts = [new TextPart(part, text.Kind, text.Width)], Word = WordOf(text.Kind) };
        }

        return ModelFamilies.IsAutoencoder(file) ? new() { Autoencoder = part, Word = "an autoencoder" }
            : new() { Network = part, Word = "nothing that is known", IsUnknown = true };
    }

    private static string WordOf(TextEncoderKind kind) =>
        kind == TextEncoderKind.Decoder ? "the text encoder of a language model" : $"a {TextEncoders.Name(kind)} text encoder";

    private static TextPart[] TextsOf(string path, Checkpoint file) =>
    [
        .. PartPrefixes.TextEncodersOf(file).Select(prefix =>
        {
            var part = new ModelPart(path, prefix);
            using var text = part.Open();
            return TextEncoders.Recognise(text) is { } found ? new TextPart(part, found.Kind, found.Width) : null;
        }).OfType<TextPart>(),
    ];
}
