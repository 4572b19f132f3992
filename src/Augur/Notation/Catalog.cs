namespace Augur.Notation;

/// <summary>One thing that a text can name, with settings.</summary>
/// <param name="Name">As the command line writes it.</param>
/// <param name="Summary">One sentence.</param>
/// <param name="Settings">What can be set.</param>
/// <param name="Create">Makes it from name and value pairs; throws <see cref="ArgumentException"/> for what it does not know.</param>
public record CatalogEntry<T>(
    string Name, string Summary, IReadOnlyList<SettingInfo> Settings, Func<IEnumerable<(string Name, string Value)>, T> Create);

/// <summary>All things of one kind, for settings that are one of them.</summary>
internal interface ICatalog
{
    /// <summary>The name of each, without settings.</summary>
    IReadOnlyList<string> Names { get; }

    /// <summary>The thing that a text names.</summary>
    /// <exception cref="ArgumentException">The text does not name one; the message says what does.</exception>
    object Parse(string text);

    /// <summary>The text that names a thing.</summary>
    string Write(object thing);
}

/// <summary>Finds things by the text that names them: <c>hicache</c>, <c>hicache(order=2)</c>.</summary>
/// <param name="kind">What is being read, for messages: "Draft".</param>
/// <param name="write">The text that names a thing.</param>
/// <param name="entries">All there are.</param>
internal sealed class Catalog<T>(string kind, Func<T, string> write, params CatalogEntry<T>[] entries) : ICatalog
    where T : notnull
{
    /// <summary>Every entry.</summary>
    public IReadOnlyList<CatalogEntry<T>> All => entries;

    /// <inheritdoc/>
    public IReadOnlyList<string> Names => [.. entries.Select(e => e.Name)];

    /// <summary>The thing that a text names.</summary>
    /// <exception cref="ArgumentException">The text does not name one; the message says what does.</exception>
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
