using System.Text.Json;
using System.Text.RegularExpressions;
using Augur.Cli.Commands.Audit;
using Augur.Cli.Commands.Pages;

namespace Augur.Tests.Cli;

public sealed class AuditCommandTests : IDisposable
{
    private const string Policy = "speca(preset=paper,granularity=block,base=0.5,warmup=1)";
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-audit").FullName;

    private string Page => Path.Combine(_folder, "audit.html");

    private string Picture => Path.Combine(_folder, "p.png");

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Generate_prints_a_summary_and_writes_a_page_that_stands_alone()
    {
        var (code, output, _) = await Run("generate", "--policy", Policy, "--audit", "--audit-out", Page);
        Assert.Equal(0, code);
        Assert.Contains("calls had an answer that was not computed in full", output);
        Assert.Matches(@"Spearman (-?0\.\d\d|-?1\.00|unknown), Pearson of logarithms", output);
        Assert.Contains($"{Page}: the audit's plots.", output);
        var html = await File.ReadAllTextAsync(Page);
        Assert.DoesNotMatch("(?i)<script|<link|@import|url\\(|src=|href=", html);
        Assert.Contains("Verified error against true error", html);
        Assert.Contains("True error along the run", html);
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));
    }

    [Fact]
    public async Task Json_has_a_true_error_for_each_call_that_was_not_computed_and_the_page_a_dot()
    {
        var (_, output, _) = await Run("generate", "--policy", Policy, "--audit", "--audit-out", Page, "--json");
        using var report = JsonDocument.Parse(output);
        var samples = report.RootElement.GetProperty("samples").EnumerateArray().ToArray();
        foreach (var sample in samples)
        {
            var errors = sample.GetProperty("trueErrors").EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number);
            Assert.Equal(sample.GetProperty("calls").GetString()!.Select(c => c != 'C'), errors);
        }

        var audit = report.RootElement.GetProperty("audit");
        var letters = string.Concat(samples.Select(s => s.GetProperty("calls").GetString()));
        Assert.Equal(letters.Count(c => c != 'C'), audit.GetProperty("calls").GetInt32());
        Assert.Equal(letters.Count(c => c is 'a' or 'R'), audit.GetProperty("verified").GetInt32());
        var html = await File.ReadAllTextAsync(Page);
        Assert.Equal(letters.Count(c => c is 'a' or 'R'), Regex.Count(html, "<circle class=\"(ring )?p\\d\""));
        Assert.Equal(letters.Count(c => c == 'R'), Regex.Count(html, "<circle class=\"ring p\\d\""));
        Assert.Equal(letters.Count(c => c != 'C'), Regex.Count(html, "<circle class=\"[daRtp]\""));
    }

    [Fact]
    public async Task An_audit_changes_no_picture_and_no_flop()
    {
        var (_, plain, _) = await Run("generate", "--policy", Policy, "--json");
        var picture = await File.ReadAllBytesAsync(Picture);
        var (_, audited, _) = await Run("generate", "--policy", Policy, "--json", "--audit", "--audit-out", Page);
        Assert.Equal(picture, await File.ReadAllBytesAsync(Picture));
        using JsonDocument a = JsonDocument.Parse(plain), b = JsonDocument.Parse(audited);
        Assert.Equal(Flops(a), Flops(b));
        Assert.Equal(JsonValueKind.Null, a.RootElement.GetProperty("audit").ValueKind);
        Assert.Equal(JsonValueKind.Null, a.RootElement.GetProperty("samples")[0].GetProperty("trueErrors").ValueKind);

        static string Flops(JsonDocument report) => report.RootElement.GetProperty("caching").GetProperty("flops").GetRawText();
    }

    [Fact]
    public async Task Compare_audits_the_caching_methods_and_shows_them_in_both_pages()
    {
        var comparison = Path.Combine(_folder, "compare.html");
        var (code, output, _) =
            await Run("compare", "--policies", $"steps(3); fora; {Policy}", "--audit", "--audit-out", Page, "--html", comparison, "--json");
        Assert.Equal(0, code);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(
            [JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Object, JsonValueKind.Object],
            report.RootElement.GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("audit").ValueKind));
        foreach (var page in new[] { Page, comparison })
        {
            var html = await File.ReadAllTextAsync(page);
            Assert.Equal(2, Regex.Count(html, "<h2>Audit of "));
            Assert.Equal(1, Regex.Count(html, "aria-label=\"Verified error against true error\"")); // fora verifies nothing
            Assert.Equal(2, Regex.Count(html, "aria-label=\"True error along the run\""));
        }

        Assert.Contains("Audit of fora: ", (await Run("compare", "--policies", "fora", "--audit", "--audit-out", Page)).Output);
    }

    [Fact]
    public async Task Where_everything_is_computed_the_audit_says_so()
    {
        var (code, output, _) = await Run("generate", "--policy", "speca(base=0)", "--audit", "--audit-out", Page);
        Assert.Equal(0, code);
        Assert.Contains("no call was drafted that the audit looked at", output);
        Assert.DoesNotContain("<circle", await File.ReadAllTextAsync(Page));
    }

    [Fact]
    public async Task A_share_audits_so_many_of_the_calls()
    {
        var (_, output, _) = await Run("generate", "--policy", "fora", "--audit", "0.5", "--audit-out", Page, "--json");
        using var report = JsonDocument.Parse(output);
        Assert.InRange(report.RootElement.GetProperty("audit").GetProperty("calls").GetInt32(), 1, 11); // of 12
    }

    [Theory]
    [InlineData("generate", "--audit is \"5\"; it is a share of the calls, above 0 and at most 1. Try 'augur generate --help'.", "--audit", "5")]
    [InlineData("compare", "--audit is \"0\"; it is a share of the calls, above 0 and at most 1. Try 'augur compare --help'.", "--audit", "0")]
    [InlineData("generate", "--audit-out a.html has nothing to show without --audit.", "--audit-out", "a.html")]
    [InlineData("compare", "--audit-out a.html has nothing to show without --audit.", "--audit-out", "a.html")]
    [InlineData("generate", "--audit-out: Cannot write '/nowhere/a.html': there is no folder /nowhere.", "--audit", "--audit-out", "/nowhere/a.html")]
    [InlineData("compare", "--audit-out: Cannot write '/nowhere/a.html': there is no folder /nowhere.", "--audit", "--audit-out", "/nowhere/a.html")]
    public async Task Wrong_use_is_one_sentence(string command, string message, params string[] arguments)
    {
        var (code, _, error) = await Run(command, arguments);
        Assert.Equal((2, $"augur: {message}"), (code, error.TrimEnd()));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData(1e-5, 1e-2, new[] { 1e-5, 1e-4, 1e-3, 1e-2 })]
    [InlineData(0.01, 0.1, new[] { 0.01, 0.02, 0.05, 0.1 })]
    [InlineData(0.05, 0.05, new[] { 0.05 })]
    public void A_logarithmic_axis_has_round_lines_and_holds_its_values(double low, double high, double[] ticks)
    {
        var axis = new LogAxis(low, high, 300, 10);
        Assert.Equal(ticks, axis.Ticks.Select(t => Math.Round(t, 9)));
        Assert.InRange(axis.PositionOf(high), 10, axis.PositionOf(low));
        Assert.InRange(axis.PositionOf(low), 10, 300);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(20_000, 1)]
    [InlineData(20_001, 2)]
    public void A_page_of_very_many_calls_draws_some_of_them(int calls, int oneOf) => Assert.Equal(oneOf, AuditChart.Thinning(calls));

    private Task<(int Code, string Output, string Error)> Run(string command, params string[] arguments) =>
        CommandLine.Run([command, "bear", "--count", "2", "--steps", "10", "--model", _model.Folder, "--out", Picture, .. arguments]);
}
