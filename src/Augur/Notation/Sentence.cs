namespace Augur.Notation;

/// <summary>Words put together as a sentence has them.</summary>
internal static class Sentence
{
    /// <summary><c>a, b or c</c>.</summary>
    public static string Or(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
}
