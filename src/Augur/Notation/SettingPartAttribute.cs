namespace Augur.Notation;

/// <summary>Declares a property of an options record as a part: its own settings are written among those of the whole.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingPartAttribute : Attribute
{
    /// <summary>The setting behind which the part's stand. Null: where the part is declared.</summary>
    public string? After { get; set; }
}
