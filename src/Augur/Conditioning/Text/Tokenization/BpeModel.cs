using System.Text;
using System.Text.RegularExpressions;
using Augur.Tensors.Weights;
using Microsoft.ML.Tokenizers;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>How byte-level pair merging is applied.</summary>
/// <param name="Split">
/// Each match is a word, and so is what lies between matches unless <paramref name="DropsOthers"/>; null: the whole text is one word.
/// </param>
/// <param name="DropsOthers">Whether what lies between matches is left out (CLIP).</param>
/// <param name="WordEnd">Appended to each word's last character (CLIP's <c>&lt;/w&gt;</c>); null: nothing.</param>
/// <param name="TakesWholeWords">Whether a word that is a token is taken whole, whatever the merges say (Llama 3).</param>
internal sealed record BpeSettings(Regex? Split, bool DropsOthers = false, string? WordEnd = null, bool TakesWholeWords = false);

/// <summary>Byte-level byte-pair encoding (Sennrich et al., 2016; GPT-2): merges by Microsoft.ML.Tokenizers, words by the model's pattern.</summary>
internal sealed class BpeModel : ITokenModel
{
    private readonly BpeTokenizer _merges;
    private readonly IReadOnlyDictionary<string, int> _vocabulary;
    private readonly Dictionary<int, string> _tokens;
    private readonly BpeSettings _settings;

    /// <summary>Makes the encoder.</summary>
    /// <param name="file">Where vocabulary and merges come from, for messages.</param>
    /// <param name="vocabulary">Number of each token.</param>
    /// <param name="merges">Pairs in the order of their rank, the two parts with a space between.</param>
    /// <param name="settings">Words.</param>
    /// <exception cref="WeightFileException">The merges make tokens that are not in the vocabulary, or are no pairs.</exception>
    public BpeModel(string file, IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> merges, BpeSettings settings)
    {
        (_vocabulary, _settings) = (vocabulary, settings);
        _tokens = [];
        foreach (var (token, id) in vocabulary)
        {
            if (id < 0 || !_tokens.TryAdd(id, token))
            {
                throw new WeightFileException($"{file}: token {WeightFileException.Quote(token)} has number {id}, which is negative or another's.");
            }
        }

        Count = _tokens.Count == 0 ? 0 : _tokens.Keys.Max() + 1;
        try
        {
            _merges = BpeTokenizer.Create(new BpeOptions(vocabulary) { Merges = merges, ByteLevel = true, EndOfWordSuffix = settings.WordEnd });
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException or KeyNotFoundException
            or NullReferenceException or IndexOutOfRangeException)
        {
            throw new WeightFileException($"{file}: merges and vocabulary do not belong together ({e.Message.TrimEnd('.')}).", e);
        }
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public void Encode(string text, bool isFirst, List<int> ids)
    {
        foreach (var word in Words(text))
        {
            if (_settings.TakesWholeWords && Find(Spelling(word)) is { } whole)
            {
                ids.Add(whole);
                continue;
            }

            ids.AddRange(_merges.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false));
        }
    }

    /// <inheritdoc/>
    public int? Find(string token) => _vocabulary.TryGetValue(token, out var id) ? id : null;

    /// <inheritdoc/>
    public void Decode(int id, List<byte> text)
    {
        if (!_tokens.TryGetValue(id, out var token))
        {
            return;
        }

        var endsWord = _settings.WordEnd is { } end && token.EndsWith(end, StringComparison.Ordinal);
        foreach (var character in endsWord ? token.AsSpan(0, token.Length - _settings.WordEnd!.Length) : token)
        {
            if (ByteAlphabet.ByteOf(character) is { } value)
            {
                text.Add(value);
            }
        }

        if (endsWord)
        {
            text.Add((byte)' ');
        }
    }

    /// <summary>The words of a text, in order.</summary>
    internal IEnumerable<string> Words(string text)
    {
        if (_settings.Split is not { } pattern)
        {
            return text.Length > 0 ? [text] : [];
        }

        var (words, at) = (new List<string>(), 0);
        var (within, starts) = TextCleaning.WithinPlane(text);
        for (var match = pattern.Match(within); match.Success; match = match.NextMatch())
        {
            Take(at, match.Index, isMatch: false);
            Take(match.Index, match.Index + match.Length, isMatch: true);
            at = match.Index + match.Length;
        }

        Take(at, within.Length, isMatch: false);
        return words;

        void Take(int start, int end, bool isMatch)
        {
            if (end > start && (isMatch || !_settings.DropsOthers))
            {
                words.Add(starts is null ? text[start..end] : text[starts[start]..starts[end]]);
            }
        }
    }

    private static string Spelling(string word) => string.Create(Encoding.UTF8.GetByteCount(word), word, (characters, text) =>
    {
        Span<byte> bytes = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < bytes.Length; i++)
        {
            characters[i] = ByteAlphabet.CharacterOf(bytes[i]);
        }
    });
}
