using System.Text;
using System.Text.RegularExpressions;
using Augur.Conditioning.Text.Tokenization;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>How a prompt for CLIP is cleaned before it is cut.</summary>
public enum ClipCleaning
{
    /// <summary>Composition of accents, white space, lower case: what the pipelines of diffusers do.</summary>
    Fast,

    /// <summary>Also entities of HTML, curly quotes, ligatures and forms of width: what OpenAI's own code does.</summary>
    OpenAI,
}

/// <summary>
/// Makes token numbers of a text and a text of token numbers: byte-level pair merging (CLIP, GPT-2, Qwen, Llama 3) and SentencePiece's unigram model
/// (T5). Immutable; any number of threads may call it. Nothing is put before or behind a text: whoever encodes knows what belongs there.
/// </summary>
public sealed class TextTokenizer
{
    /// <summary>Characters of a text at most.</summary>
    public const int LongestText = 1 << 20;

    private readonly ITokenModel _model;
    private readonly Func<string, string>? _normalise;
    private readonly AddedTokens _inText;
    private readonly AddedTokens _inNormalised;
    private readonly Dictionary<string, int> _added;
    private readonly Dictionary<int, string> _addedTexts;

    internal TextTokenizer(TokenizerParts parts, SpecialTokens special)
    {
        (_model, _normalise) = (parts.Model, parts.Normalise);
        _inText = new AddedTokens(parts.Added.Where(token => !token.InNormalised));
        _inNormalised = new AddedTokens(parts.Added.Where(token => token.InNormalised));
        _added = parts.Added.GroupBy(token => token.Text, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Id, StringComparer.Ordinal);
        _addedTexts = parts.Added.GroupBy(token => token.Id).ToDictionary(g => g.Key, g => g.Last().Text);
        BeginId = IdOf(special.Begin, "<|startoftext|>", "<s>");
        EndId = IdOf(special.End, "</s>", "<|endoftext|>", "<eos>");
        PadId = IdOf(special.Pad, "<pad>", "<|endoftext|>");
        UnknownId = IdOf(special.Unknown, "<unk>");
    }

    /// <summary>One more than the largest token number.</summary>
    public int VocabularySize => Math.Max(_model.Count, _addedTexts.Keys.DefaultIfEmpty(-1).Max() + 1);

    /// <summary>The token that begins a text; null: the vocabulary names none.</summary>
    public int? BeginId { get; }

    /// <summary>The token that ends a text; null: the vocabulary names none.</summary>
    public int? EndId { get; }

    /// <summary>The token that fills short texts up; null: the vocabulary names none.</summary>
    public int? PadId { get; }

    /// <summary>The token of what is unknown; null: the vocabulary names none.</summary>
    public int? UnknownId { get; }

    /// <summary>
    /// Reads a tokenizer: a folder with <c>tokenizer.json</c>, <c>spiece.model</c> (or <c>tokenizer.model</c>), <c>vocab.json</c> with
    /// <c>merges.txt</c>, or <c>bpe_simple_vocab_16e6.txt.gz</c>, whichever of them is there first; or one of these files. What
    /// <c>tokenizer_config.json</c>, <c>special_tokens_map.json</c> and <c>added_tokens.json</c> beside it say of special tokens counts.
    /// </summary>
    /// <param name="path">Folder or file.</param>
    /// <param name="cleaning">For OpenAI's own vocabulary of CLIP, and for <c>vocab.json</c> of CLIP.</param>
    /// <exception cref="WeightFileException">There is no tokenizer, or it is damaged or of a kind that is not built.</exception>
    public static TextTokenizer Load(string path, ClipCleaning cleaning = ClipCleaning.Fast)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return TokenizerFolder.Read(path, cleaning);
    }

    /// <summary>The number of a token, an added one or one of the vocabulary, by its spelling in the file; null: there is none.</summary>
    public int? Find(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _added.TryGetValue(token, out var id) ? id : _model.Find(token);
    }

    /// <summary>The token numbers of a text, without begin and end.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="LongestText"/> characters.</exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LongestText)
        {
            throw new ArgumentException($"A text has {text.Length} characters; at most {LongestText} are cut into tokens.", nameof(text));
        }

        try
        {
            return EncodeParts(text);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ArgumentException($"The tokenizer's patterns take too long for a text of {text.Length} characters.", nameof(text), e);
        }
    }

    /// <summary>The text of token numbers; numbers that are no token are left out.</summary>
    /// <param name="ids">Token numbers.</param>
    /// <param name="withSpecial">Whether added tokens are spelt out.</param>
    public string Decode(IEnumerable<int> ids, bool withSpecial = true)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new List<byte>();
        foreach (var id in ids)
        {
            if (_addedTexts.TryGetValue(id, out var text))
            {
                bytes.AddRange(withSpecial ? Encoding.UTF8.GetBytes(text) : []);
            }
            else
            {
                _model.Decode(id, bytes);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>The model, for tests and replays.</summary>
    internal ITokenModel Model => _model;

    private int[] EncodeParts(string text)
    {
        var (ids, isFirst) = (new List<int>(), true);
        foreach (var (part, token) in _inText.Split(text))
        {
            if (token is { } id)
            {
                ids.Add(id);
            }
            else
            {
                EncodeNormalised(_normalise?.Invoke(part) ?? part, isFirst, ids);
            }

            isFirst = false;
        }

        return [.. ids];
    }

    private void EncodeNormalised(string text, bool isFirst, List<int> ids)
    {
        foreach (var (part, token) in _inNormalised.Split(text))
        {
            if (token is { } id)
            {
                ids.Add(id);
            }
            else
            {
                _model.Encode(part, isFirst, ids);
            }

            isFirst = false;
        }
    }

    private int? IdOf(string? named, params ReadOnlySpan<string> usual)
    {
        if (named is not null)
        {
            return Find(named);
        }

        foreach (var token in usual)
        {
            // Vocabularies of merges may hold such a spelling as an ordinary word.
            if (_model is UnigramModel ? Find(token) is { } id : _added.TryGetValue(token, out id))
            {
                return id;
            }
        }

        return null;
    }
}
