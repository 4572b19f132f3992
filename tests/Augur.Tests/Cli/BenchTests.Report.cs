using System.Net;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Augur.Tests.Cli;

/// <content>Table, page and commands of what was measured.</content>
public sealed partial class BenchTests
{
    [Fact]
    public async Task The_command_printed_for_a_row_measures_it_again()
    {
        await Bench(Out, "--cache-budget", "1kB", "--class", "3", "1");
        var table = await File.ReadAllTextAsync(Path.Combine(Out, "table.md"));
        var command = Assert.Single(table.Split('\n'), line => line.Contains("augur bench --policies \"speca("));
        string[] words = [.. Regex.Matches(command.Trim(), "\"([^\"]*)\"|(\\S+)").Select(m => m.Groups[1].Success ? m.Groups[1].Value : m.Value)];
        Assert.Equal(["augur", "bench"], words[..2]);
        Assert.Equal(["--out", "again"], words[^2..]);
        var again = Path.Combine(_folder, "again");
        Assert.Equal(0, (await CommandLine.Run([.. words[1..^1], again])).Code);
        AssertSameMeasurements(Results, Path.Combine(again, "results.jsonl"), l => (string)l["policy"]! == words[3]);
        Assert.Equal("none", (string)Lines(Path.Combine(again, "results.jsonl"))[0]["policy"]!);
    }

    [Fact]
    public async Task A_report_alone_writes_the_same_table_and_page()
    {
        var (_, measured, _) = await Bench(Out);
        var table = await File.ReadAllTextAsync(Path.Combine(Out, "table.md"));
        var page = await File.ReadAllTextAsync(Path.Combine(Out, "index.html"));
        File.Delete(Path.Combine(Out, "table.md"));
        File.Delete(Path.Combine(Out, "index.html"));
        var (code, output, _) = await CommandLine.Run("bench", "--report", Out);
        Assert.Equal((0, measured), (code, output));
        Assert.Equal(table, await File.ReadAllTextAsync(Path.Combine(Out, "table.md")));
        Assert.Equal(page, await File.ReadAllTextAsync(Path.Combine(Out, "index.html")));
    }

    [Fact]
    public async Task The_page_stands_alone_and_its_drawings_are_well_formed()
    {
        var config = Path.Combine(_model.Folder, "config.json");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("red apple", "<b>\\u0022&x"));
        await Bench(Out);
        var html = await File.ReadAllTextAsync(Path.Combine(Out, "index.html"));
        Assert.DoesNotContain("<script ", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.True(html.IndexOf("<h2>Worst pairs", StringComparison.Ordinal) < html.IndexOf("<h2>Speed against quality", StringComparison.Ordinal),
            "pictures before plots");
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>\"&x", html);
        Assert.Contains("&lt;b&gt;&quot;&amp;x", html);
        Assert.All(Regex.Matches(html, "(?:src|href)=\"([^\"]*)\""), m => Assert.StartsWith("data:image/png;base64,", m.Groups[1].Value));
        Assert.Contains("prefers-color-scheme: dark", html);
        var drawings = Regex.Matches(html, "<svg .*?</svg>", RegexOptions.Singleline).Select(m => XElement.Parse(m.Value)).ToArray();
        Assert.Equal(2 * 6, drawings.Count(d => (string?)d.Attribute("class") == "plot"));
        var calls = Lines(Results).SelectMany(l => l["pictures"]!.AsArray()).Select(p => (string)p!["calls"]!);
        Assert.Superset(calls.ToHashSet(), drawings.Where(d => (string?)d.Attribute("class") == "strip")
            .Select(d => d.Attribute("aria-label")!.Value).ToHashSet());
        Assert.Contains("augur bench --policies none --baselines none --count 3", WebUtility.HtmlDecode(html));
    }

    [Fact]
    public async Task A_report_measures_nothing_so_nothing_else_can_be_asked_for()
    {
        await Bench(Out, "--policies", "fora(interval=4)", "--baselines", "none");
        Assert.Equal(2, (await CommandLine.Run("bench", "--report", Out, "--count", "5")).Code);
        Assert.Equal(2, (await CommandLine.Run("bench", "bear", "--report", Out)).Code);
    }
}
