using System.Text.RegularExpressions;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>Normalisation, model and added tokens of a tokenizer.</summary>
internal sealed record TokenizerParts(ITokenModel Model, Func<string, string>? Normalise, IReadOnlyList<AddedToken> Added);

/// <summary>
/// Reads <c>tokenizer.json</c> of the Hugging Face library: byte-level pair merging and unigram models. What stands behind the model (templates of
/// begin and end) is not read, since whoever encodes knows what to put there.
/// </summary>
internal static class TokenizerJson
{
    private const int LongestPattern = 4096;
    private const int LongestReplacement = 64;
    private const int MostAdded = 1 << 16;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // GPT-2's words, which the ByteLevel step implies.
    internal const string Gpt2Words = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>Whether a file is one of these; a vocabulary alone is not.</summary>
    public static bool Is(ForeignJson json) => json.Find("model") is { IsObject: true };

    /// <summary>Reads the file.</summary>
    /// <exception cref="WeightFileException">It is damaged, or has a step or model that is not built.</exception>
    public static TokenizerParts Read(ForeignJson json)
    {
        var steps = new List<Func<string, string>>();
        if (json.Find("normalizer") is { } normalizer)
        {
            ReadNormaliser(normalizer, steps);
        }

        var added = json.Find("added_tokens") is { } tokens ? tokens.AsItems().Select(token => ReadAdded(token)).ToArray() : [];
        if (added.Length > MostAdded)
        {
            throw json.Error($"has {added.Length} added tokens; at most {MostAdded} are built.");
        }

        var words = new WordSteps();
        if (json.Find("pre_tokenizer") is { } pre)
        {
            words.Read(pre);
        }

        var model = json.Require("model");
        var type = model.Find("type")?.AsText() ?? (model.Find("merges") is null ? "Unigram" : "BPE");
        Func<string, string>? normalise = steps.Count == 0 ? null : text => steps.Aggregate(text, (t, step) => step(t));
        return type switch
        {
            "BPE" => new TokenizerParts(ReadBpe(model, words), normalise, added),
            "Unigram" => new TokenizerParts(ReadUnigram(model, words, added), normalise, added),
            _ => throw model.Error($"is of type {WeightFileException.Quote(type)}; BPE and Unigram are built."),
        };
    }

    /// <summary>A pattern of a file, with a limit on the time that it may take.</summary>
    internal static Regex Pattern(string pattern, Func<string, WeightFileException> error)
    {
        try
        {
            return pattern.Length <= LongestPattern ? new Regex(OnigurumaPattern.ToDotNet(pattern), RegexOptions.CultureInvariant, s_patience)
                : throw error($"has {pattern.Length} characters, which are too many for a pattern.");
        }
        catch (ArgumentException e)
        {
            throw error($"is no pattern ({WeightFileException.Quote(e.Message)}).");
        }
    }

    /// <summary>An added token, whose number stands in it or is given.</summary>
    internal static AddedToken ReadAdded(ForeignJson token, int? id = null) => new(
        token.Require("content").AsText(),
        id ?? Number(token.Require("id")),
        token.Find("lstrip")?.AsFlag() ?? false,
        token.Find("rstrip")?.AsFlag() ?? false,
        token.Find("normalized")?.AsFlag() ?? false);

    /// <summary>The number of a token.</summary>
    internal static int Number(ForeignJson id)
    {
        const int Most = 1 << 24; // a hundred times the largest vocabulary; tables are as long as the largest number
        var number = id.AsInteger();
        return number is >= 0 and < Most ? number : throw id.Error($"is {number}; numbers of tokens are 0 to {Most - 1}.");
    }

    /// <summary>Numbers of the tokens of a vocabulary.</summary>
    internal static Dictionary<string, int> ReadVocabulary(ForeignJson vocabulary) =>
        vocabulary.Fields().ToDictionary(token => token.Name, token => Number(token.Value), StringComparer.Ordinal);

    private static void ReadNormaliser(ForeignJson step, List<Func<string, string>> steps)
    {
        switch (step.Require("type").AsText())
        {
            case "Sequence":
                foreach (var inner in step.Require("normalizers").AsItems())
                {
                    ReadNormaliser(inner, steps);
                }

                break;
            case "NFC":
                steps.Add(CanonicalComposition.Compose);
                break;
            case "Lowercase":
                steps.Add(TextCleaning.Lower);
                break;
            case "Strip":
                var (left, right) = (step.Find("strip_left")?.AsFlag() ?? true, step.Find("strip_right")?.AsFlag() ?? true);
                steps.Add(text => (left, right) switch
                {
                    (true, true) => text.Trim(),
                    (true, false) => text.TrimStart(),
                    (false, true) => text.TrimEnd(),
                    _ => text,
                });
                break;
            case "Replace":
                var (what, with) = (step.Require("pattern"), step.Require("content").AsText());
                if (with.Length > LongestReplacement)
                {
                    throw step.Error($"replaces by {with.Length} characters; at most {LongestReplacement} are built.");
                }

                var pattern = what.Find("Regex") is { } expression ? Pattern(expression.AsText(), expression.Error)
                    : new Regex(Regex.Escape(what.Require("String").AsText()), RegexOptions.CultureInvariant);
                steps.Add(text => pattern.Replace(text, _ => with));
                break;
            case "Precompiled":
                if (step.Find("precompiled_charsmap") is { } compiled)
                {
                    steps.Add(new CharacterMap(step.File, FromBase64(compiled)).Apply);
                }

                break;
            case var other:
                throw step.Error(
                    $"is a step {WeightFileException.Quote(other)}; Sequence, NFC, Lowercase, Strip, Replace and Precompiled are built.");
        }
    }

    private static byte[] FromBase64(ForeignJson text)
    {
        var bytes = new byte[text.AsText().Length];
        return Convert.TryFromBase64String(text.AsText(), bytes, out var count) ? bytes[..count] : throw text.Error("is no base 64 text.");
    }

    private static BpeModel ReadBpe(ForeignJson model, WordSteps words)
    {
        if (!words.IsByteLevel)
        {
            throw model.Error("merges characters; merges of bytes (a ByteLevel step) are built.");
        }

        var merges = model.Require("merges").AsItems().Select(merge => merge.IsText ? merge.AsText()
            : merge.AsItems() is [var first, var second] ? $"{first.AsText()} {second.AsText()}" : throw merge.Error("is no pair."));
        var end = model.Find("end_of_word_suffix")?.AsText();
        return new BpeModel(
            model.File,
            ReadVocabulary(model.Require("vocab")),
            merges,
            new BpeSettings(words.Words, words.DropsOthers, string.IsNullOrEmpty(end) ? null : end, model.Find("ignore_merges")?.AsFlag() ?? false));
    }

    private static UnigramModel ReadUnigram(ForeignJson model, WordSteps words, AddedToken[] added)
    {
        var unknown = model.Require("unk_id").AsInteger();
        var controls = added.Select(token => token.Text).ToHashSet(StringComparer.Ordinal);
        var pieces = model.Require("vocab").AsItems().Select((entry, id) => entry.AsItems() is [var text, var score]
            ? new Piece(
                text.AsText(),
                (float)score.AsNumber(),
                id == unknown ? PieceKind.Unknown : controls.Contains(text.AsText()) ? PieceKind.Control : PieceKind.Normal)
            : throw entry.Error("is no piece with its score.")).ToArray();
        return new UnigramModel(
            model.File,
            pieces,
            unknown,
            new UnigramSettings(null, words.SpaceBefore, words.SplitsAtSpaces, words.SplitsAtSpaces, model.Find("byte_fallback")?.AsFlag() ?? false));
    }
}
