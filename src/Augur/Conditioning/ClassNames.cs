using Augur.Notation;

namespace Augur.Conditioning;

/// <summary>The names of a model's classes, found by name without regard to case, or by number.</summary>
public sealed class ClassNames
{
    private readonly Dictionary<string, int> _labels;

    /// <summary>Names in the order of their labels.</summary>
    /// <param name="names">One per class.</param>
    public ClassNames(IReadOnlyList<string> names)
    {
        Names = names;
        _labels = new Dictionary<string, int>(names.Count, StringComparer.OrdinalIgnoreCase);
        for (var label = 0; label < names.Count; label++)
        {
            _labels.TryAdd(names[label], label);
        }
    }

    /// <summary>Names in the order of their labels; empty when the model's classes have none.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The label of a name.</summary>
    /// <exception cref="ArgumentException">No class has that name; the message suggests the nearest.</exception>
    public int Find(string name)
    {
        if (_labels.TryGetValue(name.Trim(), out var label))
        {
            return label;
        }

        if (Names.Count == 0)
        {
            throw new ArgumentException($"'{name}': this model's classes have no names; choose one by its number.");
        }

        throw new ArgumentException($"'{name}' is not a class of this model. Did you mean {string.Join(" or ", Nearest(name, 3).Select(n => $"'{n}'"))}?");
    }

    /// <summary>The names most like a given one, best first: those that contain one of its words, then by edit distance.</summary>
    public IReadOnlyList<string> Nearest(string name, int count)
    {
        var wanted = name.Trim().ToLowerInvariant();
        return [.. Names.OrderBy(n => Distance(wanted, n.ToLowerInvariant())).ThenBy(n => n, StringComparer.Ordinal).Take(count)];
    }

    // A shared whole word weighs more than letters: "apple" is nearer to "red apple" than to "maple".
    private static int Distance(string a, string b)
    {
        var shared = a.Split(' ').Intersect(b.Split(' ')).Any();
        return Spelling.Distance(a, b) - (shared ? 100 : 0);
    }
}
