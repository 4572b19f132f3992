using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>What tokenizers do to a text before they cut it.</summary>
internal static partial class TextCleaning
{
    // What bytes 128 to 159 are in Windows-1252, as browsers read them; 0: themselves.
    private const string Windows1252 =
        "\u20AC\0\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\0\u017D\0"
        + "\0\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\0\u017E\u0178";

    private static readonly Dictionary<char, string> s_ligatures = new()
    {
        ['\u0132'] = "IJ",
        ['\u0133'] = "ij",
        ['\u0149'] = "\u02BCn",
        ['\u01F1'] = "DZ",
        ['\u01F2'] = "Dz",
        ['\u01F3'] = "dz",
        ['\u01C4'] = "D\u017D",
        ['\u01C5'] = "D\u017E",
        ['\u01C6'] = "d\u017E",
        ['\u01C7'] = "LJ",
        ['\u01C8'] = "Lj",
        ['\u01C9'] = "lj",
        ['\u01CA'] = "NJ",
        ['\u01CB'] = "Nj",
        ['\u01CC'] = "nj",
        ['\uFB00'] = "ff",
        ['\uFB01'] = "fi",
        ['\uFB02'] = "fl",
        ['\uFB03'] = "ffi",
        ['\uFB04'] = "ffl",
        ['\uFB05'] = "\u017Ft",
        ['\uFB06'] = "st",
    };

    /// <summary>Runs of white space become one space, none at the ends.</summary>
    public static string CollapseSpaces(string text) => Spaces().Replace(text, " ").Trim();

    /// <summary>Lower case, whatever the culture.</summary>
    public static string Lower(string text) => text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>
    /// What the tokenizer of OpenAI's CLIP does: repairs a text as ftfy does by default (but for wrongly decoded bytes, which prompts do not have),
    /// reads HTML entities twice, collapses spaces, lower case.
    /// </summary>
    public static string CleanAsOpenAI(string text) => CleanUnrepaired(Repair(text));

    /// <summary>The same without repairs, as where ftfy is not installed.</summary>
    public static string CleanUnrepaired(string text) => Lower(CollapseSpaces(WebUtility.HtmlDecode(WebUtility.HtmlDecode(text))));

    /// <summary>What fast CLIP tokenizers do: composition, white space, lower case.</summary>
    public static string CleanAsFastClip(string text) => Lower(CollapseSpaces(CanonicalComposition.Compose(text)));

    /// <summary>
    /// Repairs a text: entities (unless there is markup), escapes of terminals, ligatures, forms of width, curly quotes, line breaks, control
    /// characters, composition. The same steps as ftfy's, without its search for wrongly decoded bytes.
    /// </summary>
    public static string Repair(string text)
    {
        var decoded = text.Contains('<', StringComparison.Ordinal) ? text : WebUtility.HtmlDecode(text);
        var plain = TerminalEscapes().Replace(decoded, "").Replace("\r\n", "\n", StringComparison.Ordinal);
        var builder = new StringBuilder(plain.Length);
        foreach (var character in plain)
        {
            AppendRepaired(builder, character);
        }

        return CanonicalComposition.Compose(builder.ToString());
    }

    private static void AppendRepaired(StringBuilder builder, char character)
    {
        switch (character)
        {
            case >= '\u0080' and <= '\u009F' when Windows1252[character - 0x80] is var meant and not '\0':
                AppendRepaired(builder, meant);
                break;
            case >= '\uFF01' and <= '\uFFEE':
                var stands = CompositionTables.Widths[character - 0xFF01];
                builder.Append((char)(stands & 0xFFFF)).Append((char)(stands >> 16), stands >> 16 > 0 ? 1 : 0);
                break;
            case '\u02BC' or (>= '\u2018' and <= '\u201B'):
                builder.Append('\'');
                break;
            case >= '\u201C' and <= '\u201F':
                builder.Append('"');
                break;
            case '\r' or '\u2028' or '\u2029' or '\u0085':
                builder.Append('\n');
                break;
            case <= '\u0008' or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F' or (>= '\u206A' and <= '\u206F') or '\uFEFF'
                or (>= '\uFFF9' and <= '\uFFFC'):
                break;
            default:
                _ = s_ligatures.TryGetValue(character, out var letters) ? builder.Append(letters) : builder.Append(character);
                break;
        }
    }

    /// <summary>
    /// The text with each character beyond 16 bits written as one within, of the same kind (letter, mark, number, anything else): a pattern over
    /// 16-bit units then sees characters.
    /// </summary>
    /// <returns>That text, and where each of its characters begins in the given one; null: where they begin here.</returns>
    public static (string Text, int[]? Starts) WithinPlane(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', '\uDBFF') < 0)
        {
            return (text, null);
        }

        var (within, starts) = (new StringBuilder(text.Length), new List<int>(text.Length + 1));
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            starts.Add(i);
            within.Append(!char.IsSurrogatePair(text, i) ? text[i] : CharUnicodeInfo.GetUnicodeCategory(text, i) switch
            {
                <= UnicodeCategory.OtherLetter => '\u3042',
                <= UnicodeCategory.EnclosingMark => '\u0300',
                <= UnicodeCategory.OtherNumber => '\u00B2',
                _ => '\u2603',
            });
        }

        starts.Add(text.Length);
        return (within.ToString(), [.. starts]);
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();

    [GeneratedRegex("\u001B\\[[0-9;]*[a-zA-Z]", RegexOptions.CultureInvariant)]
    private static partial Regex TerminalEscapes();
}
