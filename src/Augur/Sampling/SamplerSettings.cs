using System.Globalization;

namespace Augur.Sampling;

/// <summary>One setting as the command line writes it.</summary>
/// <param name="Name">For example <c>eta</c>.</param>
/// <param name="Values">What may stand behind the equals sign, for help and messages.</param>
/// <param name="Read">The value in the options, as text.</param>
/// <param name="Write">The options with the value, or null when the text is not a value.</param>
internal sealed record SamplerSetting<TOptions>(string Name, string Values, Func<TOptions, string> Read, Func<TOptions, string, TOptions?> Write)
    where TOptions : class
{
    /// <summary>A number; the options check its range.</summary>
    public static SamplerSetting<TOptions> Number(string name, string values, Func<TOptions, double> read, Func<TOptions, double, TOptions> write) => new(
        name,
        values,
        options => read(options).ToString(CultureInfo.InvariantCulture),
        (options, text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? write(options, value) : null);

    /// <summary>A whole number; the options check its range.</summary>
    public static SamplerSetting<TOptions> Integer(string name, string values, Func<TOptions, int> read, Func<TOptions, int, TOptions> write) => new(
        name,
        values,
        options => read(options).ToString(CultureInfo.InvariantCulture),
        (options, text) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? write(options, value) : null);

    /// <summary>A number or <c>none</c>.</summary>
    public static SamplerSetting<TOptions> OptionalNumber(
        string name, string values, Func<TOptions, double?> read, Func<TOptions, double?, TOptions> write) => new(
        name,
        $"{values}, or none",
        options => read(options)?.ToString(CultureInfo.InvariantCulture) ?? "none",
        (options, text) => text == "none" ? write(options, null)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? write(options, value) : null);

    /// <summary>true or false.</summary>
    public static SamplerSetting<TOptions> Flag(string name, Func<TOptions, bool> read, Func<TOptions, bool, TOptions> write) => new(
        name,
        "true or false",
        options => read(options) ? "true" : "false",
        (options, text) => bool.TryParse(text, out var value) ? write(options, value) : null);

    /// <summary>One of several words.</summary>
    public static SamplerSetting<TOptions> Choice<T>(
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

/// <summary>The settings of one sampler: text to options and back.</summary>
internal sealed class SamplerSettings<TOptions>(string sampler, SamplerSetting<TOptions>[] settings)
    where TOptions : class, new()
{
    /// <summary>Name and values of each setting, with the default.</summary>
    public IEnumerable<(string Name, string Values, string Default)> Describe()
    {
        var defaults = new TOptions();
        return settings.Select(setting => (setting.Name, setting.Values, setting.Read(defaults)));
    }

    /// <summary>The sampler's name with the settings that differ from the defaults: <c>ddim(eta=0.7)</c>.</summary>
    public string Format(TOptions options)
    {
        var defaults = new TOptions();
        var changed = settings.Where(s => s.Read(options) != s.Read(defaults)).Select(s => $"{s.Name}={s.Read(options)}").ToArray();
        return changed.Length == 0 ? sampler : $"{sampler}({string.Join(",", changed)})";
    }

    /// <summary>Options from name and value pairs; what is not named keeps its default.</summary>
    /// <exception cref="ArgumentException">An unknown setting, or a value out of its range; the message names it and what would do.</exception>
    public TOptions Parse(IEnumerable<(string Name, string Value)> pairs)
    {
        var options = new TOptions();
        var seen = new HashSet<string>();
        foreach (var (name, value) in pairs)
        {
            var setting = Array.Find(settings, s => s.Name == name)
                ?? throw new ArgumentException($"Sampler {sampler} has no setting \"{name}\"; the nearest is \"{Spelling.Nearest(name, settings.Select(s => s.Name))}\".");
            if (!seen.Add(name))
            {
                throw new ArgumentException($"Sampler {sampler}: setting \"{name}\" is given twice.");
            }

            options = setting.Write(options, value)
                ?? throw new ArgumentException($"Sampler {sampler}: {name} is \"{value}\"; it is {setting.Values}.");
        }

        return options;
    }
}
