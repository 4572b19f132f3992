using System.Globalization;
using Augur.Notation;

namespace Augur.Conditioning;

/// <summary>
/// The names of a model's classes, found without regard to case. A name may list synonyms with commas, as ImageNet's do (<c>great white shark, white
/// shark, man-eater</c>): the whole finds the class, and so does each of them that no other class has.
/// </summary>
public sealed class ClassNames
{
    private readonly Dictionary<string, List<int>> _whole = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, List<int>> _synonyms = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Of a model without classes.</summary>
    public static ClassNames None { get; } = new([], 0);

    /// <summary>Names in the order of their labels.</summary>
    /// <param name="names">One per class, or none at all.</param>
    /// <param name="count">Number of classes; null: as many as there are names.</param>
    public ClassNames(IReadOnlyList<string> names, int? count = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        (Names, Count) = (names, count ?? names.Count);
        for (var label = 0; label < names.Count; label++)
        {
            Add(_whole, names[label].Trim(), label);
            foreach (var synonym in Synonyms(names[label]))
            {
                Add(_synonyms, synonym, label);
            }
        }
    }

    /// <summary>Names in the order of their labels; empty when the model's classes have none.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of classes, the null class of guidance not counted.</summary>
    public int Count { get; }

    /// <summary>The label of a name, or of a synonym in it.</summary>
    /// <exception cref="ArgumentException">
    /// No class has that name, and the message suggests the nearest; or several have it, and it gives their numbers.
    /// </exception>
    public int Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = name.Trim();
        if (_whole.TryGetValue(wanted, out var labels) || _synonyms.TryGetValue(wanted, out labels))
        {
            return labels.Count == 1 ? labels[0]
                : throw new ArgumentException(
                    $"'{name}' names {labels.Count} classes of this model: {string.Join(", ", labels.Select(Numbered))}; choose one by its number.");
        }

        if (Names.Count == 0)
        {
            throw new ArgumentException($"'{name}': this model's classes have no names; choose one by its number.");
        }

        throw new ArgumentException(
            $"'{name}' is not a class of this model. Did you mean {string.Join(" or ", Nearest(name, 3).Select(n => $"'{n}'"))}?");
    }

    /// <summary>
    /// The names most like a given one, best first: those that contain one of its words, then by edit distance to the name or one of its synonyms.
    /// </summary>
    public IReadOnlyList<string> Nearest(string name, int count)
    {
        ArgumentNullException.ThrowIfNull(name);
        var wanted = name.Trim().ToLowerInvariant();
        return [.. Names.OrderBy(n => Synonyms(n).Append(n).Min(s => Distance(wanted, s.ToLowerInvariant())))
            .ThenBy(n => n, StringComparer.Ordinal).Take(count)];
    }

    // A shared whole word weighs more than letters: "apple" is nearer to "red apple" than to "maple".
    private static int Distance(string a, string b)
    {
        var shared = a.Split(' ').Intersect(b.Split(' ')).Any();
        return Spelling.Distance(a, b) - (shared ? 100 : 0);
    }

    private static string[] Synonyms(string name) => name.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static void Add(Dictionary<string, List<int>> names, string name, int label)
    {
        if (!names.TryGetValue(name, out var labels))
        {
            names.Add(name, labels = []);
        }

        if (!labels.Contains(label))
        {
            labels.Add(label);
        }
    }

    private string Numbered(int label) => string.Create(CultureInfo.InvariantCulture, $"{label} ('{Names[label]}')");
}
