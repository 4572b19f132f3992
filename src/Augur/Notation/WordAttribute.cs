namespace Augur.Notation;

/// <summary>
/// The words for a member of an enumeration, if they are not its name in lower case with hyphens. All are accepted; the first is written.
/// </summary>
/// <param name="words">At least one.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class WordAttribute(params string[] words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;
}
