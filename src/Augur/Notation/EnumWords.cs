using System.Reflection;
using System.Text.RegularExpressions;

namespace Augur.Notation;

/// <summary>How texts write the members of an enumeration.</summary>
internal static partial class EnumWords
{
    /// <summary>Word and member, in the order of declaration; of a member with several words the first is the one to write.</summary>
    /// <param name="type">The enumeration.</param>
    /// <param name="only">The members wanted; null: all.</param>
    public static IReadOnlyList<(string Word, object Member)> Of(Type type, IReadOnlyList<object>? only = null) =>
    [
        .. from field in type.GetFields(BindingFlags.Public | BindingFlags.Static)
           let member = field.GetValue(null)!
           where only is null || only.Contains(member)
           from word in Of(field)
           select (word, member),
    ];

    /// <summary>The words of one member: <c>DitTables</c> is dit-tables unless it says otherwise.</summary>
    public static IReadOnlyList<string> Of(FieldInfo member) =>
        member.GetCustomAttribute<WordAttribute>()?.Words ?? [WordStart().Replace(member.Name, "-").ToLowerInvariant()];

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
