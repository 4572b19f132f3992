using System.Globalization;
using System.Text.RegularExpressions;
using Augur.Catalogs;

namespace Augur.Tests;

/// <summary>
/// Who may depend on whom: the table of ARCHITECTURE.md, held against the compiled library. A dependency counts however a type comes by it: by name,
/// through the property of a property, as a generic argument, in a lambda.
/// </summary>
public sealed partial class ArchitectureTests
{
    private const string InEveryAssembly = "Augur.Arguments"; // src/Shared: compiled into each, depends on nothing

    private static readonly string s_root = Path.GetFullPath(Path.Combine(Fixtures.Path(""), "..", ".."));

    // Read by Cecil alone: ArchUnitNET 0.13 fails on arrays of function pointers, which the kernels have.
    private static readonly Lazy<IReadOnlyList<TypeDependencies>> s_library = new(() =>
    [
        .. TypeDependencies.Of(typeof(Augur.Tensors.Tensor).Assembly.Location),
        .. TypeDependencies.Of(typeof(Augur.Vulkan.VulkanBackend).Assembly.Location),
        .. TypeDependencies.Of(typeof(PolicyCatalog).Assembly.Location),
        .. TypeDependencies.Of(typeof(Augur.Cli.Commands.AugurCommand).Assembly.Location),
    ]);

    private static readonly Dictionary<string, Station> s_table = ReadTable();

    public static TheoryData<string> Stations => [.. s_table.Keys];

    [Theory]
    [MemberData(nameof(Stations))]
    public void A_station_depends_only_on_what_the_table_allows(string station)
    {
        var (mayName, except) = s_table[station];
        var offences = (from type in TypesOf(station)
                        from target in type.Targets
                        where IsWithin(target, "Augur") && !IsWithin(target, $"Augur.{station}") && target != InEveryAssembly
                        where !mayName.Any(allowed => IsWithin(target, $"Augur.{allowed}")) || except.Any(part => IsWithin(target, $"Augur.{part}"))
                        select $"{type.Name} depends on {target}").Distinct().Order().ToArray();
        Assert.True(offences.Length == 0, string.Join('\n', offences));
    }

    [Fact]
    public void Every_type_of_the_library_stands_at_a_station_of_the_table()
    {
        var homeless = s_library.Value.Where(t => IsWithin(t.Name, "Augur") && t.Name != InEveryAssembly
            && !s_table.Keys.Any(station => IsWithin(t.Name, $"Augur.{station}")));
        Assert.Empty(homeless.Select(t => t.Name));
        Assert.All(s_table.Keys, station => Assert.NotEmpty(TypesOf(station)));
    }

    [Fact]
    public void What_the_table_names_exists() => Assert.All(
        s_table.Values.SelectMany(s => s.MayName.Concat(s.Except)).Distinct(),
        part => Assert.Contains(s_library.Value, t => IsWithin(t.Name, $"Augur.{part}")));

    [Fact]
    public void The_check_sees_what_comes_through_a_property_a_generic_argument_and_a_lambda()
    {
        var here = TypeDependencies.Of(typeof(ArchitectureTests).Assembly.Location).ToDictionary(t => t.Name, t => t.Targets);
        Assert.Contains("Augur.Tensors.IBackend", here[NameOf(typeof(ThroughAProperty))]); // whose name stands nowhere in it
        Assert.Contains("Augur.Caching.Signal", here[NameOf(typeof(AsAGenericArgument))]);
        Assert.Contains("Augur.Caching.NoCachePolicy", here[NameOf(typeof(InALambda))]);

        static string NameOf(Type type) => type.FullName!.Replace('+', '.');
    }

    [Fact]
    public void No_model_file_names_a_method()
    {
        string[] methods = [.. TypesOf("Caching.Policies").Select(t => t.Name.Split('.')[^1]).Where(name => PolicyName().IsMatch(name))
            .Select(name => name[..^"Policy".Length]).Where(name => name is not ("Augur" or "Interval" or "Cache"))];
        Assert.Contains("TaylorSeer", methods);
        var offences = from file in Directory.EnumerateFiles(Path.Combine(s_root, "src/Augur/Models"), "*.cs", SearchOption.AllDirectories)
                       let text = File.ReadAllText(file)
                       from method in methods
                       where text.Contains(method, StringComparison.Ordinal)
                       select $"{Path.GetFileName(file)} names {method}";
        Assert.Empty(offences);
    }

