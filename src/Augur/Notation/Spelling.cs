namespace Augur.Notation;

/// <summary>Finds the word that was probably meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate that the fewest insertions, deletions and replacements lead to; the first of several.</summary>
    public static string Nearest(string word, IEnumerable<string> candidates) => candidates.MinBy(candidate => Distance(word, candidate))!;

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
