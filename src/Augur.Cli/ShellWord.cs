namespace Augur.Cli;

/// <summary>Words of a command line, as one types them.</summary>
internal static class ShellWord
{
    /// <summary>The word, in quotation marks where a shell would take it apart.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=+,".Contains(c, StringComparison.Ordinal)) ? word : $"\"{word}\"";
}
