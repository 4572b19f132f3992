using System.Text.RegularExpressions;
using Augur.Conditioning;
using Augur.Pipelines;

namespace Augur.Requests;

/// <summary>What a description asks to be shown, as the model's conditions: prompts, or classes by number or name.</summary>
internal static partial class Subjects
{
    /// <summary>The conditions in turn; for a model of classes that is asked for none, all of them.</summary>
    /// <exception cref="ArgumentException">The model takes prompts and there are none, or classes and they are not its own.</exception>
    public static IReadOnlyList<Condition> Of(RequestDescription asked, DiffusionModel model)
    {
        if (model.TakesPrompts)
        {
            return Prompts(asked);
        }

        if (asked.Negative is not null)
        {
            throw new ArgumentException($"{asked.Spell("negative")}: this model draws classes, which have no negative prompt.");
        }

        var classes = asked.ClassNumbers(model);
        return [.. (classes.Count > 0 ? classes : [.. Enumerable.Range(0, model.Classes.Count)]).Select(Condition.Class)];
    }

    /// <summary>
    /// A sentence, without a full stop, where prompts have weights in brackets, as other programs interpret them; null where none has.
    /// </summary>
    public static string? NoteOn(IEnumerable<string> prompts) =>
        prompts.Select(prompt => Weight().Match(prompt)).FirstOrDefault(match => match.Success) is { } found
            ? $"\"{found.Value}\" is left as text: prompts are read as they stand, and numbers in brackets weigh nothing"
            : null;

    private static IReadOnlyList<Condition> Prompts(RequestDescription asked)
    {
        if (asked.Classes.Count > 0)
        {
            throw new ArgumentException($"{asked.Spell("class")}: this model draws prompts, not classes; give {asked.Spell("prompt")}.");
        }

        var prompts = asked.AllPrompts();
        return prompts.Count > 0 ? [.. prompts.Select(text => Condition.Prompt(text, asked.Negative))]
            : throw new ArgumentException(
                $"This model draws prompts; say what to draw, with {asked.Spell("prompt")} or {asked.Spell("promptsFile")}.");
    }

    [GeneratedRegex(@"\([^()]{1,200}:[0-9]+(?:\.[0-9]+)?\)")]
    private static partial Regex Weight();
}
