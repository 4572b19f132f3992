using System.Globalization;

namespace Augur.Requests;

/// <summary>
/// Numbers as people write them on a command line or in a form: a decimal point whatever the machine's language, and a sentence where a text is none.
/// </summary>
public static class NumberText
{
    private const NumberStyles Styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>A whole number.</summary>
    /// <param name="name">What it is for, as the reader knows it: <c>--steps</c>.</param>
    /// <param name="text">What was written.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="most">The most that is allowed.</param>
    /// <exception cref="ArgumentException">It is none, or lies outside.</exception>
    public static int Integer(string name, string text, int least, int most) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most ? value
            : throw Wrong(name, text, WholeNumber(least, most));

    /// <summary>A finite number.</summary>
    /// <param name="name">What it is for, as the reader knows it.</param>
    /// <param name="text">What was written.</param>
    /// <param name="values">What is allowed, in words: <c>a number from 0 to 100</c>.</param>
    /// <param name="isAllowed">Whether a number is.</param>
    /// <exception cref="ArgumentException">It is none, or is not allowed.</exception>
    public static double Number(string name, string text, string values, Func<double, bool> isAllowed) =>
        double.TryParse(text, Styles, CultureInfo.InvariantCulture, out var value)
            && double.IsFinite(value) && isAllowed(value) ? value
            : throw Wrong(name, text, text.Contains(',', StringComparison.Ordinal) ? $"{values}, written with a decimal point" : values);

    /// <summary>What a seed may be, in words.</summary>
    public const string SeedValues = "a whole number from -9223372036854775808 to 18446744073709551615";

    /// <summary>
    /// A seed: 64 bits, with a sign or without one. From 2^63 on a number means the same bits as the negative one that many below 2^64.
    /// </summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public static long Seed(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var signed) ? signed
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) ? unchecked((long)bits)
        : throw Wrong(name, text, SeedValues);

    /// <summary>What a whole number may be, in words.</summary>
    public static string WholeNumber(int least, int most) => string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");

    /// <summary>Says what was written and what may be.</summary>
    internal static ArgumentException Wrong(string name, string text, string values) =>
        new($"{name} is \"{text}\"; it is {values}.");
}
