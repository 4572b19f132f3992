using Augur.Tensors.Weights;

namespace Augur.Catalogs.Families;

/// <summary>A text encoder that a network reads.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Width">Channels of its tokens that the network's shapes ask for; 0: they do not tell.</param>
/// <param name="Option">How it is given.</param>
/// <param name="Files">Its file as a user finds it.</param>
internal sealed record TextNeed(TextEncoderKind Kind, int Width, string Option, string Files)
{
    /// <summary>Whether the network also works without it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>What to look for.</summary>
    public string Missing => $"{TextEncoders.Name(Kind)}{(Width == 0 ? "" : $" of width {Width}")} ({Files}), for {Option}.";

    /// <summary>For each need the encoder that meets it; null: there is none.</summary>
    /// <exception cref="WeightFileException">There is one of that kind, but of another width: both are named.</exception>
    public static IReadOnlyList<TextPart?> Match(ModelParts parts, IReadOnlyList<TextNeed> needs)
    {
        var left = parts.Texts.ToList();
        return [.. needs.Select(need =>
        {
            // Where the width is not told, the narrower one is meant first, as CLIP-L before CLIP-G.
            var alike = left.Where(text => text.Kind == need.Kind).ToList();
            var found = need.Width == 0 ? alike.MinBy(text => text.Width) : alike.FirstOrDefault(text => text.Width == need.Width);
            if (found is not null)
            {
                left.Remove(found);
            }

            return found;
        })];
    }

    /// <summary>For each need the encoder that meets it, with its tokenizer.</summary>
    /// <param name="parts">The model's files.</param>
    /// <param name="needs">What its network reads.</param>
    /// <param name="family">For messages.</param>
    /// <exception cref="WeightFileException">One is missing, or is of another width: the message names the file to look for.</exception>
    public static IReadOnlyList<TextWithTokenizer?> Require(ModelParts parts, IReadOnlyList<TextNeed> needs, string family)
    {
        var found = Match(parts, needs);
        return [.. needs.Zip(found, (need, text) => text is not null ? new TextWithTokenizer(text, TokenizerOf(parts, text))
            : need.IsOptional ? null
            : throw Refusal(parts, need, family))];
    }

    private static WeightFileException Refusal(ModelParts parts, TextNeed need, string family) =>
        need.Width > 0 && parts.Texts.FirstOrDefault(text => text.Kind == need.Kind) is { } other
            ? new($"{other.Part.Place}: this is {other}, but this {family} reads {TextEncoders.Name(need.Kind)} of width {need.Width}; "
                + $"give {need.Files} with {need.Option}.")
            : new(
                $"{parts.Path}: {family} reads prompts through {TextEncoders.Name(need.Kind)}, which is missing; give {need.Files} with "
                + $"{need.Option}.");

    // One that was given by itself, then the encoder's own in the pipeline's folder, then what lies beside the encoder's file.
    private static TokenizerPart TokenizerOf(ModelParts parts, TextPart text)
    {
        var suited = parts.Tokenizers.Where(tokenizer => tokenizer.Suits(text.Kind)).ToList();
        return suited.FirstOrDefault(tokenizer => tokenizer.Slot is null || tokenizer.Slot == text.Slot)
            ?? TokenizerPart.Beside(text.Part.Path).FirstOrDefault(tokenizer => tokenizer.Suits(text.Kind))
            ?? suited.FirstOrDefault()
            ?? throw new WeightFileException(
                $"{text.Part.Place}: the tokenizer of this {TextEncoders.Name(text.Kind)} is missing; give "
                + $"{TextEncoders.TokenizerFiles(text.Kind)} with --tokenizer.");
    }
}
