using System.Text;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>
/// Patterns of tokenizer.json are written for Oniguruma; what of its quantifiers .NET lacks is written as groups that match the same. A quantifier
/// that keeps what it took, <c>X?+</c>, <c>X*+</c>, <c>X++</c>, is an atomic group, <c>(?&gt;X+)</c>; behind braces a + is no such mark but repeats
/// (Oniguruma's documentation, RE, section 4: {n,m}+ keeps in Java's and Perl's syntax only), so that <c>X{1,3}+</c> is <c>(?:X{1,3})+</c>.
/// </summary>
internal static class OnigurumaPattern
{
    /// <summary>The pattern in .NET's words; what it cannot tell apart is left as it is, for .NET to refuse.</summary>
    public static string ToDotNet(string pattern)
    {
        var written = new StringBuilder();
        var groups = new Stack<int>(); // where those that are open begin
        int? atom = null; // where what a quantifier would repeat begins
        for (var at = 0; at < pattern.Length;)
        {
            if (QuantifierAt(pattern, at) is var quantifier and > 0 && atom is { } start)
            {
                written.Append(pattern, at, quantifier);
                var isBraced = pattern[at] == '{';
                at += quantifier;
                if (at < pattern.Length && pattern[at] == '+')
                {
                    written.Insert(start, isBraced ? "(?:" : "(?>").Append(')');
                    at += isBraced ? 0 : 1; // of braces the + is a quantifier like another, of the group
                }
                else
                {
                    atom = null;
                    if (at < pattern.Length && pattern[at] == '?')
                    {
                        written.Append(pattern[at++]);
                    }
                }

                continue;
            }

            var length = AtomAt(pattern, at);
            switch (pattern[at])
            {
                case '(' when length == 1:
                    groups.Push(written.Length);
                    atom = null;
                    break;
                case ')':
                    atom = groups.TryPop(out var group) ? group : null;
                    break;
                default:
                    atom = pattern[at] is '|' or '(' ? null : written.Length;
                    break;
            }

            written.Append(pattern, at, length);
            at += length;
        }

        return written.ToString();
    }

    // Characters of a quantifier, without what is said of it behind it; 0: there is none.
    private static int QuantifierAt(string pattern, int at)
    {
        if (pattern[at] is '*' or '+' or '?')
        {
            return 1;
        }

        var end = pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        var inside = end < 0 ? "" : pattern[(at + 1)..end];
        return inside.Split(',') is { Length: 1 or 2 } numbers && numbers[0].Length > 0 && numbers.All(number => number.All(char.IsAsciiDigit))
            ? inside.Length + 2 : 0;
    }

    // Characters of an escape, a class, a comment, what a group begins with, or a literal.
    private static int AtomAt(string pattern, int at) => pattern[at] switch
    {
        '\\' => EscapeAt(pattern, at),
        '[' => ClassAt(pattern, at),
        '(' when pattern.AsSpan(at).StartsWith("(?#") => ThroughNext(pattern, at, ')'),
        _ => 1,
    };

    private static int EscapeAt(string pattern, int at)
    {
        const string Digits = "0123456789", Hexadecimal = "0123456789abcdefABCDEF";
        return (at + 1 < pattern.Length ? pattern[at + 1] : '\0', at + 2 < pattern.Length ? pattern[at + 2] : '\0') switch
        {
            ('p' or 'P', '{') => ThroughNext(pattern, at, '}'),
            ('k', '<') => ThroughNext(pattern, at, '>'),
            ('x', _) => 2 + Run(Hexadecimal, 2),
            ('u', _) => 2 + Run(Hexadecimal, 4),
            ('c', _) => Math.Min(3, pattern.Length - at),
            ( >= '0' and <= '9', _) => 2 + Run(Digits, 2),
            _ => Math.Min(2, pattern.Length - at),
        };

        int Run(string characters, int most)
        {
            var rest = pattern.AsSpan(at + 2, Math.Min(most, pattern.Length - at - 2));
            return rest.IndexOfAnyExcept(characters) is var end and >= 0 ? end : rest.Length;
        }
    }

    // A bracket that closes stands for itself where it comes first; [a-z-[aeiou]] is .NET's difference of classes.
    private static int ClassAt(string pattern, int at)
    {
        var (end, depth) = (at, 0);
        while (end < pattern.Length)
        {
            if (pattern[end] == '[' && (depth == 0 || pattern[end - 1] == '-'))
            {
                depth++;
                end += pattern.AsSpan(end + 1).StartsWith("^") ? 2 : 1;
                end += end < pattern.Length && pattern[end] == ']' ? 1 : 0;
                continue;
            }

            depth -= pattern[end] == ']' ? 1 : 0;
            end += pattern[end] == '\\' ? 2 : 1;
            if (depth == 0)
            {
                break;
            }
        }

        return Math.Min(end, pattern.Length) - at;
    }

    private static int ThroughNext(string pattern, int at, char last) =>
        (pattern.IndexOf(last, at) is var end and >= 0 ? end + 1 : pattern.Length) - at;
}
