using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Augur.Decoding;

namespace Augur.Tests.Cli;

public sealed class CompareTests : IDisposable
{
    private const string Policies = "taylorseer(interval=3); steps(3); speca(preset=paper,granularity=block,base=0.5,warmup=1)";
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-compare").FullName;

    private string Grid => Path.Combine(_folder, "compare.png");

    private string Page => Path.Combine(_folder, "compare.html");

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_writes_a_table_a_grid_and_a_page()
    {
        var (code, output, _) = await Compare("--policies", Policies, "--count", "2", "--html", Page);
        Assert.Equal(0, code);
        var lines = output.Split('\n');
        Assert.StartsWith("policy ", lines[0]);
        Assert.All("ABCD", letter => Assert.StartsWith($"{letter} ", lines[1 + letter - 'A']));
        Assert.Contains("\nA  none\nB  taylorseer(interval=3)\nC  steps(3)\nD  speca(", output);
        Assert.All(lines.TakeWhile(line => line != "A  none"), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("rows from the top: A none; B taylorseer(interval=3); C steps(3); D speca(", output);
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));

        using var stream = File.OpenRead(Grid);
        var content = Png.Read(stream);
        Assert.Equal((30 + 2 + (2 * (128 + 2)), 2 + (4 * (128 + 2))), (content.Image.Width, content.Image.Height));
        using var parameters = JsonDocument.Parse(content.Text["parameters"]);
        Assert.StartsWith("none; taylorseer(interval=3); steps(3)", parameters.RootElement.GetProperty("policy").GetString());
    }

    [Fact]
    public async Task A_guidance_interval_holds_for_all_and_is_said_of_each()
    {
        var (code, output, _) = await Compare("--policies", "none; steps(4)", "--count", "1", "--guidance-interval", "0.25-1", "--html", Page);
        Assert.Equal(0, code);
        output = output.ReplaceLineEndings(" ");
        Assert.Contains("Note on none: guidance acted in 6 of 8 calls", output, StringComparison.Ordinal);
        Assert.Contains("Note on steps(4): guidance acted in 3 of 4 calls", output, StringComparison.Ordinal);
        Assert.Contains(" in 0.25-1 of the run, noise torch", await File.ReadAllTextAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_uncached_row_is_identical_and_the_others_cost_less()
    {
        var (_, output, error) = await Compare("--policies", Policies, "--count", "2", "--json");
        Assert.Equal("", error);
        using var report = JsonDocument.Parse(output);
        var entries = report.RootElement.GetProperty("entries");
        var none = entries[0];
        Assert.Equal("none", none.GetProperty("policy").GetString());
        Assert.Equal(100, none.GetProperty("psnr").GetDouble());
        Assert.Equal(1, none.GetProperty("ssim").GetDouble());
        Assert.Equal(0, none.GetProperty("maxError").GetInt32());
        Assert.Equal(0, none.GetProperty("latentError").GetDouble());
        Assert.Equal(1, none.GetProperty("flopsSpeedup").GetDouble());
        Assert.Equal("Infinity", none.GetProperty("differences")[1].GetProperty("psnr").GetString());
        Assert.Equal("CCCCCCCC", none.GetProperty("samples")[0].GetProperty("calls").GetString());
        Assert.Equal(8.0 / 3, entries[2].GetProperty("flopsSpeedup").GetDouble(), 9);
        Assert.All(entries.EnumerateArray().Skip(1), e => Assert.True(e.GetProperty("latentError").GetDouble() > 0));
        Assert.True(entries[1].GetProperty("flopsSpeedup").GetDouble() > 1);
        Assert.True(entries[1].GetProperty("callsKept").GetDouble() > 0);
        Assert.True(entries[3].GetProperty("verificationShare").GetDouble() > 0);
    }

    [Fact]
    public async Task Another_sampler_with_fewer_steps_takes_part()
    {
        var (code, output, _) = await Compare("--policies", "solver(deis(order=2,timesteps=quad), 3); solver( dpm++ ,4); steps(4)", "--json");
        Assert.Equal(0, code);
        using var report = JsonDocument.Parse(output);
        var entries = report.RootElement.GetProperty("entries");
        Assert.Equal("solver(deis(order=2,timesteps=quad), 3)", entries[1].GetProperty("policy").GetString());
        Assert.Equal("solver(dpm++, 4)", entries[2].GetProperty("policy").GetString());
        Assert.Equal(8.0 / 3, entries[1].GetProperty("flopsSpeedup").GetDouble(), 9);
        Assert.NotEqual(entries[2].GetProperty("psnr").GetDouble(), entries[3].GetProperty("psnr").GetDouble());
        var (wrong, _, error) = await Compare("--policies", "solver(deis)");
        Assert.Equal(2, wrong);
        Assert.Contains("solver(SAMPLER, N), N from 1 to 1000", error);
        Assert.Contains("There is no sampler \"dies\"; the nearest is \"deis\".", (await Compare("--policies", "solver(dies, 4)")).Error);
    }

    [Fact]
    public async Task Rounds_and_the_listing_of_none_change_no_picture()
    {
        await Compare("--policies", "steps(3)");
        var once = await File.ReadAllBytesAsync(Grid);
        await Compare("--policies", "none; steps(3)", "--rounds", "2");
        Assert.Equal(once, await File.ReadAllBytesAsync(Grid));
    }

    [Fact]
    public async Task A_ratio_of_times_wants_more_than_one_round()
    {
        foreach (var (rounds, isTimed) in new[] { ("1", false), ("2", true) })
        {
            var (_, output, _) = await Compare("--policies", "steps(3)", "--rounds", rounds, "--json");
            using var report = JsonDocument.Parse(output);
            var time = report.RootElement.GetProperty("entries")[1].GetProperty("timeSpeedup");
            Assert.Equal(isTimed ? JsonValueKind.Number : JsonValueKind.Null, time.ValueKind);
        }

        var (_, byDefault, _) = await Compare("--policies", "steps(3)", "--json");
        Assert.Contains("\"rounds\": 3", byDefault);
    }

    [Fact]
    public async Task The_worst_picture_stands_beside_the_mean()
    {
        var (_, output, _) = await Compare("--policies", "steps(3)", "--count", "3", "--json");
        using var report = JsonDocument.Parse(output);
        var entry = report.RootElement.GetProperty("entries")[1];
        var each = entry.GetProperty("differences").EnumerateArray().Select(d => d.GetProperty("psnr").GetDouble()).ToArray();
        Assert.Equal(each.Min(), entry.GetProperty("worstPsnr").GetDouble());
        Assert.Equal(each.Average(), entry.GetProperty("psnr").GetDouble(), 9);
        Assert.Matches(@"\| +PSNR dB \| +worst dB \| +SSIM", (await Compare("--policies", "steps(3)", "--markdown")).Output.Split('\n')[0]);
    }

    [Fact]
    public async Task Markdown_has_a_ruled_table()
    {
        var (_, output, _) = await Compare("--policies", "steps(3)", "--markdown");
        var lines = output.Split('\n');
        Assert.Matches(@"^\| policy +\| computed \|.* images/s \|$", lines[0]);
        Assert.Matches(@"^\|-+\|(-+:\|)+$", lines[1]);
        Assert.Matches(@"^\| steps\(3\) +\| +3\.0 \|", lines[3]);
        Assert.All(lines[..4], line => Assert.Equal(lines[0].Length, line.Length));
    }

    [Fact]
    public async Task The_page_stands_alone()
    {
        await Compare("--policies", Policies, "--html", Page);
        var html = await File.ReadAllTextAsync(Page);
        Assert.DoesNotContain("<script ", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<link", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.All(Regex.Matches(html, "(?:src|href)=\"([^\"]*)\""), m => Assert.StartsWith("data:image/png;base64,", m.Groups[1].Value));
        Assert.Equal(8, Regex.Count(html, "<img "));
        Assert.Contains("prefers-color-scheme: dark", html);
        Assert.Contains("amplified 8 times", html);
        Assert.Contains("scroll sideways", html);
        Assert.Contains("aria-sort", html);
        Assert.Contains("width=device-width", html);
        Assert.Contains("augur compare bear --steps 8", WebUtility.HtmlDecode(html));
    }

    [Fact]
    public async Task The_page_escapes_what_comes_from_outside()
    {
        var config = Path.Combine(_model.Folder, "config.json");
        await File.WriteAllTextAsync(config, (await File.ReadAllTextAsync(config)).Replace("octopus", "<b>\\u0022&x"));
        await CommandLine.Run("compare", "--class", "1", "--model", _model.Folder, "--policies", "steps(3)", "--out", Grid, "--html", Page);
        var html = await File.ReadAllTextAsync(Page);
        Assert.DoesNotContain("<b>\"&x", html);
        Assert.Contains("&lt;b&gt;&quot;&amp;x", html);
    }

    [Fact]
    public async Task Strips_of_the_page_show_the_outcomes_of_the_report()
    {
        var (_, output, _) = await Compare("--policies", Policies, "--count", "2", "--json", "--html", Page);
        using var report = JsonDocument.Parse(output);
        var entries = report.RootElement.GetProperty("entries").EnumerateArray().ToArray();
        var expected = from sample in Enumerable.Range(0, 2)
                       from entry in entries
                       select entry.GetProperty("samples")[sample].GetProperty("calls").GetString();
        var strips = Regex.Matches(await File.ReadAllTextAsync(Page), "aria-label=\"(\\w+)\">(.*?)</svg>");
        Assert.Equal(expected, strips.Select(m => m.Groups[1].Value));
        Assert.All(strips, m =>
            Assert.Equal(m.Groups[1].Value, string.Concat(Regex.Matches(m.Groups[2].Value, "class=\"(\\w)\"").Select(bar => bar.Groups[1].Value))));
    }

    [Theory]
    [InlineData(2, "There is no policy \"spica\"", "--policies", "none; spica")]
    [InlineData(2, "it names at least one policy", "--policies", " ; ")]
    [InlineData(2, "--policies has \"steps(0)\"", "--policies", "steps(0)")]
    [InlineData(2, "--policies has \"steps\"", "--policies", "steps")]
    [InlineData(2, "--policies has \"steps(1001)\"", "--policies", "steps(1001)")]
    [InlineData(2, "--policies has speca twice", "--policies", "speca; speca")]
    [InlineData(2, "--count is \"0\"; it is a whole number from 1 to 4096.", "--count", "0")]
    [InlineData(2, "--count is \"5000\"; it is a whole number from 1 to 4096.", "--count", "5000")]
    [InlineData(2, "--rounds is \"0\"; it is a whole number from 1 to 100.", "--rounds", "0")]
    [InlineData(2, "--size is 12; it is 8", "--size", "12")]
    [InlineData(2, "--memory-budget is \"lots\"", "--memory-budget", "lots")]
    [InlineData(2, "--html: Cannot write '/nowhere/c.html'", "--html", "/nowhere/c.html")]
    [InlineData(2, "--html is empty", "--html", "")]
    [InlineData(2, "cannot both be printed", "--json", "--markdown")]
    [InlineData(2, "--steps is \"0\"; it is a whole number from 1 to 1000.", "--steps", "0")]
    public async Task Wrong_input_is_one_sentence_and_an_exit_code(int code, string message, params string[] arguments)
    {
        var result = await CommandLine.Run(["compare", "bear", "--model", _model.Folder, "--out", Grid, .. arguments]);
        Assert.Equal(code, result.Code);
        Assert.StartsWith("augur: ", result.Error);
        Assert.Contains(message, result.Error);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task An_output_that_is_a_folder_is_wrong_use()
    {
        var result = await CommandLine.Run("compare", "bear", "--model", _model.Folder, "--out", _folder);
        Assert.Equal(2, result.Code);
        Assert.Contains("--out: Cannot write", result.Error);
    }

    private Task<(int Code, string Output, string Error)> Compare(params string[] arguments) =>
        CommandLine.Run(["compare", "bear", "--steps", "8", "--model", _model.Folder, "--out", Grid, .. arguments]);
}
