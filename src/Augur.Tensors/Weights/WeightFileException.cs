namespace Augur.Tensors.Weights;

/// <summary>
/// A file of a model (weights, an index, a configuration) cannot be read, or does not hold what the model needs. The message is one sentence that
/// names the file and the tensor, byte or field.
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

    /// <summary>Quotes a name from an untrusted file for a message: control characters are replaced, and long names are shortened.</summary>
    public static string Quote(ReadOnlySpan<char> name) => string.Create(null, $"'{Printable(name)}'");

    /// <summary>The same, without quotes.</summary>
    internal static string Printable(ReadOnlySpan<char> text)
    {
        var shown = text.Length <= LongestQuote ? text : text[..LongestQuote];
        var printable = shown.ToArray();
        foreach (ref var character in printable.AsSpan())
        {
            character = char.IsControl(character) || char.IsSurrogate(character) ? '?' : character;
        }

        return new string(printable) + (text.Length > LongestQuote ? "…" : "");
    }
}
