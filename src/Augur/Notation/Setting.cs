using System.Globalization;

namespace Augur.Notation;

/// <summary>One setting as the command line writes it.</summary>
/// <param name="Name">For example <c>eta</c>.</param>
/// <param name="Values">What may stand behind the equals sign, for help and messages.</param>
/// <param name="Read">The value in the options, as text.</param>
/// <param name="Write">The options with the value, or null when the text is not a value.</param>
internal sealed record Setting<TOptions>(string Name, string Values, Func<TOptions, string> Read, Func<TOptions, string, TOptions?> Write)
    where TOptions : class
{
    /// <summary>Another setting that changes a part of this one: written in its place where that says all.</summary>
    public Setting<TOptions>? Shorthand { get; init; }

    /// <summary>Whether the value may stand without the name, first in the brackets: <c>sampled(0.1)</c>.</summary>
    public bool IsPositional { get; init; }

    /// <summary>A number; the options check its range.</summary>
    public static Setting<TOptions> Number(string name, string values, Func<TOptions, double> read, Func<TOptions, double, TOptions> write) => new(
        name,
        values,
        options => read(options).ToString(CultureInfo.InvariantCulture),
        (options, text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? write(options, value) : null);

    /// <summary>A whole number; the options check its range.</summary>
    public static Setting<TOptions> Integer(string name, string values, Func<TOptions, int> read, Func<TOptions, int, TOptions> write) => new(
        name,
        values,
        options => read(options).ToString(CultureInfo.InvariantCulture),
        (options, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? write(options, value) : null);

    /// <summary>A number or <c>none</c>.</summary>
    public static Setting<TOptions> OptionalNumber(
        string name, string values, Func<TOptions, double?> read, Func<TOptions, double?, TOptions> write) => new(
        name,
        $"{values}, or none",
        options => read(options)?.ToString(CultureInfo.InvariantCulture) ?? "none",
        (options, text) => text == "none" ? write(options, null)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? write(options, value) : null);

    /// <summary>A whole number or <c>none</c>.</summary>
    public static Setting<TOptions> OptionalInteger(
        string name, string values, Func<TOptions, int?> read, Func<TOptions, int?, TOptions> write) => new(
        name,
        $"{values}, or none",
        options => read(options)?.ToString(CultureInfo.InvariantCulture) ?? "none",
        (options, text) => text == "none" ? write(options, null)
            : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? write(options, value) : null);

    /// <summary>Numbers separated by spaces, or <c>none</c> for an empty list.</summary>
    public static Setting<TOptions> Numbers(
        string name, string values, Func<TOptions, IReadOnlyList<double>> read, Func<TOptions, double[], TOptions> write) => new(
        name,
        values,
        options => read(options).Count == 0 ? "none" : string.Join(' ', read(options).Select(n => n.ToString(CultureInfo.InvariantCulture))),
        (options, text) =>
        {
            var numbers = new List<double>();
            foreach (var word in text == "none" ? [] : text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number))
                {
                    return null;
                }

                numbers.Add(number);
            }

            return numbers.Count == 0 && text != "none" ? null : write(options, [.. numbers]);
        });

    /// <summary>true or false.</summary>
    public static Setting<TOptions> Flag(string name, Func<TOptions, bool> read, Func<TOptions, bool, TOptions> write) => new(
        name,
        "true or false",
        options => read(options) ? "true" : "false",
        (options, text) => bool.TryParse(text, out var value) ? write(options, value) : null);

    /// <summary>All settings at once, by the name of published ones; <c>none</c> leaves them. Stands before those it sets.</summary>
    public static Setting<TOptions> Preset(string values, params (string Word, TOptions Options)[] published) => new(
        "preset",
        values,
        options => Array.Find(published, p => p.Options.Equals(options)).Word ?? "none",
        (options, text) => text == "none" ? options : Array.Find(published, p => p.Word == text).Options);

    /// <summary>One of several words.</summary>
    public static Setting<TOptions> Choice<T>(
        string name, (string Word, T Value)[] words, Func<TOptions, T> read, Func<TOptions, T, TOptions> write)
        where T : struct, Enum => new(
        name,
        string.Join(", ", words.Select(word => word.Word)),
        options => words.First(word => word.Value.Equals(read(options))).Word,
        (options, text) =>
        {
            var at = Array.FindIndex(words, word => word.Word == text);
            return at < 0 ? null : write(options, words[at].Value);
        });
}
