using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Domain.Extensions;
using ArchUnitNET.Loader;

namespace Augur.Tests;

/// <summary>
/// Who may name whom: the table of ARCHITECTURE.md, held against the compiled library. What a type depends on counts however it comes by it: by name, through the property
/// of a property, as a generic argument, in a lambda.
/// </summary>
public sealed partial class ArchitectureTests
{
    private static readonly string s_root = Path.GetFullPath(Path.Combine(Fixtures.Path(""), "..", ".."));

    private static readonly Lazy<Architecture> s_library = new(() =>
        new ArchLoader().LoadAssemblies(typeof(Augur.Tensors.Tensor).Assembly, typeof(Augur.Catalogs.PolicyCatalog).Assembly, typeof(Augur.Cli.Commands.AugurCommand).Assembly).Build());

    private static readonly Dictionary<string, Station> s_table = ReadTable();

    /// <summary>What the table says of a station.</summary>
    /// <param name="MayName">Stations.</param>
    /// <param name="Except">Parts of these.</param>
    private sealed record Station(IReadOnlyList<string> MayName, IReadOnlyList<string> Except);

    public static TheoryData<string> Stations => [.. s_table.Keys];

    [Theory]
    [MemberData(nameof(Stations))]
    public void A_station_depends_only_on_what_the_table_allows(string station)
    {
        var (mayName, except) = s_table[station];
        var offences = from type in TypesOf(station)
                       from target in type.Dependencies.Select(d => d.Target).Distinct()
                       let named = target.Namespace?.FullName ?? ""
                       where IsWithin(named, "Augur") && !IsWithin(named, $"Augur.{station}")
                       where !mayName.Any(allowed => IsWithin(named, $"Augur.{allowed}")) || except.Any(part => IsWithin(named, $"Augur.{part}") || target.FullName == $"Augur.{part}")
                       select $"{type.FullName} depends on {target.FullName}";
        Assert.Empty(offences.Distinct().Order());
    }

    [Fact]
    public void Every_type_of_the_library_stands_at_a_station_of_the_table()
    {
        var homeless = from type in s_library.Value.Types
                       let space = type.Namespace?.FullName ?? ""
                       where IsWithin(space, "Augur") && !s_table.Keys.Any(station => IsWithin(space, $"Augur.{station}"))
                       select type.FullName;
        Assert.Empty(homeless.Distinct());
        Assert.All(s_table.Keys, station => Assert.NotEmpty(TypesOf(station)));
    }

    [Fact]
    public void What_the_table_names_exists()
    {
        var spaces = s_library.Value.Types.Select(t => t.Namespace?.FullName ?? "").ToHashSet();
        foreach (var part in s_table.Values.SelectMany(s => s.MayName.Concat(s.Except)).Distinct())
        {
            Assert.True(spaces.Any(space => IsWithin(space, $"Augur.{part}")) || s_library.Value.Types.Any(t => t.FullName == $"Augur.{part}"), $"There is no {part}.");
        }
    }

    [Fact]
    public void The_check_sees_what_comes_through_a_property_a_generic_argument_and_a_lambda()
    {
        var here = new ArchLoader().LoadAssemblies(typeof(ArchitectureTests).Assembly, typeof(Augur.Tensors.Tensor).Assembly, typeof(Augur.Catalogs.PolicyCatalog).Assembly).Build();
        Assert.Contains("Augur.Tensors.IBackend", DependenciesOf(typeof(ThroughAProperty))); // whose name stands nowhere in it
        Assert.Contains("Augur.Caching.Signal", DependenciesOf(typeof(AsAGenericArgument)));
        Assert.Contains("Augur.Caching.NoCachePolicy", DependenciesOf(typeof(InALambda)));

        IEnumerable<string> DependenciesOf(Type type) => here.Types.Single(t => t.FullName == type.FullName).Dependencies.Select(d => d.Target.FullName);
    }

    [Fact]
    public void No_model_file_names_a_method()
    {
        string[] methods = [... Augur.Catalogs.PolicyCatalog.All.Where(p => p.Name is not ("none" or "augur")).Select(p => p.Name.Replace("-", "", StringComparison.Ordinal))];
        var offences = from file in Directory.EnumerateFiles(Path.Combine(s_root, "src/Augur/Models"), "*.cs", SearchOption.AllDirectories)
                       let text = File.ReadAllText(file)
                       from method in methods
                       where Regex.IsMatch(text, $@"\b{method}", RegexOptions.IgnoreCase)
                       select $"{Path.GetFileName(file)} names {method}";
        Assert.Empty(offences);
    }

    private static IEnumerable<IType> TypesOf(string station) => s_library.Value.Types.Where(t => IsWithin(t.Namespace?.FullName ?? "", $"Augur.{station}"));

    private static bool IsWithin(string name, string space) => name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    // | Models, Replay | Tensors, Caching | Caching.Policies |
    private static Dictionary<string, Station> ReadTable()
    {
        var text = File.ReadAllText(Path.Combine(s_root, "ARCHITECTURE.md"));
        var table = text[text.IndexOf("## Who may name whom", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        var rows = Row().Matches(table).Select(row => row.Groups.Values.Skip(1).Select(cell => Names(cell.Value)).ToArray()).ToArray();
        string[] all = [.. rows.SelectMany(row => row[0]).Where(name => name != "Cli")];
        return rows.SelectMany(row => row[0].Select(station => (station, new Station(row[1] is ["everything in the library"] ? all : row[1], row[2])))).ToDictionary();
    }

    private static string[] Names(string cell) => [.. cell.Split(',', StringSplitOptions.TrimEntries).Where(name => name is not ("" or "nothing"))];

    [GeneratedRegex(@"^\| (?!station|-)([^|]+) \| ([^|]+) \|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    private sealed class ThroughAProperty
    {
        public static int Bytes(Augur.Pipelines.DiffusionModel model) => (int)model.Denoiser.Backend.BytesInUse;
    }

    private sealed class AsAGenericArgument
    {
        public static object Make() => new List<Augur.Caching.Signal>();
    }

    private sealed class InALambda
    {
        public static Func<string> Make(int suffix) => () => Augur.Caching.NoCachePolicy.Instance.Name + suffix;
    }
}
