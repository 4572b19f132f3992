namespace Augur.Extensions.AI;

/// <summary>Where an answer ends before its end: the first of some words ends it, and is no part of it.</summary>
/// <param name="words">Empty ones are of no account; null: none.</param>
internal sealed class StopSequences(IEnumerable<string>? words)
{
    private readonly string[] _words = [.. (words ?? []).Where(word => word.Length > 0)];

    /// <summary>The text up to the first of the words.</summary>
    public string Cut(string text) => text[..(EndOf(text) ?? text.Length)];

    /// <summary>Whether one of the words is in the text.</summary>
    public bool End(string text) => EndOf(text) is not null;

    /// <summary>What of a text that goes on stays in it whatever comes: all but an end that may be the beginning of one of the words.</summary>
    public string Settled(string text)
    {
        if (EndOf(text) is { } end)
        {
            return text[..end];
        }

        var longest = _words.Select(word => word.Length).DefaultIfEmpty(1).Max() - 1;
        for (var kept = Math.Max(0, text.Length - longest); kept < text.Length; kept++)
        {
            if (_words.Any(word => word.AsSpan().StartsWith(text.AsSpan(kept), StringComparison.Ordinal)))
            {
                return text[..kept];
            }
        }

        return text;
    }

    private int? EndOf(string text) => _words.Select(word => text.IndexOf(word, StringComparison.Ordinal)).Where(at => at >= 0).Cast<int?>().Min();
}
