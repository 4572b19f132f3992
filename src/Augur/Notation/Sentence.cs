namespace Augur.Notation;

/// <summary>Joins words into parts of sentences for messages.</summary>
internal static class Sentence
{
    /// <summary>Joins alternatives: <c>a, b or c</c>.</summary>
    public static string Or(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
