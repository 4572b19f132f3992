using System.Globalization;
using System.Text;

namespace Augur.Cli;

/// <summary>
/// Makes text of files and strangers safe to print: what would move a cursor, colour a terminal, set its title or turn the order of letters around
/// is shown as \u001b.
/// </summary>
internal static class Printable
{
    /// <summary>For one line: line feeds are shown too.</summary>
    public static string Line(string text) => Escape(text, keepsLines: false);

    /// <summary>For several lines.</summary>
    public static string Text(string text) => Escape(text, keepsLines: true);

    private static string Escape(string text, bool keepsLines)
    {
        StringBuilder? escaped = null;
        for (var i = 0; i < text.Length; i++)
        {
            var isPair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (isPair || !IsHidden(text[i]) || (keepsLines && text[i] == '\n'))
            {
                escaped?.Append(text, i, isPair ? 2 : 1);
            }
            else
            {
                escaped ??= new StringBuilder(text, 0, i, text.Length + 16);
                escaped.Append(text[i] == '\n' ? "\\n" : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}"));
            }

            i += isPair ? 1 : 0;
        }

        return escaped?.ToString() ?? text;
    }

    // Joiners within emoji are left alone; marks that turn the direction of writing are not.
    private static bool IsHidden(char c) => char.IsControl(c) || char.IsSurrogate(c)
        || c is '\u2028' or '\u2029' or '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\ufeff';
}
