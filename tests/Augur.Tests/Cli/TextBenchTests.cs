using System.Text.Json;
using Augur.Tests.Llada;
using Augur.Tests.Weights;

namespace Augur.Tests.Cli;

/// <summary><c>augur bench</c> and <c>augur tune</c> of a model that writes.</summary>
public sealed class TextBenchTests : IDisposable
{
    private readonly WriterFolder _model = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ways_to_write_are_measured_and_the_same_command_measures_nothing_again()
    {
        string[] asked = ["--policies", "dllm-cache(prompt=1,response=1); llada(block=6) + block-cache; steps(4)"];
        var (code, json, error) = await Bench([.. asked, "--json"]);
        Assert.Equal((0, ""), (code, error));
        using var report = JsonDocument.Parse(json);
        var rows = report.RootElement.GetProperty("rows").EnumerateArray().ToDictionary(row => row.GetProperty("policy").GetString()!);
        Assert.Equal(12, rows["none"].GetProperty("calls").GetDouble());
        Assert.Equal(100, rows["dllm-cache(prompt=1,response=1)"].GetProperty("samePercent").GetProperty("mean").GetDouble());
        Assert.Equal(3, rows["steps(4)"].GetProperty("flopsSpeedup").GetDouble(), 1e-9);
        Assert.True(rows["llada(block=6) + block-cache"].GetProperty("flopsSpeedup").GetDouble() > 1.1);
        Assert.Equal(
            rows["none"].GetProperty("perplexity").GetProperty("mean").GetDouble(),
            rows["dllm-cache(prompt=1,response=1)"].GetProperty("perplexity").GetProperty("mean").GetDouble());

        var measured = File.ReadAllBytes(_folder.File("out/results.jsonl"));
        Assert.Equal(0, (await Bench(asked)).Code);
        Assert.Equal(measured, File.ReadAllBytes(_folder.File("out/results.jsonl")));
        Assert.Equal(0, (await Bench("--policies", "block-cache(kind=prefix)")).Code);
        Assert.Contains("block-cache(kind=prefix)", File.ReadAllText(_folder.File("out/table.csv")), StringComparison.Ordinal);
        Assert.Contains("<svg", File.ReadAllText(_folder.File("out/index.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_is_written_again_from_the_results_and_names_a_command_that_measures_a_row()
    {
        Assert.Equal(0, (await Bench("--policies", "block-cache", "--baselines", "none")).Code);
        File.Delete(_folder.File("out/table.md"));
        var (code, output, _) = await CommandLine.Run("bench", "--report", _folder.File("out"));
        Assert.Equal(0, code);
        Assert.Contains("block-cache", output, StringComparison.Ordinal);
        Assert.Contains(
            "augur bench --policies block-cache --baselines none --count 2 --seed 0 --steps 12 --sampler llada --guidance 1 --length 12 "
                + "--beginning 4",
            File.ReadAllText(_folder.File("out/table.md")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_other_settings_are_not_mixed()
    {
        Assert.Equal(0, (await Bench("--policies", "block-cache", "--baselines", "none")).Code);
        var (code, _, error) = await Bench("--policies", "block-cache", "--steps", "6");
        Assert.Equal(2, code);
        Assert.Contains("was measured with --steps 12, not 6", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--batch 4", "--batch is of pictures; this model writes texts.")]
    [InlineData("--guidance-interval 0.2-0.8", "--guidance-interval is of pictures; this model writes texts.")]
    [InlineData("--size 64", "--size is of pictures; this model writes texts.")]
    [InlineData("--sampler euler", "euler")]
    [InlineData("--policies none", "names no way to write besides the uncached run")]
    [InlineData("--memory-budget 1GB", "--memory-budget bounds pictures in flight; texts are written one after the other.")]
    public async Task What_texts_have_not_is_refused_by_name(string options, string sentence)
    {
        var (code, _, error) = await Bench(options.Split(' '));
        Assert.Equal(2, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bench")]
    [InlineData("tune")]
    public async Task A_length_is_of_texts(string command)
    {
        var (code, _, error) = await CommandLine.Run(command, "--length", "12", "--out", _folder.File("x"));
        Assert.Equal((2, "augur: --length is of texts; this model draws pictures."), (code, error.Trim()));
    }

    [Theory]
    [InlineData("bench")]
    [InlineData("tune", "--speedup", "2")]
    public async Task A_model_that_is_not_there_is_named_before_what_it_would_write_or_draw(params string[] command)
    {
        var (code, _, error) = await CommandLine.Run([.. command, "--length", "12", "--model", _folder.File("x")]);
        Assert.Equal((1, $"augur: {_folder.File("x")}: there is no such file or folder."), (code, error.Trim()));
    }

    [Fact]
    public async Task Progress_counts_baselines_before_they_are_written()
    {
        var (code, _, error) = await CommandLine.Run(
            "bench", "Once", "--model", _model.Path, "--length", "12", "--threads", "1", "--policies", "llada(block=6) + block-cache; block-cache",
            "--out", _folder.File("out"));
        Assert.Equal(0, code);
        string[] shares = [.. error.Split('\n').Where(line => line.Contains("% of ", StringComparison.Ordinal)).Select(line => line.Split('%')[0])];
        Assert.Equal("100", shares[^1]);
        Assert.Single(shares, "100");
    }

    [Fact]
    public async Task A_speed_is_met_on_texts_that_the_search_never_saw_and_its_profile_writes()
    {
        var profile = _folder.File("fast.json");
        var (code, json, error) = await Tune("--speedup", "1.15", "--trials", "12", "--out", profile, "--json");
        Assert.True(code == 0, error);
        using var report = JsonDocument.Parse(json);
        Assert.True(report.RootElement.GetProperty("flopsSpeedup").GetDouble() >= 1.15 * 0.995);
        using var written = JsonDocument.Parse(File.ReadAllBytes(profile));
        var about = written.RootElement.GetProperty("about");
        Assert.Equal(
            (12, 3, 2, 1000000),
            (about.GetProperty("length").GetInt32(), about.GetProperty("texts").GetInt32(), about.GetProperty("heldOutTexts").GetInt32(),
                about.GetProperty("heldOutSeed").GetInt32()));
        Assert.InRange(about.GetProperty("agreement").GetDouble(), 0, 100);

        var (wrote, text, told) = await CommandLine.Run(
            "write", "Once", "--model", _model.Path, "--length", "12", "--threads", "1", "--policy", $"@{profile}", "--json");
        Assert.True(wrote == 0, told);
        using var run = JsonDocument.Parse(text);
        Assert.Equal(report.RootElement.GetProperty("policy").GetString(), run.RootElement.GetProperty("method").GetProperty("policy").GetString());
        Assert.Equal(about.GetProperty("sampler").GetString(), run.RootElement.GetProperty("sampler").GetString());
    }

    [Fact]
    public async Task A_profile_of_another_model_is_refused_and_one_of_another_length_is_said()
    {
        var profile = _folder.File("fast.json");
        Assert.Equal(0, (await Tune("--speedup", "1.05", "--policy", "dllm-cache(response=3)", "--out", profile)).Code);
        using var dream = new WriterFolder("dream");
        var (code, _, error) = await CommandLine.Run("write", "Once", "--model", dream.Path, "--length", "12", "--policy", $"@{profile}");
        Assert.Equal(2, code);
        Assert.Contains("was measured on LLaDA", error, StringComparison.Ordinal);
        (code, var json, error) = await CommandLine.Run(
            "write", "Once", "--model", _model.Path, "--length", "24", "--threads", "1", "--policy", $"@{profile}", "--json");
        Assert.True(code == 0, error);
        Assert.Contains("24 steps, not 12", json, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_number_of_a_way_is_searched_for_the_share_of_tokens_that_stay_the_same()
    {
        var profile = _folder.File("same.json");
        var (code, output, error) = await Tune("--agreement", "100", "--policy", "dllm-cache(response={1..3},prompt=1,ratio=1)", "--out", profile);
        Assert.True(code is 0 or 1, error);
        Assert.Contains(code == 0 ? "100.0 % of the tokens" : "no setting was found that gives 100 % of the tokens the same", output + error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--speedup 2 --agreement 50", "augur tune takes one target of a model that writes: --speedup, or --agreement.")]
    [InlineData("--speedup 2 --quality high", "--quality is of pictures; this model writes texts.")]
    [InlineData("--speedup 2 a b c d", "4 different prompts are given; --count 3 to search on and --held-out 2 that the search never sees need 5.")]
    public async Task A_target_or_prompts_that_do_not_do_are_refused_with_what_would(string options, string sentence)
    {
        var (code, _, error) = await CommandLine.Run([
            "tune", "--model", _model.Path, "--length", "12", "--count", "3", "--held-out", "2", "--out", _folder.File("x.json"),
            .. options.Split(' ')]);
        Assert.Equal(2, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output, string Error)> Bench(params string[] options) => CommandLine.Run([
        "bench", "--model", _model.Path, "--count", "2", "--length", "12", "--beginning", "4", "--threads", "1", "--out", _folder.File("out"),
        .. options]);

    private Task<(int Code, string Output, string Error)> Tune(params string[] options) => CommandLine.Run([
        "tune", "--model", _model.Path, "--count", "3", "--held-out", "2", "--length", "12", "--beginning", "4", "--threads", "1", .. options]);
}
