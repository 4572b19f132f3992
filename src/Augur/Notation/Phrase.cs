namespace Augur.Notation;

/// <summary>A name with settings in the notation of the command line: <c>speca(order=4,draft=taylor)</c>. Values may be phrases themselves.</summary>
/// <param name="Name">The part before the bracket.</param>
/// <param name="Settings">Name and value pairs, in the order given; the name is empty for a value that was given without one.</param>
internal sealed record Phrase(string Name, IReadOnlyList<(string Name, string Value)> Settings)
{
    /// <summary>Splits a text into name and settings.</summary>
    /// <param name="kind">What is being read, for messages: "Sampler".</param>
    /// <param name="text">The whole text.</param>
    /// <exception cref="ArgumentException">Brackets do not match.</exception>
    public static Phrase Parse(string kind, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var open = text.IndexOf('(', StringComparison.Ordinal);
        var trimmed = text.TrimEnd();
        if (open < 0)
        {
            return trimmed.Contains(')', StringComparison.Ordinal)
                ? throw new ArgumentException($"{kind} \"{Shown(text)}\" has a closing bracket and no opening one.")
                : new Phrase(trimmed.TrimStart(), []);
        }

        if (!trimmed.EndsWith(')'))
        {
            throw new ArgumentException(trimmed.Contains(')', StringComparison.Ordinal)
                ? $"{kind} \"{Shown(text)}\": brackets do not match."
                : $"{kind} \"{Shown(text)}\" has an opening bracket and no closing one.");
        }

        var parts = Split(kind, text, trimmed[(open + 1)..^1], ',').Select(part => part.Trim()).Where(part => part.Length > 0);
        return new Phrase(text[..open].Trim(), [.. parts.Select(Pair)]);
    }

    /// <summary>Splits a text at separators that are outside all brackets.</summary>
    /// <exception cref="ArgumentException">Brackets do not match.</exception>
    public static IReadOnlyList<string> Split(string kind, string whole, string text, char separator)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth < 0)
            {
                break;
            }

            if (depth == 0 && text[i] == separator)
            {
                parts.Add(text[start..i]);
                start = i + 1;
            }
        }

        if (depth != 0)
        {
            throw new ArgumentException($"{kind} \"{Shown(whole)}\": brackets do not match.");
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static string Shown(string text)
    {
        const int Longest = 200;
        return text.Length <= Longest ? text : $"{text.AsSpan(0, Longest)}…";
    }

    private static (string Name, string Value) Pair(string part)
    {
        var pair = part.Split('=', 2, StringSplitOptions.TrimEntries);
        return pair.Length == 2 ? (pair[0], pair[1]) : ("", pair[0]);
    }
}
