using System.Globalization;

namespace Augur.Requests;

/// <summary>
/// Reads numbers from command lines and forms: always with a decimal point, whatever the culture of the machine, and with a one-sentence error.
/// </summary>
public static class NumberText
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a whole number.</summary>
    /// <param name="name">Name of the option or field, for messages: <c>--steps</c>.</param>
    /// <param name="text">The text to read.</param>
    /// <param name="least">The smallest allowed value.</param>
    /// <param name="most">The largest allowed value.</param>
    /// <exception cref="ArgumentException">The text is not a whole number, or it is out of range.</exception>
    public static int Integer(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw Wrong(name, text, WholeNumber(least, most));

    /// <summary>Reads a finite number.</summary>
    /// <param name="name">Name of the option or field, for messages.</param>
    /// <param name="text">The text to read.</param>
    /// <param name="values">The allowed values, in words: <c>a number from 0 to 100</c>.</param>
    /// <param name="isAllowed">Whether a value is allowed.</param>
    /// <exception cref="ArgumentException">The text is not a finite number, or it is not allowed.</exception>
    public static double Number(string name, string text, string values, Func<double, bool> isAllowed) =>
        double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value) && isAllowed.NotNull()(value) ? value
            : throw Wrong(name, text, text.NotNull().Contains(',', StringComparison.Ordinal) ? $"{values}, written with a decimal point" : values);

    /// <summary>The allowed seeds, in words for messages.</summary>
    public const string SeedValues = "a whole number from -9223372036854775808 to 18446744073709551615";

    /// <summary>Reads a seed of 64 bits, signed or unsigned. Values from 2^63 on are returned as the signed number of the same bits.</summary>
    /// <exception cref="ArgumentException">The text is not such a number.</exception>
    public static long Seed(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed) ? signed
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? unchecked((long)bits)
        : throw Wrong(name, text, SeedValues);

    /// <summary>The allowed whole numbers, in words for messages.</summary>
    public static string WholeNumber(int least, int most) => string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");

    /// <summary>An error that quotes the text and states the allowed values.</summary>
    internal static ArgumentException Wrong(string name, string text, string values) =>
        new($"{name} is \"{text}\"; it is {values}.");
}
