namespace Augur.Notation;

/// <summary>Suggests known words for an unknown one.</summary>
public static class Spelling
{
    /// <summary>The candidate with the smallest <see cref="Distance"/> to the word; the first of equals.</summary>
    public static string Nearest(string word, IEnumerable<string> candidates) => candidates.MinBy(candidate => Distance(word, candidate))!;

    /// <summary>The end of a message about an unknown word: suggests the nearest candidate if one is near, and lists all otherwise.</summary>
    public static string Suggest(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        string[] all = [.. candidates.NotNull()];
        var nearest = Nearest(word, all);
        return Distance(word, nearest) <= (word.Length + 2) / 3 ? $"the nearest is \"{nearest}\"" : $"there are {string.Join(", ", all)}";
    }

    /// <summary>Levenshtein distance (insertions, deletions and replacements), ignoring case.</summary>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
