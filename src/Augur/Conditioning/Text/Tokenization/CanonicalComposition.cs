using System.Text;

namespace Augur.Conditioning.Text.Tokenization;

/// <summary>
/// Unicode's canonical composition (form C; UAX 15), which the tokenizers of CLIP and Qwen begin with. The base library leaves a text as it is where
/// globalisation is invariant, as it is in these programs.
/// </summary>
internal static class CanonicalComposition
{
    private const int HangulFirst = 0xAC00;
    private const int HangulCount = 11172;
    private const int Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7;
    private const int VowelCount = 21, TailCount = 28, LeadCount = 19;

    private static readonly Dictionary<int, (int First, int Second)> s_parts = [];
    private static readonly Dictionary<(int First, int Second), int> s_composed = [];
    private static readonly Dictionary<int, int> s_classes = [];

    static CanonicalComposition()
    {
        var composed = CompositionTables.Composed;
        for (var i = 0; i < composed.Length; i += 3)
        {
            s_parts.Add(composed[i], (composed[i + 1], composed[i + 2]));
            s_composed.Add((composed[i + 1], composed[i + 2]), composed[i]);
        }

        var decomposed = CompositionTables.Decomposed;
        for (var i = 0; i < decomposed.Length; i += 3)
        {
            s_parts.Add(decomposed[i], (decomposed[i + 1], decomposed[i + 2]));
        }

        var classes = CompositionTables.Classes;
        for (var i = 0; i < classes.Length; i += 3)
        {
            for (var c = classes[i]; c <= classes[i + 1]; c++)
            {
                s_classes.Add(c, classes[i + 2]);
            }
        }
    }

    /// <summary>The text in form C; half a surrogate pair becomes U+FFFD.</summary>
    public static string Compose(string text)
    {
        const char FirstThatMatters = '\u0300'; // what lies below is composed already
        if (text.AsSpan().IndexOfAnyInRange(FirstThatMatters, char.MaxValue) < 0)
        {
            return text;
        }

        var parts = new List<(int Character, int Class)>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, parts);
        }

        Order(parts);
        var builder = new StringBuilder(text.Length);
        foreach (var character in Join(parts))
        {
            builder.Append(new Rune(character).ToString());
        }

        return builder.ToString();
    }

    private static void Decompose(int character, List<(int Character, int Class)> parts)
    {
        if (character is >= HangulFirst and < HangulFirst + HangulCount)
        {
            var index = character - HangulFirst;
            parts.Add((Leads + (index / TailCount / VowelCount), 0));
            parts.Add((Vowels + (index / TailCount % VowelCount), 0));
            if (index % TailCount > 0)
            {
                parts.Add((Tails + (index % TailCount), 0));
            }
        }
        else if (s_parts.TryGetValue(character, out var pair))
        {
            Decompose(pair.First, parts);
            if (pair.Second > 0)
            {
                Decompose(pair.Second, parts);
            }
        }
        else
        {
            parts.Add((character, s_classes.GetValueOrDefault(character)));
        }
    }

    // Marks that follow each other are ordered by class, those of one class keep their order.
    private static void Order(List<(int Character, int Class)> parts)
    {
        for (var start = 0; start < parts.Count; start++)
        {
            var end = start;
            while (end < parts.Count && parts[end].Class > 0)
            {
                end++;
            }

            if (end - start > 1)
            {
                var ordered = parts.GetRange(start, end - start).OrderBy(part => part.Class).ToList(); // stable
                for (var i = start; i < end; i++)
                {
                    parts[i] = ordered[i - start];
                }
            }

            start = Math.Max(start, end);
        }
    }

    private static List<int> Join(List<(int Character, int Class)> parts)
    {
        var joined = new List<int>(parts.Count);
        var (starter, last) = (-1, -1); // the class of the last mark that was kept; -1: none stands between
        foreach (var (character, order) in parts)
        {
            if (starter >= 0 && last < order && Composite(joined[starter], character) is { } whole)
            {
                joined[starter] = whole;
                continue;
            }

            (starter, last) = order == 0 ? (joined.Count, -1) : (starter, order);
            joined.Add(character);
        }

        return joined;
    }

    private static int? Composite(int first, int second)
    {
        if (first is >= Leads and < Leads + LeadCount && second is >= Vowels and < Vowels + VowelCount)
        {
            return HangulFirst + ((((first - Leads) * VowelCount) + second - Vowels) * TailCount);
        }

        if (first is >= HangulFirst and < HangulFirst + HangulCount && (first - HangulFirst) % TailCount == 0
            && second is > Tails and < Tails + TailCount)
        {
            return first + second - Tails;
        }

        return s_composed.TryGetValue((first, second), out var whole) ? whole : null;
    }
}
