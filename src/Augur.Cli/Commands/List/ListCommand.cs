using System.CommandLine;
using System.Text.Json;
using Augur.Catalogs;
using Augur.Notation;

namespace Augur.Cli.Commands.List;

/// <summary><c>augur list</c>: what texts can name, with settings.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var kind = new Argument<string?>("kind")
        {
            Description = $"{string.Join(", ", Kinds.Select(k => k.Name))}; default: the kinds.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var name = new Argument<string?>("name") { Description = "One of them, with its settings.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "Print JSON, always with the settings." };
        var command = new Command("list", """
            List what can be named: caching methods and their parts, samplers, models, noise, metrics, devices, with settings, values and defaults.

              augur list
              augur list policies
              augur list policies speca
              augur list samplers --json
            """) { kind, name, json };
        command.SetAction(parsed => Run(parsed.GetValue(kind), parsed.GetValue(name), parsed.GetValue(json), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static IEnumerable<ListedKind> Kinds => [.. CatalogList.All, .. ProgramList.All];

    private static int Run(string? kindName, string? name, bool json, TextWriter output)
    {
        IReadOnlyList<ListedKind> kinds = kindName is null ? [.. Kinds] : [Find(kindName, Kinds, k => k.Name, "kind")];
        if (name is not null)
        {
            kinds = [kinds[0] with { Entries = [Find(name, kinds[0].Entries, e => e.Name, $"entry of {kindName}")] }];
        }

        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(kinds, CliJson.Indented.IReadOnlyListListedKind));
        }
        else if (kindName is null)
        {
            Write(output, "kind", kinds.Select(k => (k.Name, $"{k.Use} ({k.Entries.Count})")));
            Terminal.WriteText(output, "augur list KIND shows them; augur list KIND NAME the settings of one.");
        }
        else if (name is null)
        {
            Terminal.WriteText(output, $"{kinds[0].Name}, {kinds[0].Use}");
            Write(output, "name", kinds[0].Entries.Select(e => (e.Name, e.Summary)));
            if (kinds[0].Entries.Any(e => e.Settings.Count > 0))
            {
                Terminal.WriteText(output, $"augur list {kindName} NAME shows the settings of one.");
            }
        }
        else
        {
            WriteEntry(output, kinds[0].Entries[0]);
        }

        return 0;
    }

    private static T Find<T>(string word, IEnumerable<T> all, Func<T, string> name, string what) => all.FirstOrDefault(x => name(x) == word)
        ?? throw CommandException.WrongUse($"There is no {what} \"{word}\"; {Spelling.Suggest(word, all.Select(name))}.");

    private static void WriteEntry(TextWriter output, ListedEntry entry)
    {
        Terminal.WriteText(output, $"{entry.Name}: {entry.Summary}");
        if (entry.Settings.Count == 0)
        {
            Terminal.WriteText(output, "It has no settings.");
            return;
        }

        Write(output, "setting", entry.Settings.Select(s =>
            (s.Name, $"{s.Values}{(s.Unit is null ? "" : $", in {s.Unit}")}; default {s.Default}. {s.Doc}")));
        var first = entry.Settings[0];
        Terminal.WriteText(output, $"As text: {entry.Name}({first.Name}={first.Default}).");
    }

    private static void Write(TextWriter output, string title, IEnumerable<(string Name, string Text)> rows)
    {
        var lines = rows.ToList();
        var width = Math.Max(title.Length, lines.Max(r => r.Name.Length)) + 2;
        foreach (var (name, text) in lines)
        {
            var room = Math.Max(20, Terminal.Width(output) - width - 2);
            foreach (var (line, i) in TextLines.Break(text, room).Select((line, i) => (line, i)))
            {
                output.WriteLine($"  {(i == 0 ? name : "").PadRight(width)}{line}");
            }
        }
    }
}
