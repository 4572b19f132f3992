using System.Text.RegularExpressions;

namespace Augur.Tests;

/// <summary>Who may name whom: the table of ARCHITECTURE.md, held against the sources.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> s_mayName = new()
    {
        ["Augur.Tensors"] = [],
        ["Augur.Notation"] = [],
        ["Augur.Conditioning"] = ["Augur.Tensors", "Augur.Notation"],
        ["Augur.Sampling"] = ["Augur.Tensors", "Augur.Notation"],
        ["Augur.Caching"] = ["Augur.Tensors", "Augur.Notation"],
        ["Augur.Decoding"] = ["Augur.Tensors"],
        ["Augur.Models"] = ["Augur.Tensors", "Augur.Conditioning", "Augur.Caching", "Augur.Sampling"],
        ["Augur.Pipelines"] = ["Augur.Tensors", "Augur.Conditioning", "Augur.Sampling", "Augur.Caching", "Augur.Models", "Augur.Decoding"],
        ["Augur.Metrics"] = ["Augur.Tensors", "Augur.Pipelines", "Augur.Decoding"],
        ["Augur.Tuning"] = ["Augur.Tensors", "Augur.Notation", "Augur.Sampling", "Augur.Caching", "Augur.Catalogs", "Augur.Pipelines", "Augur.Metrics", "Augur.Decoding"],
        ["Augur.Requests"] = ["Augur.Notation", "Augur.Conditioning", "Augur.Sampling", "Augur.Caching", "Augur.Catalogs", "Augur.Pipelines", "Augur.Tuning"],
        ["Augur.Cli"] = ["Augur.Requests", "Augur.Notation", "Augur.Tuning", "Augur.Catalogs", "Augur.Pipelines", "Augur.Metrics", "Augur.Sampling", "Augur.Decoding", "Augur.Replay", "Augur.Tensors"],
    };

    // Contracts are open where concrete things are not.
    private static readonly (string From, string Forbidden)[] s_mayNotName =
    [
        ("Augur.Models", "Augur.Caching.Policies"),
        ("Augur.Pipelines", "Augur.Caching.Policies"),
        ("Augur.Pipelines", "Augur.Models.Dit"),
        ("Augur.Requests", "Augur.Caching.Policies"),
        ("Augur.Cli", "Augur.Caching"),
        ("Augur.Cli", "Augur.Models"),
    ];

    public static TheoryData<string> Stations => [.. s_mayName.Keys];

    [Theory]
    [MemberData(nameof(Stations))]
    public void A_station_names_only_what_the_river_allows(string station)
    {
        var offences = from file in Sources(station)
                       from named in NamedBy(file)
                       where !named.StartsWith(station, StringComparison.Ordinal)
                       where !s_mayName[station].Any(allowed => IsWithin(named, allowed))
                           || s_mayNotName.Any(rule => rule.From == station && IsWithin(named, rule.Forbidden))
                       select $"{Path.GetFileName(file)} names {named}";
        Assert.Empty(offences);
    }

    [Theory]
    [MemberData(nameof(Stations))]
    public void Every_station_of_the_table_has_sources(string station) => Assert.NotEmpty(Sources(station));

    [Fact]
    public void No_model_file_names_a_method()
    {
        string[] methods = ["SpeCa", "TaylorSeer", "Fora", "ToCa", "DuCa", "ClusCa", "HiCache", "FoCa", "TeaCache", "SeaCache", "MagCache", "EasyCache", "DeepCache"];
        var offences = from file in Sources("Augur.Models")
                       let text = File.ReadAllText(file)
                       from method in methods
                       where text.Contains(method, StringComparison.Ordinal)
                       select $"{Path.GetFileName(file)} names {method}";
        Assert.Empty(offences);
    }

    private static bool IsWithin(string name, string space) => name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    private static IEnumerable<string> Sources(string station)
    {
        var root = Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Fixtures.Path("").TrimEnd('/'))!)!, "src");
        return Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(f => NamespaceOf().Match(File.ReadAllText(f)) is { Success: true } match && IsWithin(match.Groups[1].Value, station));
    }

    // using directives, and names written out in full.
    private static IEnumerable<string> NamedBy(string file) =>
        from Match match in FullName().Matches(CommentLine().Replace(File.ReadAllText(file), ""))
        select match.Value.TrimEnd('.');

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"\bAugur\.(Tensors|Notation|Conditioning|Sampling|Caching|Decoding|Models|Pipelines|Catalogs|Requests|Replay|Cli|Metrics|Tuning)\b(\.(Policies|Forecasting|Tokens|Schedules|Dit|Cpu|Reference|Weights|Commands))?")]
    private static partial Regex FullName();

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline)]
    private static partial Regex CommentLine();
}
