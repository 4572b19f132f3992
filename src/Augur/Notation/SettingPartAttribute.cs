namespace Augur.Notation;

/// <summary>Declares a property of an options record as a part: its own settings are written among those of the whole.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingPartAttribute : Attribute
{
    /// <summary>Name of the setting after which the part's settings are listed. Null: at the place of the declaration.</summary>
    public string? After { get; set; }
}
