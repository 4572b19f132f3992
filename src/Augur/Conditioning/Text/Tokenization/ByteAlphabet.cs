namespace Augur.Conditioning.Text.Tokenization;

/// <summary>The characters by which byte-level vocabularies spell bytes (GPT-2): printable ones as themselves, others from U+0100 on.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] s_characters = Make();
    private static readonly Dictionary<char, byte> s_bytes = s_characters.Select((c, i) => (c, (byte)i)).ToDictionary();

    /// <summary>The characters in the order in which CLIP's vocabulary begins: printable bytes first.</summary>
    public static IEnumerable<char> InVocabularyOrder => s_characters.Where(c => c < 256).Concat(s_characters.Where(c => c >= 256));

    /// <summary>The byte that a character spells; null: none.</summary>
    public static byte? ByteOf(char character) => s_bytes.TryGetValue(character, out var value) ? value : null;

    /// <summary>The character that spells a byte.</summary>
    public static char CharacterOf(byte value) => s_characters[value];

    private static char[] Make()
    {
        var (characters, next) = (new char[256], (char)256);
        for (var i = 0; i < characters.Length; i++)
        {
            characters[i] = i is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)i : next++;
        }

        return characters;
    }
}
