namespace Augur.Notation;

/// <summary>An entry of a catalog: something that is chosen by name and has settings, such as a sampler or a schedule.</summary>
/// <param name="Name">The name in the notation of the command line.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Settings">The settings that it takes.</param>
/// <param name="Create">
/// Makes it from pairs of setting name and value; throws <see cref="ArgumentException"/> for an unknown setting or a value out of range.
/// </param>
public record CatalogEntry<T>(
    string Name, string Summary, IReadOnlyList<SettingInfo> Settings, Func<IEnumerable<(string Name, string Value)>, T> Create);

/// <summary>All entries of one kind without their type, for settings whose value is one of them.</summary>
internal interface ICatalog
{
    /// <summary>The names of the entries, without settings.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>Makes what a name with settings describes, such as <c>hicache(order=2)</c>.</summary>
    /// <exception cref="ArgumentException">
    /// The name or a setting is unknown, or a value is out of range; the message says what is accepted.
    /// </exception>
    object Parse(string text);

    /// <summary>Writes an object as its name with settings.</summary>
    string Write(object thing);
}

/// <summary>Makes objects from their name with settings: <c>hicache</c>, <c>hicache(order=2)</c>.</summary>
/// <param name="kind">What is being read, for messages: "Draft".</param>
/// <param name="write">Writes an object as its name with settings.</param>
/// <param name="entries">All entries of this kind.</param>
internal sealed class Catalog<T>(string kind, Func<T, string> write, params CatalogEntry<T>[] entries) : ICatalog
    where T : notnull
{
    /// <summary>Every entry.</summary>
    public IReadOnlyList<CatalogEntry<T>> All => entries;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [.. entries.Select(e => e.Name)];

    /// <summary>Makes what a name with settings describes, such as <c>hicache(order=2)</c>.</summary>
    /// <exception cref="ArgumentException">
    /// The name or a setting is unknown, or a value is out of range; the message says what is accepted.
    /// </exception>
    public T Parse(string text) => Parse(Phrase.Parse(kind, text));

    /// <inheritdoc cref="Parse(string)"/>
    public T Parse(Phrase phrase)
    {
        var entry = Array.Find(entries, e => e.Name == phrase.Name)
            ?? throw new ArgumentException(
                $"There is no {kind.ToLowerInvariant()} \"{phrase.Name}\"; {Spelling.Suggest(phrase.Name, entries.Select(e => e.Name))}.");
        return entry.Create(phrase.Settings);
    }

    object ICatalog.Parse(string text) => Parse(text);

    string ICatalog.Write(object thing) => write((T)thing);

    /// <summary>An entry whose settings a list describes.</summary>
    public static CatalogEntry<T> Entry<TOptions>(string name, string summary, SettingList<TOptions> settings, Func<TOptions, T> create)
        where TOptions : class, new() => new(name, summary, settings.Describe(), pairs => create(settings.Parse(pairs)));

    /// <summary>An entry without settings.</summary>
    public static CatalogEntry<T> Entry(string kind, string name, string summary, Func<T> create) =>
        Entry(name, summary, new SettingList<object>(kind, name), _ => create());
}
