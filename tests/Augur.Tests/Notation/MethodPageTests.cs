using System.Globalization;
using System.Text.RegularExpressions;
using Augur.Catalogs;

namespace Augur.Tests.Notation;

/// <summary>The tables of settings in docs/methods, held against the declarations.</summary>
public sealed class MethodPageTests
{
    private static readonly string s_folder = Path.GetFullPath(Path.Combine(Fixtures.Path(""), "..", "..", "docs", "methods"));

    public static TheoryData<string> Methods => [.. PolicyCatalog.All.Where(e => e.Settings.Count > 0).Select(e => e.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_page_of_a_method_names_each_of_its_settings_or_the_page_that_does(string method)
    {
        var page = Page(method);
        var elsewhere = Regex.Matches(page, @"[Aa]s in \[[^]]*\]\(([a-z0-9-]+)\.md\)").Select(link => Page(link.Groups[1].Value));
        var pages = page + string.Concat(elsewhere);
        string[] unnamed = [.. SettingsOf(method).Select(s => s.Name).Where(setting => !Regex.IsMatch(pages, $"`{setting}[`=]"))];
        Assert.Empty(unnamed);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_table_of_a_method_has_the_defaults_and_ranges_of_its_settings(string method)
    {
        var settings = SettingsOf(method);
        foreach (var line in Page(method).Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var cells = line.Replace('−', '-').Split('|', StringSplitOptions.TrimEntries)[1..^1]; // options, defaults, ranges, meaning
            var row = Regex.Matches(cells[0], "`([^`]+)`").Select(name => settings.Single(s => s.Name == name.Groups[1].Value)).ToArray();
            var defaults = cells[1].Split(", ");
            Assert.Equal(row.Select(s => s.Default), defaults.Length == row.Length ? defaults : Enumerable.Repeat(cells[1], row.Length));
            if (row is not [var setting] || cells[2].Length == 0 || cells[2].StartsWith("any", StringComparison.Ordinal))
            {
                continue;
            }

            if (setting is { Minimum: { } minimum, Maximum: { } maximum } && !setting.Values.Contains("numbers", StringComparison.Ordinal))
            {
                var numbers = Regex.Matches(cells[2], "-?[0-9.]+(e-?[0-9]+)?").Select(n => double.Parse(n.Value, CultureInfo.InvariantCulture))
                    .ToArray();
                Assert.Contains(maximum, numbers);
                Assert.Contains(minimum, numbers);
            }

            Assert.All(setting.Words, word => Assert.Matches($@"(^|\W){Regex.Escape(word)}(\W|$)", $"{cells[2]}, true, false, none"));
        }
    }

    private static IReadOnlyList<Augur.Notation.SettingInfo> SettingsOf(string method) => PolicyCatalog.All.Single(e => e.Name == method).Settings;

    private static string Page(string method) => File.ReadAllText(Path.Combine(s_folder, $"{method}.md"));
}
