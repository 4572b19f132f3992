using System.Globalization;
using System.Reflection;

namespace Augur.Notation;

/// <summary>Reads and writes the values of one setting's type.</summary>
/// <param name="Values">The accepted values, in words; empty if <paramref name="Words"/> lists them.</param>
/// <param name="Words">The accepted words; empty if there are too many to list.</param>
/// <param name="Write">Writes a value as text.</param>
/// <param name="Read">Reads a text as a value; null if it is not one.</param>
internal sealed record ValueNotation(string Values, IReadOnlyList<string> Words, Func<object, string> Write, Func<string, object?> Read)
{
    /// <summary>The notation of a property's type.</summary>
    /// <exception cref="NotSupportedException">The type is not supported, or the declaration lacks the range or words that it needs.</exception>
    public static ValueNotation Of(PropertyInfo property, SettingAttribute declared)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return (declared, type) switch
        {
            ({ Catalog: { } known }, _) => OfCatalog(known),
            ({ Range: { } range }, _) when type == typeof(int) => OfWholeNumber(range),
            ({ Range: { } range }, _) when type == typeof(double) => OfNumber(range),
            ({ Range: { } range }, _) when type == typeof(IReadOnlyList<double>) => OfNumbers(range, declared.MostNumbers),
            ({ Values: { } values }, _) when type == typeof(string) => OfText(values),
            (_, { IsEnum: true }) => OfEnum(EnumWords.Of(type, declared.Only)),
            _ when type == typeof(bool) => OfFlag(),
            _ => throw new NotSupportedException(
                $"{property.DeclaringType}.{property.Name}: a setting is a number or numbers with a range, true or false, one of an enumeration, "
                + "a text with its values in words, or one of a catalog."),
        };
    }

    private static ValueNotation OfText(string values) => new(values, [], value => (string)value, text => text.Length == 0 ? null : text);

    private static ValueNotation OfFlag() => new(
        "",
        ["true", "false"],
        value => (bool)value ? "true" : "false",
        text => bool.TryParse(text, out var value) ? value : null);

    private static ValueNotation OfWholeNumber(SettingRange range) => new(
        $"a whole number {range}",
        [],
        value => ((int)value).ToString(CultureInfo.InvariantCulture),
        text => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null);

    private static ValueNotation OfNumber(SettingRange range) => new(
        $"a number {range}",
        [],
        value => ((double)value).ToString(CultureInfo.InvariantCulture),
        text => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null);

    private static ValueNotation OfNumbers(SettingRange range, int most) => new(
        $"{(most > 0 ? $"1 to {most} " : "")}numbers {range}, separated by spaces",
        [],
        value => string.Join(' ', ((IReadOnlyList<double>)value).Select(number => number.ToString(CultureInfo.InvariantCulture))),
        ReadNumbers);

    private static ValueNotation OfEnum(IReadOnlyList<(string Word, object Member)> members) => new(
        "",
        [.. members.Select(m => m.Word)],
        value => members.FirstOrDefault(m => m.Member.Equals(value)).Word ?? value.ToString()!,
        text => members.FirstOrDefault(m => m.Word == text).Member);

    private static ValueNotation OfCatalog(Type known)
    {
        var catalog = (ICatalog?)known.GetProperty("Catalog", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)?.GetValue(null)
            ?? throw new NotSupportedException($"{known} has no static property Catalog.");
        return new("", catalog.Names, catalog.Write, catalog.Parse);
    }

    private static double[]? ReadNumbers(string text)
    {
        var numbers = new List<double>();
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
        }

        return numbers.Count == 0 ? null : [.. numbers];
    }
}
