using System.Globalization;
using Augur.Pipelines;

namespace Augur.Requests;

/// <summary>A class that a request asks for, by name or by number.</summary>
public sealed record ClassChoice
{
    private readonly string? _text;
    private readonly int? _number;

    private ClassChoice(string? text, int? number) => (_text, _number) = (text, number);

    /// <summary>A class by its number, from 0.</summary>
    public static ClassChoice Numbered(int number) => new(null, number);

    /// <summary>A class by its name; digits that are not the name of a class are taken as its number.</summary>
    public static ClassChoice Named(string text) => new(text, null);

    /// <summary>The number of the class in a model.</summary>
    /// <exception cref="ArgumentException">The model has no such class; the message says which it has.</exception>
    public int In(DiffusionModel model)
    {
        var count = model.NotNull().Classes.Count;
        var number = _number ?? (model.Classes.Names.Contains(_text!.Trim(), StringComparer.OrdinalIgnoreCase) ? null : AsNumber(_text));
        return number switch
        {
            null => model.Classes.Find(_text!),
            >= 0 when number < count => number.Value,
            _ => throw new ArgumentException($"There is no class {number}; this model's are 0 to {count - 1}."),
        };
    }

    private static int? AsNumber(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <inheritdoc/>
    public override string ToString() => _text ?? _number!.Value.ToString(CultureInfo.InvariantCulture);
}
