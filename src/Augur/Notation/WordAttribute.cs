namespace Augur.Notation;

/// <summary>
/// How texts write a member of an enumeration, where that is not its name in lower case with hyphens. Of several the first is written, all are
/// read.
/// </summary>
/// <param name="words">At least one.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class WordAttribute(params string[] words) : Attribute
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words => words;
}
