namespace Augur.Cli;

/// <summary>Breaks sentences into lines between words.</summary>
internal static class TextLines
{
    /// <summary>Lines of at most a width; a longer word has a line of its own.</summary>
    public static IEnumerable<string> Break(string text, int width)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }
}
