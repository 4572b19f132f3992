using System.Reflection;

namespace Augur.Notation;

/// <summary>Describes one setting, for help texts and forms.</summary>
/// <param name="Name">The name in the notation of the command line.</param>
/// <param name="Values">The accepted values, in words.</param>
/// <param name="Default">The default, in the notation of the command line.</param>
/// <param name="Unit">Unit, in the plural, such as <c>calls</c>; null: dimensionless.</param>
/// <param name="Minimum">
/// For a number: the lower end of its range; <paramref name="Values"/> says whether that end is excluded. Null: not a number.
/// </param>
/// <param name="Maximum">For a number: the upper end of its range. Null: not a number.</param>
public sealed record SettingInfo(string Name, string Values, string Default, string? Unit, double? Minimum, double? Maximum)
{
    /// <summary>The accepted words, some of which may take settings of their own; empty for numbers and free text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>What the setting does, in a sentence or two; empty if the library's XML documentation file is not beside the assembly.</summary>
    public string Doc => Property is null ? About : SettingDocumentation.Of(Property);

    /// <summary>Whether it may stand first without its name.</summary>
    public bool IsPositional { get; init; }

    /// <summary>The property that holds the setting; null if no single property does.</summary>
    internal PropertyInfo? Property { get; init; }

    /// <summary>What the setting does, if there is no property whose documentation says it.</summary>
    internal string About { get; init; } = "";
}
