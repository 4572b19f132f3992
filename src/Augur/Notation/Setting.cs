using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Augur.Notation;

/// <summary>One setting of an options record, as text.</summary>
/// <param name="Info">Name, values, range, unit and description, without the default.</param>
/// <param name="Read">The value in the options, as text.</param>
/// <param name="Write">The options with the value, or null when the text is not a value.</param>
internal sealed record Setting(SettingInfo Info, Func<object, string> Read, Func<object, string, object?> Write)
{
    private static readonly ConcurrentDictionary<(Type, string), (PropertyInfo Property, SettingAttribute Declared)> s_declared = new();

    // What "with" does to a record: the options are immutable, so that a shallow copy shares nothing that could change.
    private static readonly Func<object, object> s_copy =
        typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    /// <summary>As the command line writes it.</summary>
    public string Name => Info.Name;

    /// <summary>Another setting that changes a part of this one: written in its place where that says all.</summary>
    public string? Shorthand { get; init; }

    /// <summary>Whether the value may stand without the name, first in the brackets.</summary>
    public bool IsPositional { get; init; }

    /// <summary>For the property of a setting, in its <c>init</c>: the value, if the setting may have it.</summary>
    /// <param name="options">The options that are being made.</param>
    /// <param name="value">What the property is to be.</param>
    /// <param name="property">The property; the compiler fills it in.</param>
    /// <exception cref="ArgumentException">It may not; the message has the setting's name, the value and what it may be.</exception>
    public static T Checked<T>(object options, T value, [CallerMemberName] string property = "")
    {
        var (member, declared) = Declared(options.GetType(), property);
        var wrong = (value, declared.Range) switch
        {
            (int number, { } range) when !range.Contains(number) => FormattableString.Invariant($"is {number}; it lies {range}."),
            (double number, { } range) when !range.Contains(number) => FormattableString.Invariant($"is {number}; it lies {range}."),
            (IReadOnlyList<double> numbers, { } range) => WrongIn(numbers, range, declared),
            (Enum word, _) when declared.Only is { } only && !only.Contains(word) =>
                $"is {ValueNotation.Of(member, new(declared.Name)).Write(word)}; it is {Sentence.Or(ValueNotation.Of(member, declared).Words)}.",
            _ => null,
        };
        return wrong is null ? value : throw new ArgumentException($"{declared.Name} {wrong}");
    }

    /// <summary>For the property of a setting that is a text, in its <c>init</c>: the error that says what it may be.</summary>
    /// <inheritdoc cref="Checked"/>
    public static ArgumentException Refused(object options, string value, [CallerMemberName] string property = "")
    {
        var declared = Declared(options.GetType(), property).Declared;
        return new ArgumentException($"{declared.Name} is \"{value}\"; it is {declared.Values}.");
    }

    /// <summary>
    /// The settings that a record declares: its own, then those of the records that it extends, each in the order of declaration or behind the
    /// one that it names.
    /// </summary>
    /// <exception cref="NotSupportedException">A declaration lacks something, or names a setting that there is not.</exception>
    public static IReadOnlyList<Setting> Of(Type options)
    {
        var found = new List<(Setting Setting, string? After)>();
        for (var type = options; type is not null; type = type.BaseType)
        {
            const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public;
            foreach (var property in type.GetProperties(Own).OrderBy(p => p.MetadataToken)) // the order of the source
            {
                if (property.GetCustomAttribute<SettingAttribute>() is { } setting)
                {
                    found.Add((Of(property, setting), setting.After));
                }
                else if (property.GetCustomAttribute<SettingPartAttribute>() is { } part)
                {
                    found.AddRange(Of(property.PropertyType).Select(inner => (inner.Within(property), part.After)));
                }
            }
        }

        var ordered = found.Where(f => f.After is null).ToList();
        foreach (var moved in found.Where(f => f.After is not null))
        {
            var at = ordered.FindIndex(f => f.Setting.Name == moved.After) + 1;
            if (at == 0)
            {
                throw new NotSupportedException($"{options}: setting \"{moved.Setting.Name}\" stands after \"{moved.After}\", which is none.");
            }

            while (at < ordered.Count && ordered[at].After == moved.After)
            {
                at++;
            }

            ordered.Insert(at, moved);
        }

        return [.. ordered.Select(f => f.Setting)];
    }

    private static Setting Of(PropertyInfo property, SettingAttribute declared)
    {
        var notation = ValueNotation.Of(property, declared);
        var none = declared.None ?? (Nullable.GetUnderlyingType(property.PropertyType) is null ? null : "none");
        object? nothing = property.PropertyType == typeof(IReadOnlyList<double>) ? Array.Empty<double>() : null;
        var offered = declared.HidesNone ? null : none;
        string[] words = notation.Words.Count == 0 || offered is null ? [.. notation.Words] : [.. notation.Words, offered];
        var values = words.Length > 0 ? Sentence.Or(words) : offered is null ? notation.Values : $"{notation.Values}, or {offered}";
        var range = declared.Catalog is null ? declared.Range : null; // behind a catalog the range is of what is named, not of the text
        return new(
            new SettingInfo(declared.Name, values, "", declared.Unit, range?.Minimum, range?.Maximum) { Words = words, Property = property },
            options => property.GetValue(options) is { } value and not IReadOnlyList<double> { Count: 0 } ? notation.Write(value) : none ?? "",
            (options, text) =>
            {
                var isNone = none is not null && text == none && !(declared.HidesNone && property.GetValue(options) is not null);
                var value = isNone ? nothing : notation.Read(text);
                return isNone || value is not null ? With(options, property, value) : null;
            })
        {
            Shorthand = declared.Shorthand,
            IsPositional = declared.IsPositional,
        };
    }

    // The setting of a part as a setting of the whole.
    private Setting Within(PropertyInfo part) => this with
    {
        Read = options => Read(part.GetValue(options)!),
        Write = (options, text) => Write(part.GetValue(options)!, text) is { } changed ? With(options, part, changed) : null,
    };

    private static object With(object options, PropertyInfo property, object? value)
    {
        var copy = s_copy(options);
        property.SetValue(copy, value, BindingFlags.DoNotWrapExceptions, binder: null, index: null, culture: null);
        return copy;
    }

    private static string? WrongIn(IReadOnlyList<double> numbers, SettingRange range, SettingAttribute declared)
    {
        foreach (var number in numbers)
        {
            if (!range.Contains(number))
            {
                return FormattableString.Invariant($"has {number}; each of its numbers lies {range}.");
            }
        }

        return numbers.Count == 0 && declared.None is null ? "has no number; it has at least one."
            : numbers.Count > declared.MostNumbers && declared.MostNumbers > 0
                ? $"has {numbers.Count} numbers; it has at most {declared.MostNumbers}."
            : null;
    }

    private static (PropertyInfo Property, SettingAttribute Declared) Declared(Type options, string property)
    {
        return s_declared.GetOrAdd((options, property), Find);

        static (PropertyInfo, SettingAttribute) Find((Type Options, string Property) key) =>
            key.Options.GetProperty(key.Property) is { } member && member.GetCustomAttribute<SettingAttribute>() is { } declared
                ? (member, declared)
                : throw new NotSupportedException($"{key.Options}.{key.Property} is not declared as a setting.");
    }
}
