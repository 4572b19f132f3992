using System.Diagnostics.CodeAnalysis;

namespace Augur.Notation;

/// <summary>
/// Declares a property of an options record as a setting that texts can name: the one place that says its name, range and unit. Its default is
/// the property's, its description the summary of the property's documentation.
/// </summary>
/// <param name="name">As the command line writes it: <c>interval</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string name) : Attribute
{
    private readonly double _minimum = double.NaN, _maximum = double.NaN;

    /// <summary>A number, or numbers, in a range; <see cref="Setting.Checked"/> holds values against it.</summary>
    /// <param name="name">As the command line writes it: <c>interval</c>.</param>
    /// <param name="minimum">The least value.</param>
    /// <param name="maximum">The largest value; finite.</param>
    public SettingAttribute(string name, double minimum, double maximum)
        : this(name) => (_minimum, _maximum) = (minimum, maximum);

    /// <summary>As the command line writes it.</summary>
    public string Name => name;

    /// <summary>The numbers that it may be; null: it is no number.</summary>
    public SettingRange? Range => double.IsNaN(_minimum) ? null : new(_minimum, _maximum, AboveMinimum, BelowMaximum);

    /// <summary>Whether the minimum itself is left out.</summary>
    public bool AboveMinimum { get; set; }

    /// <summary>Whether the maximum itself is left out.</summary>
    public bool BelowMaximum { get; set; }

    /// <summary>What it counts or is measured in, in the plural: <c>calls</c>. Null: it has no dimension.</summary>
    public string? Unit { get; set; }

    /// <summary>The word for null, or for a list without numbers. Numbers that may be null have <c>none</c>.</summary>
    public string? None { get; set; }

    /// <summary>Whether that word cannot be chosen, and only says that there is nothing to set.</summary>
    public bool HidesNone { get; set; }

    /// <summary>Of a list of numbers: how many at most. 0: any number.</summary>
    public int MostNumbers { get; set; }

    /// <summary>Of an enumeration: the members that it may be. Null: all.</summary>
    public object[]? Only { get; set; }

    /// <summary>Of a text: what it may be, in words.</summary>
    public string? Values { get; set; }

    /// <summary>Of a thing with settings of its own: the class whose static property <c>Catalog</c> knows all of its kind.</summary>
    [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties | DynamicallyAccessedMemberTypes.NonPublicProperties)]
    public Type? Catalog { get; set; }

    /// <summary>Another setting that changes a part of this one: written in its place where that says all.</summary>
    public string? Shorthand { get; set; }

    /// <summary>Whether the value may stand without the name, first in the brackets: <c>sampled(0.1)</c>.</summary>
    public bool IsPositional { get; set; }

    /// <summary>The setting behind which it stands. Null: where it is declared, those of a base record last.</summary>
    public string? After { get; set; }
}
