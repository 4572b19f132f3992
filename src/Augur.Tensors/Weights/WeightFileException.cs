namespace Augur.Tensors.Weights;

/// <summary>
/// A weight file cannot be read, or does not hold what a model needs. The message is one sentence that names the file and the tensor or byte.
/// </summary>
public sealed class WeightFileException : Exception
{
    private const int LongestQuote = 120;

    /// <summary>An error with a message.</summary>
    public WeightFileException(string message)
        : base(message)
    {
    }

    /// <summary>An error with a message and what caused it.</summary>
    public WeightFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>A name out of a file, in quotes: control characters replaced and cut to a length that fits a line, since files are untrusted.</summary>
    internal static string Quote(ReadOnlySpan<char> name)
    {
        var shown = name.Length <= LongestQuote ? name : name[..LongestQuote];
        return string.Create(null, $"'{Printable(shown)}{(name.Length > LongestQuote ? "…" : "")}'");
    }

    private static string Printable(ReadOnlySpan<char> text)
    {
        var printable = text.ToArray();
        foreach (ref var character in printable.AsSpan())
        {
            character = char.IsControl(character) || char.IsSurrogate(character) ? '?' : character;
        }

        return new string(printable);
    }
}
