using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Augur.Notation;

/// <summary>
/// The XML summaries of settings' properties, for help texts. They are read, on first use, from the documentation file that the compiler writes and
/// the build copies beside the assembly, so that a description is written once, in the source.
/// </summary>
internal static partial class SettingDocumentation
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> s_files = new();

    /// <summary>The summary of a property as plain text; empty if there is no documentation file or no entry for the property.</summary>
    public static string Of(PropertyInfo property)
    {
        var (assembly, type) = (property.DeclaringType!.Assembly, property.DeclaringType.FullName!.Replace('+', '.'));
        return s_files.GetOrAdd(assembly, Read).TryGetValue($"P:{type}.{property.Name}", out var summary)
            ? Spaces().Replace(string.Concat(summary.Nodes().Select(node => Text(node, assembly))), " ").Trim()
            : "";
    }

    private static Dictionary<string, XElement> Read(Assembly assembly)
    {
        try
        {
            return XDocument.Load(Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml")).Descendants("member")
                .Where(member => member.Attribute("name") is not null && member.Element("summary") is not null)
                .DistinctBy(member => member.Attribute("name")!.Value)
                .ToDictionary(member => member.Attribute("name")!.Value, member => member.Element("summary")!);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or XmlException)
        {
            return []; // only help texts are affected
        }
    }

    private static string Text(XNode node, Assembly assembly) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } reference => Named(reference.Value, assembly),
        XElement element when (element.Attribute("langword") ?? element.Attribute("name")) is { } word => word.Value,
        XElement element => string.Concat(element.Nodes().Select(inner => Text(inner, assembly))),
        _ => "",
    };

    // Renders a cref as the command line names it: the setting's name, the word of an enumeration member, otherwise the last part of the reference.
    private static string Named(string reference, Assembly assembly)
    {
        var dot = reference.LastIndexOf('.');
        var (type, member) = (assembly.GetType(reference[2..dot]), reference[(dot + 1)..]);
        return reference[0] switch
        {
            'P' => type?.GetProperty(member)?.GetCustomAttribute<SettingAttribute>()?.Name ?? member,
            'F' when type is { IsEnum: true } => EnumWords.Of(type.GetField(member)!)[0],
            _ => member,
        };
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
