using System.Diagnostics.CodeAnalysis;

namespace Augur.Notation;

/// <summary>The settings of one catalog entry (a sampler, a caching method): converts text to options and back.</summary>
/// <param name="kind">The kind of entry, for messages: "Sampler".</param>
/// <param name="name">Its name: "ddim".</param>
/// <param name="without">Names of settings that <typeparamref name="TOptions"/> declares or inherits but this entry does not accept.</param>
internal sealed class SettingList<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(
    string kind, string name, params IReadOnlyList<string> without)
    where TOptions : class, new()
{
    // Values are applied in this order, whatever the order in the text. Created on first use, because catalogs may refer to each other.
    private readonly Lazy<IReadOnlyList<Setting>> _declared = new(() => Declared(without));

    private IReadOnlyList<Setting> Settings => Presets is null ? _declared.Value : [Presets, .. _declared.Value];

    private Setting? Presets { get; init; }

    /// <summary>Describes each setting.</summary>
    public IReadOnlyList<SettingInfo> Describe()
    {
        var defaults = new TOptions();
        return [.. Settings.Select(setting => setting.Info with { Default = setting.Read(defaults) })];
    }

    /// <summary>The same settings with a <c>preset</c> before them, which sets all others to published values.</summary>
    /// <param name="published">Returns the options of a preset. A member called None means no preset.</param>
    public SettingList<TOptions> WithPresets<TPreset>(Func<TPreset, TOptions> published)
        where TPreset : struct, Enum
    {
        const string None = "none";
        var presets = EnumWords.Of(typeof(TPreset)).Where(p => p.Word != None).Select(p => (p.Word, Options: published((TPreset)p.Member))).ToArray();
        string[] words = [None, .. presets.Select(p => p.Word)];
        var info = new SettingInfo("preset", Sentence.Or(words), None, Unit: null, Minimum: null, Maximum: null)
        {
            Words = words,
            About = "Published settings, all at once; what stands beside it changes them.",
        };
        return new(kind, name, without)
        {
            Presets = new(
                info,
                options => Array.Find(presets, p => p.Options.Equals(options)).Word ?? None,
                (options, text) => text == None ? options : Array.Find(presets, p => p.Word == text).Options),
        };
    }

    /// <summary>The name with the settings that differ from the defaults: <c>ddim(eta=0.7)</c>.</summary>
    public string Format(TOptions options)
    {
        var changed = new List<string>();
        var reached = new TOptions();
        foreach (var setting in Settings)
        {
            var value = setting.Read(options);
            if (setting.Read(reached) != value)
            {
                var written = Settings.FirstOrDefault(s => s.Name == setting.Shorthand) is { } shorthand
                    && shorthand.Read(reached) != "none" // what is there has such a part
                    && shorthand.Write(reached, shorthand.Read(options)) is { } shortened
                    && setting.Read(shortened) == value ? shorthand : setting;
                var text = written.Read(options);
                changed.Add(written.IsPositional && changed.Count == 0 ? text : $"{written.Name}={text}");
                reached = (TOptions)written.Write(reached, text)!; // a preset changes the values from which later settings start
            }
        }

        return changed.Count == 0 ? name : $"{name}({string.Join(",", changed)})";
    }

    /// <summary>Makes options from pairs of name and value; other settings keep their defaults.</summary>
    /// <exception cref="ArgumentException">An unknown setting, or a value out of its range; the message names it and what is accepted.</exception>
    public TOptions Parse(IEnumerable<(string Name, string Value)> pairs)
    {
        var settings = Settings;
        var given = new (string Value, bool IsGiven)[settings.Count];
        foreach (var (key, value) in pairs)
        {
            var at = settings.ToList().FindIndex(s => key.Length > 0 ? s.Name == key : s.IsPositional);
            if (at < 0 && key.Length == 0)
            {
                throw new ArgumentException($"{kind} {name}: \"{value}\" is not a setting with a value, as name=1 is.");
            }

            if (at < 0)
            {
                throw new ArgumentException(settings.Count == 0
                    ? $"{kind} {name} has no settings, and none called \"{key}\"."
                    : $"{kind} {name} has no setting \"{key}\"; the nearest is \"{Spelling.Nearest(key, settings.Select(s => s.Name))}\".");
            }

            given[at] = given[at].IsGiven
                ? throw new ArgumentException($"{kind} {name}: setting \"{settings[at].Name}\" is given twice.")
                : (value, true);
        }

        var options = new TOptions();
        foreach (var (setting, (value, isGiven)) in settings.Zip(given))
        {
            if (isGiven)
            {
                options = Write(options, setting, value);
            }
        }

        return options;
    }

    private TOptions Write(TOptions options, Setting setting, string value)
    {
        object? written;
        try
        {
            written = setting.Write(options, value);
        }
        catch (ArgumentException outOfRange)
        {
            throw new ArgumentException($"{kind} {name}: {outOfRange.Message}", outOfRange);
        }

        return (TOptions?)written ?? throw new ArgumentException($"{kind} {name}: {setting.Name} is \"{value}\"; it is {setting.Info.Values}.");
    }

    private static IReadOnlyList<Setting> Declared(IReadOnlyList<string> without)
    {
        var declared = Setting.Of(typeof(TOptions));
        return without.FirstOrDefault(hidden => declared.All(s => s.Name != hidden)) is { } unknown
            ? throw new NotSupportedException($"{typeof(TOptions)} has no setting \"{unknown}\" that could be left out.")
            : [.. declared.Where(s => !without.Contains(s.Name))];
    }
}
