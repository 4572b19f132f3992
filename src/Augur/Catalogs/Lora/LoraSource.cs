using System.Globalization;

namespace Augur.Catalogs;

/// <summary>A LoRA that a model is loaded with, and how strongly.</summary>
/// <param name="Path">File, or folder with one.</param>
/// <param name="Scale">How much of its change is made: 1 all, 0 none, negative the opposite; finite.</param>
public sealed record LoraSource(string Path, double Scale = 1)
{
    /// <summary>Reads <c>FILE</c> or <c>FILE:SCALE</c>; what is the name of a file as it stands, colons included, is that file.</summary>
    /// <exception cref="ArgumentException">There is no file in it, or the scale is no finite number; the message says what is possible.</exception>
    public static LoraSource Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (File.Exists(text))
        {
            return new LoraSource(text);
        }

        var colon = text.LastIndexOf(':');
        var behind = text[(colon + 1)..];
        if (colon < 0 || behind.Contains('/') || behind.Contains('\\'))
        {
            return new LoraSource(text.Length > 0 ? text : throw Wrong());
        }

        return colon > 0 && double.TryParse(behind, NumberStyles.Float, CultureInfo.InvariantCulture, out var scale)
            ? new LoraSource(text[..colon], scale).Validated()
            : throw Wrong();

        ArgumentException Wrong() => new($"\"{text}\" is no LoRA; it is FILE or FILE:SCALE, where SCALE is a number such as 0.8.");
    }

    /// <summary>Checks the scale.</summary>
    /// <exception cref="ArgumentException">It is not finite in single precision.</exception>
    public LoraSource Validated() => float.IsFinite((float)Scale) ? this
        : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"{Path}: the scale of a LoRA is a number up to 3e38 either way, not {Scale}."));

    /// <summary>As it is given: <c>FILE:SCALE</c>, or the file alone at scale 1.</summary>
    public override string ToString() => Scale == 1 ? Path : string.Create(CultureInfo.InvariantCulture, $"{Path}:{Scale}");
}
