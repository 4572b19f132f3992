using System.Buffers.Binary;
using System.Text;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>
/// SentencePiece's compiled normalisation: a double-array trie over UTF-8, and the texts that its values point to. The longest match is replaced,
/// and a character without a match is copied.
/// </summary>
internal sealed class CharacterMap
{
    private const int LongestText = 256; // bytes that replace a match; published maps have at most 33
    private readonly uint[] _units;
    private readonly byte[] _texts;

    /// <summary>Reads the compiled form: the trie's size in bytes, its units, then texts that end with 0.</summary>
    /// <param name="file">For messages.</param>
    /// <param name="compiled">The bytes.</param>
    /// <exception cref="WeightFileException">The sizes do not fit.</exception>
    public CharacterMap(string file, ReadOnlySpan<byte> compiled)
    {
        var size = compiled.Length >= 4 ? BinaryPrimitives.ReadUInt32LittleEndian(compiled) : uint.MaxValue;
        if (size > compiled.Length - 4 || size % 4 != 0 || size == 0)
        {
            throw new WeightFileException($"{file}: a compiled normalisation of {compiled.Length} bytes holds no trie of {size} bytes.");
        }

        _units = new uint[size / 4];
        for (var i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(compiled[(4 + (4 * i))..]);
        }

        _texts = compiled[(4 + (int)size)..].ToArray();
    }

    /// <summary>The normalised text.</summary>
    public string Apply(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var normalised = new List<byte>(bytes.Length + 16);
        for (var at = 0; at < bytes.Length;)
        {
            var (length, value) = Longest(bytes.AsSpan(at));
            if (length == 0)
            {
                var end = at + 1;
                while (end < bytes.Length && (bytes[end] & 0xC0) == 0x80)
                {
                    end++;
                }

                normalised.AddRange(bytes.AsSpan(at, end - at));
                at = end;
                continue;
            }

            for (var i = value; i < Math.Min((long)value + LongestText, _texts.Length) && _texts[i] != 0; i++)
            {
                normalised.Add(_texts[i]);
            }

            at += length;
        }

        return Encoding.UTF8.GetString([.. normalised]);
    }

    // A unit holds a label, whether a value follows, and the distance to its children (Yata's double array, as darts-clone stores it).
    private (int Length, int Value) Longest(ReadOnlySpan<byte> key)
    {
        var (best, value) = (0, 0);
        var node = Child(0);
        for (var i = 0; i < key.Length; i++)
        {
            node ^= key[i];
            if (node >= _units.Length || (_units[node] & (0x80000000u | 0xFF)) != key[i])
            {
                break;
            }

            var unit = _units[node];
            node = Child(node);
            if (((unit >> 8) & 1) == 1 && node < _units.Length)
            {
                (best, value) = (i + 1, (int)(_units[node] & 0x7FFFFFFF));
            }
        }

        return (best, value);
    }

    private uint Child(uint node)
    {
        var unit = _units[node];
        return node ^ ((unit >> 10) << (int)((unit & (1u << 9)) >> 6));
    }
}
