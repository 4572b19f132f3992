using System.Reflection;
using System.Text.RegularExpressions;

namespace Augur.Notation;

/// <summary>The words that stand for the members of an enumeration in settings.</summary>
internal static partial class EnumWords
{
    /// <summary>Pairs of word and member, in the order of declaration. A member with several words is written as the first.</summary>
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

    /// <summary>The words of one member: <c>DitTables</c> becomes dit-tables unless a <see cref="WordAttribute"/> says otherwise.</summary>
    public static IReadOnlyList<string> Of(FieldInfo member) =>
        member.GetCustomAttribute<WordAttribute>()?.Words ?? [WordStart().Replace(member.Name, "-").ToLowerInvariant()];

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex WordStart();
}
