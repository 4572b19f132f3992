using Augur.Catalogs;
using Augur.Cli.Commands.Bench;
using Augur.Requests;

namespace Augur.Cli.Commands.List;

/// <summary>What only the program can list: the model that comes with it, what bench measures, where it computes, what a request may hold.</summary>
internal static class ProgramList
{
    public static IReadOnlyList<ListedKind> All =>
    [
        new("models", "what draws and writes: --model", Models()),
        new("metrics", "what bench measures", [.. BenchMetric.All.Select(m => new ListedEntry(m.Name, Describe(m), []))]),
        new("devices", "where it computes", Devices()),
        new("fields", "what a request may hold: --request", [.. RequestDescription.Fields.Select(f =>
            new ListedEntry(f.Name, $"{f.Doc} {f.Values}; default: {f.Default}.", []))]),
    ];

    private static string Describe(BenchMetric metric) =>
        $"{(metric.Unit.Length > 0 ? $"in {metric.Unit}, " : "")}{(metric.IsHigherBetter ? "higher" : "lower")} is better; "
        + (metric.IsPaired ? "against the uncached pictures of the same seeds" : "of the pictures alone");

    private static List<ListedEntry> Models()
    {
        var found = ModelInspection.Inspect(ModelCatalog.BuiltInPath);
        var text = ModelInspection.Inspect(ModelCatalog.BuiltInTextPath);
        var writer = ModelInspection.Inspect(ModelCatalog.BuiltInWriterPath);
        return
        [
            new ListedEntry("built-in", $"{found.Architecture}; pictures of {found.Classes.Count} emoji, such as "
                + $"{string.Join(", ", found.Classes.Take(5))}.", []),
            new ListedEntry("built-in for texts", $"{text.Architecture}; pictures of emoji from prompts that name no class.", []),
            new ListedEntry("built-in writer", $"{writer.Architecture}; stories, by augur write.", []),
        ];
    }

    private static List<ListedEntry> Devices() => [.. BackendCatalog.All.Select(entry => new ListedEntry(entry.Name, entry.Description, []))];
}
