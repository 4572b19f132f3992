using System.Globalization;
using System.Text.RegularExpressions;

namespace Augur.Tuning;

/// <summary>
/// A policy with several choices that are to be searched together: <c>dato(depth={0|1|2 x 49},ratio={0|0.25|0.5 x 10})</c> has a list of
/// 49 depths and one of ten ratios; without a number one value is chosen.
/// </summary>
public sealed partial record PolicyChoices
{
    private readonly string[] _between; // text before, between and after the braces
    private readonly (string[] Values, int Count)[] _open;

    private PolicyChoices(string[] between, (string[] Values, int Count)[] open)
    {
        (_between, _open) = (between, open);
        Genes = [.. open.SelectMany(list => Enumerable.Repeat(list.Values.Length, list.Count))];
    }

    /// <summary>Of each open value, in the order of the text, how many it is chosen from.</summary>
    public IReadOnlyList<int> Genes { get; }

    /// <summary>Reads a policy with choices in braces.</summary>
    /// <exception cref="ArgumentException">There are none, or a pair of braces does not hold two or more values.</exception>
    public static PolicyChoices Parse(string text)
    {
        const int MostGenes = 10_000;
        var matches = Braces().Matches(text.NotNull());
        if (matches.Count == 0 || Braces().Replace(text, "").AsSpan().IndexOfAny('{', '}') >= 0)
        {
            throw new ArgumentException(
                $"\"{text}\" leaves nothing to be chosen; a search of several objectives chooses among values in braces, as in "
                + "dato(depth={0|1|2 x 49}), a list of 49.");
        }

        var open = matches.Select(match => (
            Values: match.Groups["values"].Value.Split('|', StringSplitOptions.TrimEntries),
            Count: match.Groups["count"] is not { Success: true } count ? 1 : int.TryParse(count.Value, CultureInfo.InvariantCulture, out var n) ? n
                : 0)).ToArray();
        foreach (var ((values, count), match) in open.Zip(matches))
        {
            if (values.Length < 2 || values.Any(value => value.Length == 0) || count is < 1 or > MostGenes)
            {
                throw new ArgumentException(
                    $"{match.Value}: braces hold two or more values with | between them, and for a list x and its length, 1 to {MostGenes}.");
            }
        }

        var (between, at) = (new List<string>(), 0);
        foreach (Match match in matches)
        {
            between.Add(text[at..match.Index]);
            at = match.Index + match.Length;
        }

        return new([.. between, text[at..]], open);
    }

    /// <summary>The policy with some choice.</summary>
    /// <param name="genes">Of each open value the index of the one that is chosen.</param>
    public string At(IReadOnlyList<int> genes)
    {
        var (text, at) = (_between[0], 0);
        for (var i = 0; i < _open.Length; i++)
        {
            var (values, count) = _open[i];
            text += string.Join(' ', genes.NotNull().Skip(at).Take(count).Select(gene => values[gene])) + _between[i + 1];
            at += count;
        }

        return text;
    }

    [GeneratedRegex(@"\{(?<values>[^{}]*?)(?: x (?<count>[0-9]+))?\}")]
    private static partial Regex Braces();
}
