using System.Text.Json;
using Augur.Cli;
using Augur.Pipelines;

namespace Augur.Tests.Cli;

public sealed class CachedGenerationTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-cached").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_strip_chart_in_a_pipe_has_the_letters_of_the_report()
    {
        using var report = JsonDocument.Parse((await Generate("speca(preset=paper,granularity=block,base=0.5,warmup=1)", "--json")).Output);
        var samples = report.RootElement.GetProperty("samples").EnumerateArray().ToArray();
        var lines = (await Generate("speca(preset=paper,granularity=block,base=0.5,warmup=1)")).Output.Split('\n');
        Assert.Equal(3, samples.Length);
        foreach (var (sample, index) in samples.Select((sample, index) => (sample, index)))
        {
            var calls = sample.GetProperty("calls").GetString()!;
            Assert.Contains($"{index,4} {calls}", lines);
            Assert.Equal(10, calls.Length);
            Assert.Equal(
                calls.Select(c => c is 'a' or 'R'), sample.GetProperty("errors").EnumerateArray().Select(e => e.ValueKind == JsonValueKind.Number));
        }

        Assert.Contains(lines, line => line.Trim().StartsWith("C computed, "));
    }

    [Fact]
    public async Task A_guidance_interval_is_said_and_stands_in_what_makes_the_picture_again()
    {
        var (code, output, _) = await Generate("taylorseer(interval=2)", "--guidance-interval", "0.2-0.8");
        output = output.ReplaceLineEndings(" ");
        Assert.Equal(0, code);
        Assert.Contains("guidance acted in 6 of 10 calls; the others computed the conditional row alone", output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse((await Generate("none", "--guidance-interval", "0.2-0.8", "--json")).Output);
        using var whole = JsonDocument.Parse((await Generate("none", "--json")).Output);
        Assert.Equal("0.2-0.8", report.RootElement.GetProperty("parameters").GetProperty("guidanceInterval").GetString());
        Assert.Equal(16 * whole.RootElement.GetProperty("totalFlops").GetDouble() / 20, report.RootElement.GetProperty("totalFlops").GetDouble());
    }

    [Fact]
    public async Task Json_counts_what_the_letters_show()
    {
        using var report = JsonDocument.Parse((await Generate("speca(preset=paper,granularity=block,base=0.5,warmup=1)", "--json")).Output);
        var letters = string.Concat(report.RootElement.GetProperty("samples").EnumerateArray().Select(s => s.GetProperty("calls").GetString()));
        var caching = report.RootElement.GetProperty("caching");
        Assert.Equal(letters.Count(c => c is 'C' or 'R'), caching.GetProperty("callsComputed").GetInt32());
        Assert.Equal(letters.Count(c => c is 'd' or 'a'), caching.GetProperty("callsKept").GetInt32());
        Assert.Equal(letters.Count(c => c == 'a'), caching.GetProperty("callsAccepted").GetInt32());
        var flops = caching.GetProperty("flops");
        Assert.Equal(
            flops.GetProperty("executed").GetInt64(),
            new[] { "compute", "draft", "forecast", "verification" }.Sum(part => flops.GetProperty(part).GetInt64()));
        Assert.Equal("speca(base=0.5,decay=0.5,min=0,max=8,verify=all,order=4)", report.RootElement.GetProperty("parameters").GetProperty("policy")
            .GetString());
    }

    [Fact]
    public async Task A_policy_from_a_file_and_budgets_are_accepted()
    {
        var file = Path.Combine(_folder, "policy.json");
        await File.WriteAllTextAsync(file, """{"policy": "taylorseer", "interval": 3}""");
        var (code, output, _) = await Generate($"@{file}", "--cache-budget", "1kB", "--memory-budget", "64MB");
        Assert.Equal(0, code);
        Assert.Contains("taylorseer(interval=3): of 10 calls per picture", output);
        Assert.Contains("(estimated)", output);
        Assert.Contains("Note: ", output); // 1 kB is too little to keep everything
    }

    [Fact]
    public async Task Without_a_policy_one_line_says_so()
    {
        var (_, output, _) = await Generate("none");
        Assert.Equal("Method: none; as asked.", output.TrimEnd().Split('\n')[^1]);
    }

    [Fact]
    public void A_long_strip_chart_is_cut()
    {
        using var output = new StringWriter();
        StripChart.Write(output, [.. Enumerable.Repeat<IReadOnlyList<CallMark>>([CallMark.All[0], CallMark.All[1]], 40)]);
        var lines = output.ToString().TrimEnd().ReplaceLineEndings("\n").Split('\n');
        Assert.Equal(34, lines.Length);
        Assert.Equal("  31 Cd", lines[31]);
        Assert.Equal("… and 8 more", lines[32].Trim());
        Assert.Equal("C computed, d drafted", lines[33].Trim());
    }

    [Fact]
    public void Every_kind_of_call_has_a_letter_and_a_colour_of_its_own()
    {
        Assert.Equal(CallMark.All.Count, CallMark.All.Select(m => m.Letter).Distinct().Count());
        Assert.Equal(CallMark.All.Count, CallMark.All.Select(CallColours.Of).Distinct().Count());
    }

    private Task<(int Code, string Output, string Error)> Generate(string policy, params string[] arguments) => CommandLine.Run(
        ["generate", "bear", "--count", "3", "--steps", "10", "--policy", policy, "--model", _model.Folder, "--out", Path.Combine(_folder, "g.png"),
            .. arguments]);
}
