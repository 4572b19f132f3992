using System.Globalization;
using System.Text;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>What a piece of a SentencePiece vocabulary is for; the numbers are the file format's.</summary>
internal enum PieceKind
{
    /// <summary>A piece of text with its log probability.</summary>
    Normal = 1,

    /// <summary>Stands for characters that no piece has.</summary>
    Unknown = 2,

    /// <summary>Never found in a text: padding, end.</summary>
    Control = 3,

    /// <summary>Always taken whole.</summary>
    UserDefined = 4,

    /// <summary>Not used.</summary>
    Unused = 5,

    /// <summary>A byte, for characters that no piece has.</summary>
    Byte = 6,
}

/// <summary>A piece of a vocabulary.</summary>
internal readonly record struct Piece(string Text, float Score, PieceKind Kind);

/// <summary>When a space is put before a text.</summary>
internal enum SpaceBefore
{
    /// <summary>Before every part.</summary>
    Always,

    /// <summary>Before the first part only.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary>How a text is prepared for the pieces.</summary>
/// <param name="Map">Compiled normalisation; null: none.</param>
/// <param name="SpaceBefore">Where a space is put before the text.</param>
/// <param name="CollapsesSpaces">Whether spaces at the ends are removed and runs become one.</param>
/// <param name="AllWhiteSpace">Whether any white space is such a space.</param>
/// <param name="FallsBackToBytes">Whether a character without a piece is spelt in bytes.</param>
internal sealed record UnigramSettings(
    CharacterMap? Map,
    SpaceBefore SpaceBefore = SpaceBefore.Always,
    bool CollapsesSpaces = true,
    bool AllWhiteSpace = false,
    bool FallsBackToBytes = false);

/// <summary>
/// The unigram language model of SentencePiece (Kudo, 2018, arXiv 1804.10959): of all ways to cut a text, the most probable. Written here, because
/// the package of the other tokenizers reads only one of the two file formats, and trusts it.
/// </summary>
internal sealed class UnigramModel : ITokenModel
{
    private const char Space = '\u2581';
    private const float UnknownPenalty = 10;
    private const float UserDefinedDiscount = 0.1f;
    private static readonly char[] s_space = [' '];
    private readonly IReadOnlyList<Piece> _pieces;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _inText;
    private readonly UnigramSettings _settings;
    private readonly int[] _bytes = new int[256];
    private readonly int _unknown;
    private readonly int _longest = 1;
    private readonly float _unknownScore;
    private readonly float _largestScore;

    /// <summary>Makes the model.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="pieces">In the order of their numbers.</param>
    /// <param name="unknown">Number of the piece for unknown characters.</param>
    /// <param name="settings">Preparation.</param>
    /// <exception cref="WeightFileException">The number is none of a piece, or bytes are missing.</exception>
    public UnigramModel(string file, IReadOnlyList<Piece> pieces, int unknown, UnigramSettings settings)
    {
        if (unknown < 0 || unknown >= pieces.Count)
        {
            throw new WeightFileException($"{file}: piece {unknown} is to stand for what is unknown, but there are {pieces.Count} pieces.");
        }

        (_pieces, _unknown, _settings) = (pieces, unknown, settings);
        Array.Fill(_bytes, -1);
        var inText = new Dictionary<string, int>(pieces.Count, StringComparer.Ordinal);
        var (least, largest) = (float.MaxValue, float.MinValue);
        for (var id = 0; id < pieces.Count; id++)
        {
            var piece = pieces[id];
            _ids.TryAdd(piece.Text, id);
            if (piece.Kind == PieceKind.Normal)
            {
                (least, largest) = (Math.Min(least, piece.Score), Math.Max(largest, piece.Score));
            }

            if (piece.Kind is PieceKind.Normal or PieceKind.UserDefined && piece.Text.Length > 0 && id != unknown)
            {
                inText.TryAdd(piece.Text, id);
                _longest = Math.Max(_longest, piece.Text.Length);
            }

            if (ByteOf(piece.Text) is { } value)
            {
                _bytes[value] = id;
            }
        }

        _inText = inText.GetAlternateLookup<ReadOnlySpan<char>>();
        _largestScore = largest > float.MinValue ? largest : 0;
        _unknownScore = (least < float.MaxValue ? least : 0) - UnknownPenalty;
        if (settings.FallsBackToBytes && _bytes.Contains(-1))
        {
            throw new WeightFileException(
                $"{file}: unknown characters are to be spelt in bytes, but '<0x{Array.IndexOf(_bytes, -1):X2}>' is no piece.");
        }
    }

