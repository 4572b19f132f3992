namespace Augur.Metrics.Features;

/// <summary>The classes of one data set that a feature network was trained on: a range of its scores.</summary>
/// <param name="Name">The data set: "emoji" or "cifar10" for the built-in features.</param>
/// <param name="FirstScore">Index of the head's first score in <see cref="PictureFeatures.Scores"/>.</param>
/// <param name="ClassNames">Class names in the order of the scores; distinct.</param>
public sealed record ClassHead(string Name, int FirstScore, IReadOnlyList<string> ClassNames)
{
    /// <summary>
    /// The classes that a prompt names, in whole words and any case: "a green fox" names "fox", "a dog and a star" both "dog face", whose second word
    /// may be missing, and "star". Empty: none.
    /// </summary>
    public IReadOnlyList<string> NamedIn(string prompt)
    {
        var words = $" {string.Join(' ', Words(prompt.NotNull()))} ";
        return [.. ClassNames.Where(name => words.Contains($" {Short(name)} ", StringComparison.OrdinalIgnoreCase))];

        static string Short(string name) => string.Join(' ', Words(name) is [_, .., "face"] all ? all[..^1] : Words(name));
        static string[] Words(string text) =>
            string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? c : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The name of the class with the highest score among this head's; the first of equals.</summary>
    /// <exception cref="ArgumentException">There are fewer scores than the head reads.</exception>
    public string ClassOf(PictureFeatures picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        if (picture.Scores.Length < FirstScore + ClassNames.Count)
        {
            throw new ArgumentException(
                $"ClassOf: {picture.Scores.Length} scores, but head '{Name}' reads {FirstScore} to {FirstScore + ClassNames.Count}.");
        }

        var best = 0;
        for (var i = 1; i < ClassNames.Count; i++)
        {
            best = picture.Scores[FirstScore + i] > picture.Scores[FirstScore + best] ? i : best;
        }

        return ClassNames[best];
    }
}
