using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Caching.Schedules;
using Augur.Caching.Tokens;
using Augur.Catalogs;
using Augur.Notation;
using Augur.Sampling;

namespace Augur.Tests.Notation;

/// <summary>What every setting of everything that a text can name keeps to, as tables over all catalogs.</summary>
public sealed class SettingContractTests
{
    // Whole numbers that count nothing.
    private static readonly string[] s_dimensionless = ["order", "seed"];

    private static readonly (string Kind, string Name, IReadOnlyList<SettingInfo> Settings, Func<string, string, object> Create)[] s_things =
    [
        .. Things("Policy", PolicyCatalog.All), .. Things("Draft", Forecasters.All), .. Things("Schedule", CallSchedules.All),
        .. Things("Tokens", TokenSelectors.All), .. Things("Sampler", Samplers.All), .. Things("Verification", Verifications.Catalog.All),
            .. Things("Mask", ReuseMask.Catalog.All),
    ];

    public static TheoryData<string, string, string> Everything => Table(_ => true);

    public static TheoryData<string, string, string> Numbers => Table(setting => setting.Minimum is not null);

    public static TheoryData<Type> OptionsWithSettings => [.. Lists().Select(list => list.GetType().GetGenericArguments()[0]).Distinct()];

    [Theory]
    [MemberData(nameof(Everything))]
    public void A_setting_says_what_it_may_be_what_it_is_and_what_it_does(string kind, string name, string setting)
    {
        var (_, info, create) = Find(kind, name, setting);
        Assert.NotEqual("", info.Values);
        Assert.NotEqual("", info.Default);
        Assert.EndsWith(".", info.Doc, StringComparison.Ordinal);
        Assert.True(char.IsLetterOrDigit(info.Doc[0]), info.Doc);
        Assert.DoesNotContain("cref", info.Doc, StringComparison.Ordinal);
        Assert.Equal(info.Minimum is null, info.Maximum is null);
        Assert.NotNull(create(setting, info.Default));
        if (info.Words.Count > 0)
        {
            Assert.Contains(info.Default.Split('(')[0], info.Words);
            Assert.All(info.Words, word => Assert.Contains(word, info.Values, StringComparison.Ordinal));
        }

        if (info.Values.Contains("whole number", StringComparison.Ordinal) && !s_dimensionless.Contains(setting))
        {
            Assert.EndsWith("s", info.Unit ?? "", StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_outside_of_its_range_is_refused_by_name_value_and_range(string kind, string name, string setting)
    {
        var (thing, info, create) = Find(kind, name, setting);
        var isList = info.Values.Contains("numbers", StringComparison.Ordinal);
        var isWhole = info.Values.Contains("whole", StringComparison.Ordinal);
        var (low, high) = (info.Minimum!.Value, info.Maximum!.Value);
        Assert.True(double.IsFinite(low) && double.IsFinite(high) && low < high);
        string[] values =
        [
            .. from value in new[] { isWhole ? low - 1 : double.BitDecrement(low), isWhole ? high + 1 : double.BitIncrement(high) }
               where !isWhole || value is >= int.MinValue and <= int.MaxValue
               select value.ToString(CultureInfo.InvariantCulture),
            .. info.Values.Contains("above", StringComparison.Ordinal) ? new[] { low.ToString(CultureInfo.InvariantCulture) } : [],
            .. info.Values.Contains("below", StringComparison.Ordinal) ? new[] { high.ToString(CultureInfo.InvariantCulture) } : [],
            .. isWhole ? Array.Empty<string>() : ["NaN", "Infinity", "-Infinity"],
        ];
        foreach (var value in HasNothingToSet(info) ? [] : values)
        {
            var refusal = Assert.ThrowsAny<ArgumentException>(() => create(setting, value)).Message;
            var range = Regex.Match(info.Values, "^(?:a whole number|a number|.*numbers) ([^,]*)").Groups[1].Value;
            Assert.Equal(
                isList ? $"{thing}: {setting} has {value}; each of its numbers lies {range}." : $"{thing}: {setting} is {value}; it lies {range}.",
                refusal);
        }

        if (!isWhole)
        {
            var comma = Assert.ThrowsAny<ArgumentException>(() => create(setting, "0,5")).Message;
            Assert.Equal($"{thing}: {setting} is \"0,5\"; it is {info.Values}.", comma);
        }
    }

    [Theory]
    [MemberData(nameof(OptionsWithSettings))]
    public void What_is_written_is_read_as_the_same_options(Type options)
    {
        foreach (var list in Lists().Where(list => list.GetType().GetGenericArguments()[0] == options))
        {
            var check = typeof(SettingContractTests).GetMethod(nameof(WriteAndRead), BindingFlags.Static | BindingFlags.NonPublic)!;
            check.MakeGenericMethod(options).Invoke(null, BindingFlags.DoNotWrapExceptions, null, [list], null);
        }
    }

    [Theory]
    [MemberData(nameof(OptionsWithSettings))]
    public void Every_number_of_an_options_record_is_a_setting(Type options)
    {
        Type[] numbers = [typeof(int), typeof(int?), typeof(double), typeof(double?), typeof(IReadOnlyList<double>)];
        var undeclared = options.GetProperties().Where(p => p.CanWrite && p.GetCustomAttribute<SettingAttribute>() is null);
        Assert.Empty(undeclared.Where(p => numbers.Contains(p.PropertyType)).Select(p => p.Name));
    }

    private static TheoryData<string, string, string> Table(Func<SettingInfo, bool> which)
    {
        var table = new TheoryData<string, string, string>();
        foreach (var (kind, name, settings, _) in s_things)
        {
            foreach (var setting in settings.Where(which))
            {
                table.Add(kind, name, setting.Name);
            }
        }

        return table;
    }

    private static void WriteAndRead<T>(SettingList<T> list)
        where T : class, new()
    {
        foreach (var info in list.Describe().Where(info => !HasNothingToSet(info)))
        {
            foreach (var value in ValuesOf(info))
            {
                var options = list.Parse([(info.Name, value)]);
                var written = list.Format(options);
                var again = list.Parse(Phrase.Parse("", written).Settings);
                Assert.Equal(written, list.Format(again));
                var isDefault = info.Default.StartsWith(value, StringComparison.Ordinal);
                Assert.True(isDefault || written.Contains('('), $"{info.Name}={value} left no trace in {written}.");
                Assert.Equal(written.Contains('(') ? 1 : 0, Phrase.Parse("", written).Settings.Count);
                if (!typeof(T).GetProperties().Any(p => p.PropertyType == typeof(IReadOnlyList<double>))) // these are equal by reference only
                {
                    Assert.Equal(options, again);
                }
            }
        }
    }

    // An order, where the default draft has none.
    private static bool HasNothingToSet(SettingInfo info) => info.Default == "none" && !info.Values.Contains("none", StringComparison.Ordinal);

    private static IEnumerable<string> ValuesOf(SettingInfo info) =>
        info is { Minimum: { } low, Maximum: { } high } && info.Values.Contains("numbers", StringComparison.Ordinal)
            ? [high < 2 ? "0.25 0.5 0.125" : "1 2 0.5"]
        : info is { Minimum: { } least, Maximum: { } most }
            ? [.. from share in info.Values.Contains("whole", StringComparison.Ordinal) ? new[] { 0.0, 1.0 } : [0.31, 0.87]
                  select (least + ((most - least) * share)).ToString(CultureInfo.InvariantCulture)]
        : info.Words.Count > 0 ? info.Words.Where(word => word is not "linear-layerwise")
        : [info.Name switch { "calls" => "0-3-5", "timesteps" => "9-5-3", _ => "some.json" }];

    private static IEnumerable<(string, string, IReadOnlyList<SettingInfo>, Func<string, string, object>)> Things<T>(
        string kind, IEnumerable<CatalogEntry<T>> entries) => entries.Select(
        e => (kind, e.Name, e.Settings, new Func<string, string, object>((setting, value) => e.Create([(setting, value)])!)));

    private static (string Thing, SettingInfo Info, Func<string, string, object> Create) Find(string kind, string name, string setting)
    {
        var thing = s_things.Single(t => t.Kind == kind && t.Name == name);
        return ($"{kind} {name}", thing.Settings.Single(s => s.Name == setting), thing.Create);
    }

    // All that the library has, wherever they are declared.
    private static IEnumerable<object> Lists() =>
        from type in typeof(PolicyCatalog).Assembly.GetTypes()
        where !type.ContainsGenericParameters
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where field.FieldType is { IsGenericType: true } made && made.GetGenericTypeDefinition() == typeof(SettingList<>)
        select field.GetValue(null)!;
}