    /// <inheritdoc/>
    public int Count => _pieces.Count;

    /// <inheritdoc/>
    public int? Find(string token) => _ids.TryGetValue(token, out var id) ? id : null;

    /// <inheritdoc/>
    public void Encode(string text, bool isFirst, List<int> ids)
    {
        var prepared = Prepare(text, isFirst);
        var wasUnknown = false;
        foreach (var (start, end, id) in BestPath(prepared))
        {
            if (id != _unknown)
            {
                ids.Add(id);
            }
            else if (_settings.FallsBackToBytes)
            {
                ids.AddRange(Encoding.UTF8.GetBytes(prepared, start, end - start).Select(value => _bytes[value]));
            }
            else if (!wasUnknown)
            {
                ids.Add(id); // neighbouring unknown characters are one piece
            }

            wasUnknown = id == _unknown;
        }
    }

    /// <inheritdoc/>
    public void Decode(int id, List<byte> text)
    {
        if (id < 0 || id >= _pieces.Count || _pieces[id].Kind is PieceKind.Control or PieceKind.Unused)
        {
            return;
        }

        if (_settings.FallsBackToBytes && ByteOf(_pieces[id].Text) is { } value)
        {
            text.Add((byte)value);
            return;
        }

        text.AddRange(Encoding.UTF8.GetBytes(_pieces[id].Text.Replace(Space, ' ')));
    }

    /// <summary>The text as the pieces see it.</summary>
    internal string Prepare(string text, bool isFirst)
    {
        var normal = _settings.Map?.Apply(text) ?? text;
        if (_settings.CollapsesSpaces)
        {
            normal = string.Join(' ', normal.Split(_settings.AllWhiteSpace ? null : s_space, StringSplitOptions.RemoveEmptyEntries));
        }

        if (normal.Length == 0)
        {
            return normal;
        }

        var before = _settings.SpaceBefore == SpaceBefore.Always || (_settings.SpaceBefore == SpaceBefore.First && isFirst);
        return (before ? " " + normal : normal).Replace(' ', Space);
    }

    /// <summary>The parts of a prepared text, neighbouring unknown characters as one.</summary>
    internal IEnumerable<string> Pieces(string prepared)
    {
        var parts = new List<string>();
        var wasUnknown = false;
        foreach (var (start, end, id) in BestPath(prepared))
        {
            if (id == _unknown && wasUnknown)
            {
                parts[^1] += prepared[start..end];
            }
            else
            {
                parts.Add(prepared[start..end]);
            }

            wasUnknown = id == _unknown;
        }

        return parts;
    }

    /// <summary>The most probable cut: start, end and piece of each part. Sums are in single precision, as in the original.</summary>
    internal List<(int Start, int End, int Id)> BestPath(string text)
    {
        var best = new (float Score, int Start, int Id)[text.Length + 1];
        Array.Fill(best, (0, -1, -1));
        for (var start = 0; start < text.Length;)
        {
            var character = char.IsSurrogatePair(text, start) ? 2 : 1;
            var (score, hasSingle) = (best[start].Score, false);
            for (var length = 1; length <= Math.Min(_longest, text.Length - start); length++)
            {
                if (_inText.TryGetValue(text.AsSpan(start, length), out var id))
                {
                    var piece = _pieces[id];
                    var own = piece.Kind == PieceKind.UserDefined ? UserDefinedScore(text, start, length) : piece.Score;
                    Offer(start + length, score + own, start, id);
                    hasSingle |= length == character;
                }
            }

            if (!hasSingle)
            {
                Offer(start + character, score + _unknownScore, start, _unknown);
            }

            start += character;
        }

        var path = new List<(int, int, int)>();
        for (var end = text.Length; end > 0; end = best[end].Start)
        {
            path.Add((best[end].Start, end, best[end].Id));
        }

        path.Reverse();
        return path;

        void Offer(int end, float score, int start, int id)
        {
            if (best[end].Start < 0 || score > best[end].Score)
            {
                best[end] = (score, start, id);
            }
        }
    }

    private float UserDefinedScore(string text, int start, int length) =>
        (text.Substring(start, length).EnumerateRunes().Count() * _largestScore) - UserDefinedDiscount;

    private static int? ByteOf(string piece) =>
        piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
        && int.TryParse(piece.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}
