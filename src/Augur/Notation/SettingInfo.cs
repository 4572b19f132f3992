using System.Reflection;

namespace Augur.Notation;

/// <summary>One setting, for help texts.</summary>
/// <param name="Name">As the command line writes it.</param>
/// <param name="Values">What it may be, in words.</param>
/// <param name="Default">What it is when not given, as the command line writes it.</param>
/// <param name="Unit">What it counts or is measured in, in the plural; null: it has no dimension.</param>
/// <param name="Minimum">
/// Of a number: the lower end of its range; <paramref name="Values"/> says whether that end is left out. Null: it is no number.
/// </param>
/// <param name="Maximum">Of a number: the upper end of its range. Null: it is no number.</param>
public sealed record SettingInfo(string Name, string Values, string Default, string? Unit, double? Minimum, double? Maximum)
{
    /// <summary>The words that it may be, some of which may take settings of their own; empty where it is a number or a text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What it does, in a sentence or two; empty where the library's documentation file does not lie beside it.</summary>
    public string Doc => Property is null ? About : SettingDocumentation.Of(Property);

    /// <summary>The property that is set; null: none alone.</summary>
    internal PropertyInfo? Property { get; init; }

    /// <summary>What it does, where no property says so.</summary>
    internal string About { get; init; } = "";
}
