using System.Text.RegularExpressions;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>The <c>pre_tokenizer</c> of a tokenizer.json: how a text becomes words.</summary>
internal sealed class WordSteps
{
    /// <summary>The pattern of words; null: none.</summary>
    public Regex? Words { get; private set; }

    /// <summary>Whether what lies between matches is left out.</summary>
    public bool DropsOthers { get; private set; }

    /// <summary>Whether words are spelt in bytes.</summary>
    public bool IsByteLevel { get; private set; }

    /// <summary>Whether runs of spaces are one boundary.</summary>
    public bool SplitsAtSpaces { get; private set; }

    /// <summary>Where a space is put before the text, of unigram models.</summary>
    public SpaceBefore SpaceBefore { get; private set; } = SpaceBefore.Never;

    /// <summary>Reads a step, or a sequence of steps.</summary>
    /// <exception cref="WeightFileException">A step is not built.</exception>
    public void Read(ForeignJson step)
    {
        switch (step.Require("type").AsText())
        {
            case "Sequence":
                foreach (var inner in step.Require("pretokenizers").AsItems())
                {
                    Read(inner);
                }

                break;
            case "Split":
                ReadSplit(step);
                break;
            case "ByteLevel":
                IsByteLevel = true;
                if (step.Find("add_prefix_space")?.AsFlag() ?? true)
                {
                    throw step.Error("puts a space before the text (add_prefix_space), which is not built for merges of bytes.");
                }

                // With words already cut by a pattern of the file, GPT-2's cuts no further.
                Words ??= step.Find("use_regex")?.AsFlag() ?? true ? TokenizerJson.Pattern(TokenizerJson.Gpt2Words, step.Error) : null;
                break;
            case "WhitespaceSplit":
                SplitsAtSpaces = true;
                break;
            case "Metaspace":
                ReadSpaces(step);
                break;
            case var other:
                throw step.Error(
                    $"is a step {WeightFileException.Quote(other)}; Sequence, Split, ByteLevel, WhitespaceSplit and Metaspace are built.");
        }
    }

    private void ReadSplit(ForeignJson step)
    {
        if (Words is not null)
        {
            throw step.Error("is a second pattern of words; one is built.");
        }

        var pattern = step.Require("pattern").Require("Regex");
        Words = TokenizerJson.Pattern(pattern.AsText(), pattern.Error);
        var (behaviour, inverts) = (step.Require("behavior").AsText(), step.Find("invert")?.AsFlag() ?? false);
        DropsOthers = (behaviour, inverts) switch
        {
            ("Isolated", _) => false,
            ("Removed", true) => true,
            _ => throw step.Error($"has behavior {WeightFileException.Quote(behaviour)}; Isolated, and Removed with invert, are built."),
        };
    }

    private void ReadSpaces(ForeignJson step)
    {
        if (step.Find("replacement") is { } character && character.AsText() != "\u2581")
        {
            throw character.Error($"is {WeightFileException.Quote(character.AsText())}; '\u2581' is built.");
        }

        SpaceBefore = step.Find("prepend_scheme")?.AsText() switch
        {
            "always" => SpaceBefore.Always,
            "first" => SpaceBefore.First,
            "never" => SpaceBefore.Never,
            null => step.Find("add_prefix_space")?.AsFlag() ?? true ? SpaceBefore.Always : SpaceBefore.Never,
            var other => throw step.Error($"has prepend_scheme {WeightFileException.Quote(other)}; always, first and never are built."),
        };
    }
}
