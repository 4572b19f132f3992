using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Augur.Notation;

/// <summary>Reads and writes one setting of an options record as text.</summary>
/// <param name="Info">Name, accepted values, range, unit and description, without the default.</param>
/// <param name="Read">Returns the value in the given options, as text.</param>
/// <param name="Write">Returns the given options with the value set, or null if the text is not a valid value.</param>
internal sealed record Setting(SettingInfo Info, Func<object, string> Read, Func<object, string, object?> Write)
{
    private static readonly ConcurrentDictionary<(Type, string), (PropertyInfo Property, SettingAttribute Declared)> s_declared = new();

    // Copies a record as a "with" expression does. Options are immutable, so that a shallow copy is safe.
    private static readonly Func<object, object> s_copy =
        typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();

    /// <summary>The name in the notation of the command line.</summary>
    public string Name => Info.Name;

    /// <summary>Name of another setting that changes a part of this one, and is written instead of it if it expresses the whole difference.</summary>
    public string? Shorthand { get; init; }

    /// <summary>Whether the value may be given without the name, as the first one in the brackets.</summary>
    public bool IsPositional { get; init; }

    /// <summary>For the <c>init</c> accessor of a setting's property: returns the value after checking it against the declared range.</summary>
    /// <param name="options">The options record under construction.</param>
    /// <param name="value">The new value of the property.</param>
    /// <param name="property">The property; the compiler fills it in.</param>
    /// <exception cref="ArgumentException">The value is not accepted; the message has the setting's name, the value and what is accepted.</exception>
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

    /// <summary>For the <c>init</c> accessor of a text setting's property: the error that says which values are accepted.</summary>
    /// <inheritdoc cref="Checked"/>
    public static ArgumentException Refused(object options, string value, [CallerMemberName] string property = "")
    {
        var declared = Declared(options.GetType(), property).Declared;
        return new ArgumentException($"{declared.Name} is \"{value}\"; it is {declared.Values}.");
    }

    /// <summary>
    /// The settings that a record declares: its own, then those of the records that it extends, in the order of declaration, or after the setting
    /// that <c>After</c> names.
    /// </summary>
    /// <exception cref="NotSupportedException">A declaration is incomplete, or refers to a setting that does not exist.</exception>
    public static IReadOnlyList<Setting> Of(Type options)
    {
        var found = new List<(Setting Setting, string? After)>();
        for (var type = options; type is not null; type = type.BaseType)
        {
            const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Public;
            foreach (var property in type.GetProperties(Own).OrderBy(p => p.MetadataToken)) // metadata tokens follow the order of the source
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
        var range = declared.Catalog is null ? declared.Range : null; // with a catalog, the range concerns the named object, not the text
        return new(
            new SettingInfo(declared.Name, values, "", declared.Unit, range?.Minimum, range?.Maximum)
            {
                Words = words,
                IsPositional = declared.IsPositional,
                Property = property,
            },
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

    // Turns a setting of a part's record into a setting of the record that contains the part.
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
