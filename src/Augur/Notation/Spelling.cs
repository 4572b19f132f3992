namespace Augur.Notation;

/// <summary>Finds the word that was probably meant.</summary>
public static class Spelling
{
    /// <summary>The candidate that the fewest insertions, deletions and replacements lead to; the first of several.</summary>
    public static string Nearest(string word, IEnumerable<string> candidates) => candidates.MinBy(candidate => Distance(word, candidate))!;

    /// <summary>Ends a sentence about a word that is not known: the nearest, if one is near; otherwise all there are.</summary>
    public static string Suggest(string word, IEnumerable<string> candidates)
    {
        string[] all = [.. candidates];
        var nearest = Nearest(word, all);
        return Distance(word, nearest) <= (word.Length + 2) / 3 ? $"the nearest is \"{nearest}\"" : $"there are {string.Join(", ", all)}";
    }

    /// <summary>Levenshtein distance, letters compared without case.</summary>
    public static int Distance(string a, string b)
    {
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
