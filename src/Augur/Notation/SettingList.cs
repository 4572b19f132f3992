namespace Augur.Notation;

/// <summary>One setting, for help texts.</summary>
/// <param name="Name">As the command line writes it.</param>
/// <param name="Values">What it may be.</param>
/// <param name="Default">What it is when not given.</param>
public readonly record struct SettingInfo(string Name, string Values, string Default);

/// <summary>The settings of one thing that a text can name (a sampler, a caching method): text to options and back.</summary>
/// <param name="kind">What the thing is, for messages: "Sampler".</param>
/// <param name="name">Its name: "ddim".</param>
/// <param name="settings">What can be set; values are applied in this order, whatever the order in the text.</param>
internal sealed class SettingList<TOptions>(string kind, string name, Setting<TOptions>[] settings)
    where TOptions : class, new()
{
    /// <summary>Name, values and default of each setting.</summary>
    public IReadOnlyList<SettingInfo> Describe()
    {
        var defaults = new TOptions();
        return [.. settings.Select(setting => new SettingInfo(setting.Name, setting.Values, setting.Read(defaults)))];
    }

    /// <summary>The name with the settings that differ from the defaults: <c>ddim(eta=0.7)</c>.</summary>
    public string Format(TOptions options)
    {
        var changed = new List<string>();
        var reached = new TOptions();
        foreach (var setting in settings)
        {
            var value = setting.Read(options);
            if (setting.Read(reached) != value)
            {
                var written = setting.Shorthand is { } shorthand
                    && shorthand.Read(reached) != "none" // what is there has such a part
                    && shorthand.Write(reached, shorthand.Read(options)) is { } shortened
                    && setting.Read(shortened) == value ? shorthand : setting;
                var text = written.Read(options);
                changed.Add(written.IsPositional && changed.Count == 0 ? text : $"{written.Name}={text}");
                reached = written.Write(reached, text)!; // a preset changes what the settings behind it start from
            }
        }

        return changed.Count == 0 ? name : $"{name}({string.Join(",", changed)})";
    }

    /// <summary>Options from name and value pairs; what is not named keeps its default.</summary>
    /// <exception cref="ArgumentException">An unknown setting, or a value out of its range; the message names it and what would do.</exception>
    public TOptions Parse(IEnumerable<(string Name, string Value)> pairs)
    {
        var given = new (string Value, bool IsGiven)[settings.Length];
        foreach (var (key, value) in pairs)
        {
            var at = Array.FindIndex(settings, s => key.Length > 0 ? s.Name == key : s.IsPositional);
            if (at < 0 && key.Length == 0)
            {
                throw new ArgumentException($"{kind} {name}: \"{value}\" is not a setting with a value, as name=1 is.");
            }

            if (at < 0)
            {
                throw new ArgumentException(settings.Length == 0
                    ? $"{kind} {name} has no settings, and none called \"{key}\"."
                    : $"{kind} {name} has no setting \"{key}\"; the nearest is \"{Spelling.Nearest(key, settings.Select(s => s.Name))}\".");
            }

            given[at] = given[at].IsGiven ? throw new ArgumentException($"{kind} {name}: setting \"{settings[at].Name}\" is given twice.") : (value, true);
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

    private TOptions Write(TOptions options, Setting<TOptions> setting, string value)
    {
        TOptions? written;
        try
        {
            written = setting.Write(options, value);
        }
        catch (ArgumentException outOfRange)
        {
            throw new ArgumentException($"{kind} {name}: {outOfRange.Message}", outOfRange);
        }

        return written ?? throw new ArgumentException($"{kind} {name}: {setting.Name} is \"{value}\"; it is {setting.Values}.");
    }
}
