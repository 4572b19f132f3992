using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>Reads <c>vocab.json</c> with <c>merges.txt</c>, and the merges of OpenAI's CLIP.</summary>
internal static class VocabularyFiles
{
    internal const string ClipStart = "<|startoftext|>";
    internal const string ClipEnd = "<|endoftext|>";
    internal const string WordEnd = "</w>";
    private const int ClipMerges = 49152 - 256 - 2;

    /// <summary>CLIP's words: contractions, runs of letters, single digits, runs of anything else.</summary>
    internal const string ClipWords = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+";

    private const string QwenWords =
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // Dream's tokenizer is Qwen2's under a name of its own.
    private static readonly string[] s_qwenClasses = ["Qwen", "Dream"];

    /// <summary>
    /// Reads a vocabulary and its merges. A vocabulary whose words end with <c>&lt;/w&gt;</c> is CLIP's; otherwise words are Qwen's where the
    /// configuration names its class or Dream's, or else GPT-2's.
    /// </summary>
    /// <param name="json">vocab.json.</param>
    /// <param name="merges">merges.txt.</param>
    /// <param name="tokenizerClass">Class that the configuration names; null: none.</param>
    public static TokenizerParts Read(ForeignJson json, string merges, string? tokenizerClass)
    {
        var (vocabulary, ids) = (json.File, TokenizerJson.ReadVocabulary(json));
        var pairs = Merges(merges);
        var isClip = ids.Keys.Any(token => token.EndsWith(WordEnd, StringComparison.Ordinal));
        var isQwen = s_qwenClasses.Any(name => tokenizerClass?.StartsWith(name, StringComparison.Ordinal) ?? false);
        return isClip ? Clip(vocabulary, ids, pairs, TextCleaning.CleanAsFastClip)
            : new TokenizerParts(
                new BpeModel(vocabulary, ids, pairs, Settings(vocabulary, isQwen ? QwenWords : TokenizerJson.Gpt2Words)),
                isQwen ? CanonicalComposition.Compose : null,
                []);
    }

    /// <summary>The pairs of a merges.txt, whose first line may be a version.</summary>
    /// <exception cref="WeightFileException">It cannot be read.</exception>
    public static string[] Merges(string path) =>
    [
        .. BoundedFile.Lines(path).Select(line => line.TrimEnd('\r'))
            .Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal))),
    ];

    /// <summary>
    /// Reads <c>bpe_simple_vocab_16e6.txt</c> (or .gz) of OpenAI's CLIP: a line of its version, then the merges, of which as many are used as the
    /// vocabulary has room for.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="clean">What is done to a text first.</param>
    /// <param name="start">How the token that begins a text is spelt; open_clip spells both otherwise.</param>
    /// <param name="end">How the token that ends it is spelt.</param>
    /// <exception cref="WeightFileException">It is damaged.</exception>
    public static TokenizerParts ReadClipMerges(string path, Func<string, string> clean, string start = ClipStart, string end = ClipEnd)
    {
        string[] merges = [.. BoundedFile.Lines(path).Skip(1).Select(line => line.TrimEnd('\r')).Take(ClipMerges)];
        if (merges.Length < ClipMerges || merges.Any(merge => merge.Split(' ').Length != 2))
        {
            throw new WeightFileException($"{path}: holds no {ClipMerges} merges of two parts behind its first line.");
        }

        var ids = new Dictionary<string, int>(StringComparer.Ordinal);
        var characters = ByteAlphabet.InVocabularyOrder.Select(c => c.ToString());
        string[] tokens =
        [
            .. characters, .. characters.Select(c => c + WordEnd), .. merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)),
            start, end,
        ];
        foreach (var token in tokens)
        {
            if (!ids.TryAdd(token, ids.Count))
            {
                throw new WeightFileException($"{path}: two merges make {WeightFileException.Quote(token)}.");
            }
        }

        return Clip(path, ids, merges, clean, start, end);
    }

    private static TokenizerParts Clip(
        string file,
        Dictionary<string, int> ids,
        IEnumerable<string> merges,
        Func<string, string> clean,
        string start = ClipStart,
        string end = ClipEnd)
    {
        return new TokenizerParts(
            new BpeModel(file, ids, merges, Settings(file, ClipWords, dropsOthers: true, WordEnd)),
            clean,
            [.. from token in new[] { start, end } where ids.ContainsKey(token) select new AddedToken(token, ids[token], InNormalised: true)]);
    }

    private static BpeSettings Settings(string file, string words, bool dropsOthers = false, string? wordEnd = null) =>
        new(TokenizerJson.Pattern(words, sentence => new WeightFileException($"{file}: {sentence}")), dropsOthers, wordEnd);
}
