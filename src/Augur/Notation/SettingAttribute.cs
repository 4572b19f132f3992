using System.Diagnostics.CodeAnalysis;

namespace Augur.Notation;

/// <summary>
/// Declares a property of an options record as a setting: the only place that states its name, range and unit. Its default is the property's, its
/// description the summary of the property's documentation.
/// </summary>
/// <param name="name">Name in the notation of the command line, such as <c>interval</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string name) : Attribute
{
    private readonly double _minimum = double.NaN, _maximum = double.NaN;

    /// <summary>Declares a number, or a list of numbers, with a range that <see cref="Setting.Checked"/> enforces.</summary>
    /// <param name="name">Name in the notation of the command line, such as <c>interval</c>.</param>
    /// <param name="minimum">The least value.</param>
    /// <param name="maximum">The largest value; finite.</param>
    public SettingAttribute(string name, double minimum, double maximum)
        : this(name) => (_minimum, _maximum) = (minimum, maximum);

    /// <summary>The name in the notation of the command line.</summary>
    public string Name => name;

    /// <summary>The accepted range; null if the setting is not a number.</summary>
    public SettingRange? Range => double.IsNaN(_minimum) ? null : new(_minimum, _maximum, AboveMinimum, BelowMaximum);

    /// <summary>Whether the minimum itself is excluded.</summary>
    public bool AboveMinimum { get; set; }

    /// <summary>Whether the maximum itself is excluded.</summary>
    public bool BelowMaximum { get; set; }

    /// <summary>Unit, in the plural: <c>calls</c>. Null: dimensionless.</summary>
    public string? Unit { get; set; }

    /// <summary>The word for null, or for a list without numbers. The default for nullable numbers is <c>none</c>.</summary>
    public string? None { get; set; }

    /// <summary>Whether the word of <see cref="None"/> is only displayed as the default, and is not accepted as a value.</summary>
    public bool HidesNone { get; set; }

    /// <summary>For a list of numbers: the largest count. 0: unlimited.</summary>
    public int MostNumbers { get; set; }

    /// <summary>For an enumeration: the accepted members. Null: all.</summary>
    public object[]? Only { get; set; }

    /// <summary>For a text: the accepted values, in words for messages.</summary>
    public string? Values { get; set; }

    /// <summary>For a value with settings of its own: the class whose static property <c>Catalog</c> is the catalog of such values.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties)]
    public Type? Catalog { get; set; }

    /// <summary>Name of another setting that changes a part of this one, and is written instead of it if it expresses the whole difference.</summary>
    public string? Shorthand { get; set; }

    /// <summary>Whether the value may be given without the name, as the first one in the brackets: <c>sampled(0.1)</c>.</summary>
    public bool IsPositional { get; set; }

    /// <summary>Name of the setting after which this one is listed. Null: the order of declaration, those of a base record last.</summary>
    public string? After { get; set; }
}