    [Fact]
    public void The_walk_along_a_network_call_is_as_long_as_the_page_says()
    {
        var rows = WalkRow().Matches(File.ReadAllText(Path.Combine(s_root, "ARCHITECTURE.md")));
        Assert.Equal(4, rows.Count);
        var counted = rows.Select(row =>
        {
            var (file, names) = (row.Groups["file"].Value, row.Groups["names"].Value.Split(", ").Select(name => name.Trim('`')));
            var lines = File.ReadAllLines(Path.Combine(s_root, "src/Augur", file));
            return (file, Lines: names.Sum(name => LinesOf(lines, name)));
        });
        Assert.Equal(rows.Select(row => (row.Groups["file"].Value, int.Parse(row.Groups["lines"].Value, CultureInfo.InvariantCulture))), counted);

        static int LinesOf(string[] lines, string name)
        {
            var first = Array.FindIndex(lines, line => Regex.IsMatch(line, $@"^\s*(public|private|internal) [^=;]*\b{name}\b"));
            var indent = lines[first].TakeWhile(char.IsWhiteSpace).Count();
            return Array.FindIndex(lines, first, line => line == $"{new string(' ', indent)}}}") - first + 1;
        }
    }

    private static IEnumerable<TypeDependencies> TypesOf(string station) => s_library.Value.Where(t => IsWithin(t.Name, $"Augur.{station}"));

    // Augur.Models is all that stands there; Augur.Models.* what stands in a folder of it.
    private static bool IsWithin(string name, string space) => space.EndsWith(".*", StringComparison.Ordinal)
        ? name.StartsWith(space[..^1], StringComparison.Ordinal) && name[(space.Length - 1)..].Contains('.', StringComparison.Ordinal)
        : name == space || name.StartsWith(space + ".", StringComparison.Ordinal);

    // | Models, Replay | Tensors, Caching | Caching.Policies |
    private static Dictionary<string, Station> ReadTable()
    {
        var text = File.ReadAllText(Path.Combine(s_root, "ARCHITECTURE.md")).ReplaceLineEndings("\n");
        var table = text[text.IndexOf("## Who may name whom", StringComparison.Ordinal)..];
        table = table[..table.IndexOf("\n## ", 5, StringComparison.Ordinal)];
        var rows = Row().Matches(table).Select(row => row.Groups.Values.Skip(1).Select(cell => Names(cell.Value)).ToArray()).ToArray();
        string[] all = [.. rows.SelectMany(row => row[0]).Where(name => name != "Cli")];
        return rows
            .SelectMany(row => row[0].Select(station => (station, new Station(row[1] is ["everything in the library"] ? all : row[1], row[2]))))
            .ToDictionary();
    }

    private static string[] Names(string cell) => [.. cell.Split(',', StringSplitOptions.TrimEntries).Where(name => name is not ("" or "nothing"))];

    [GeneratedRegex(@"^\| (?!station|-)([^|]+) \| ([^|]+) \|([^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^\| `(?<file>[A-Za-z/]+\.cs)`: (?<names>`\w+`(?:, `\w+`)*) \| (?<lines>[0-9]+) \|", RegexOptions.Multiline)]
    private static partial Regex WalkRow();

    [GeneratedRegex("^[A-Za-z0-9]+Policy$")]
    private static partial Regex PolicyName();

    /// <summary>What the table says of a station.</summary>
    /// <param name="MayName">Stations.</param>
    /// <param name="Except">Parts of these.</param>
    private sealed record Station(IReadOnlyList<string> MayName, IReadOnlyList<string> Except);

    private static class ThroughAProperty
    {
        public static long Bytes(Augur.Pipelines.DiffusionModel model) => model.Denoiser.Backend.BytesInUse;
    }

    private static class AsAGenericArgument
    {
        public static object Make() => new List<Augur.Caching.Signal>();
    }

    private static class InALambda
    {
        public static Func<string> Make(int suffix) => () => Augur.Caching.NoCachePolicy.Instance.Name + suffix;
    }
}
