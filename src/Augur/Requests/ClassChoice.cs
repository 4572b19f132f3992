using System.Globalization;
using Augur.Pipelines;

namespace Augur.Requests;

/// <summary>A class that was asked for: by name, by number, or by a text that may be either.</summary>
public sealed record ClassChoice
{
    private readonly string? _text;
    private readonly int? _number;

    private ClassChoice(string? text, int? number) => (_text, _number) = (text, number);

    /// <summary>By number, from 0.</summary>
    public static ClassChoice Numbered(int number) => new(null, number);

    /// <summary>By name; a text of digits that is no class's name is its number.</summary>
    public static ClassChoice Named(string text) => new(text, null);

    /// <summary>Its number in a model.</summary>
    /// <exception cref="ArgumentException">The model has no such class; the message says what it has.</exception>
    public int In(DiffusionModel model)
    {
        var count = model.Denoiser.ClassCount;
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
