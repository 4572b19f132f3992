using System.Globalization;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>What configurations say of special tokens; null: nothing.</summary>
internal sealed record SpecialTokens(string? Begin = null, string? End = null, string? Pad = null, string? Unknown = null);

/// <summary>Finds the files of a tokenizer and puts them together.</summary>
internal static class TokenizerFolder
{
    private static readonly string[] s_known =
        ["tokenizer.json", "spiece.model", "tokenizer.model", "sentencepiece.bpe.model", "vocab.json", "bpe_simple_vocab_16e6.txt.gz"];

    /// <summary>Reads a folder or a file.</summary>
    public static TextTokenizer Read(string path, ClipCleaning cleaning)
    {
        if (!Path.Exists(path))
        {
            throw new WeightFileException($"{path}: there is no such file or folder.");
        }

        var file = !Directory.Exists(path) ? path
            : s_known.Select(name => Path.Combine(path, name)).FirstOrDefault(File.Exists)
            ?? throw new WeightFileException($"{path}: there is no tokenizer in this folder; it is one of {string.Join(", ", s_known)}.");
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        var config = Beside(folder, "tokenizer_config.json");
        var parts = ReadParts(file, folder, config, cleaning);
        var added = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var token in parts.Added.Concat(OfFolder(folder, config, parts.Model)))
        {
            added.TryAdd(token.Text, token);
        }

        return new TextTokenizer(parts with { Added = [.. added.Values] }, Special(config, Beside(folder, "special_tokens_map.json")));
    }

    private static TokenizerParts ReadParts(string file, string folder, ForeignJson? config, ClipCleaning cleaning)
    {
        Func<string, string> clean = cleaning == ClipCleaning.OpenAI ? TextCleaning.CleanAsOpenAI : TextCleaning.CleanAsFastClip;
        if (file.EndsWith(".model", StringComparison.OrdinalIgnoreCase))
        {
            return new TokenizerParts(SentencePieceFile.Read(file), null, []);
        }

        if (!file.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
        {
            return VocabularyFiles.ReadClipMerges(file, clean);
        }

        var json = ForeignJson.Read(file, BoundedFile.MaxBytes);
        if (TokenizerJson.Is(json))
        {
            return TokenizerJson.Read(json);
        }

        // NAME_vocab.json lies beside NAME_merges.txt.
        var merges = Path.Combine(folder, Path.GetFileNameWithoutExtension(file).Replace("vocab", "merges", StringComparison.Ordinal) + ".txt");
        if (!File.Exists(merges))
        {
            throw new WeightFileException($"{file}: is a vocabulary without its merges; {Path.GetFileName(merges)} is missing beside it.");
        }

        var parts = VocabularyFiles.Read(json, merges, config?.Find("tokenizer_class")?.AsText());
        return parts.Normalise == TextCleaning.CleanAsFastClip ? parts with { Normalise = clean } : parts;
    }

    // Tokens that a configuration adds to files that hold none: those of Qwen's vocab.json, the 100 sentinels of T5.
    private static IEnumerable<AddedToken> OfFolder(string folder, ForeignJson? config, ITokenModel model)
    {
        var decoder = config?.Find("added_tokens_decoder")?.Fields() ?? [];
        foreach (var (number, token) in decoder)
        {
            yield return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id < 1 << 24
                ? TokenizerJson.ReadAdded(token, id) : throw token.Error("has a name that is no token number.");
        }

        foreach (var (text, id) in Beside(folder, "added_tokens.json")?.Fields() ?? [])
        {
            yield return new AddedToken(text, TokenizerJson.Number(id));
        }

        if (model is UnigramModel && decoder.Count == 0 && config?.Find("extra_ids")?.AsInteger() is { } extra and > 0 and <= 1000)
        {
            for (var i = 0; i < extra; i++)
            {
                yield return new AddedToken($"<extra_id_{i}>", model.Count + extra - 1 - i);
            }
        }

        foreach (var control in new[] { "</s>", "<pad>" })
        {
            if (model is UnigramModel && model.Find(control) is { } id)
            {
                yield return new AddedToken(control, id);
            }
        }
    }

    private static SpecialTokens Special(ForeignJson? config, ForeignJson? map)
    {
        return new SpecialTokens(Text("bos_token"), Text("eos_token"), Text("pad_token"), Text("unk_token"));

        string? Text(string name) => Spelling(config?.Find(name)) ?? Spelling(map?.Find(name));

        static string? Spelling(ForeignJson? token) => token is not { } given ? null
            : given.IsText ? given.AsText() : given.Require("content").AsText();
    }

    private static ForeignJson? Beside(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? ForeignJson.Read(path) : null;
    }
}
