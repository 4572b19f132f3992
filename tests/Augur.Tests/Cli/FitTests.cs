using System.Text.Json;
using Augur.Caching.Policies;
using Augur.Catalogs;
using Augur.Tuning;

namespace Augur.Tests.Cli;

public sealed class FitTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-fit").FullName;

    private string Router => Path.Combine(_folder, "router.safetensors");

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_learned_router_is_written_compared_and_runs()
    {
        var (code, output, _) = await Fit("--reuse", "0.4", "--count", "1", "--compare", "2");
        Assert.Equal(0, code);
        var lines = output.Split('\n');
        Assert.StartsWith("policy ", lines[0]);
        Assert.StartsWith("A ", lines[1]);
        Assert.Contains($"B  l2c(router={Router})", lines);
        Assert.Contains(lines, line => line.StartsWith("C  l2c(mask=random", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("D  l2c(mask=uniform", StringComparison.Ordinal));
        Assert.Contains($"{Router}: reuses ", output);
        var picture = await CommandLine.Run("generate", "bear", "--model", _model.Folder, "--policy", $"l2c(router={Router})", "--out",
            Path.Combine(_folder, "p.png"));
        Assert.Equal((0, ""), (picture.Code, picture.Code == 0 ? "" : picture.Error));
        var other = await CommandLine.Run("generate", "bear", "--model", _model.Folder, "--steps", "6", "--policy", $"l2c(router={Router})", "--out",
            Path.Combine(_folder, "p.png"));
        Assert.Equal(2, other.Code);
        Assert.Contains("is for 4 calls of 2 blocks; this run makes 6 calls of 2 blocks.", other.Error);
        var noisy = await CommandLine.Run("generate", "bear", "--model", _model.Folder, "--sampler", "ddpm", "--policy", $"l2c(router={Router})",
            "--out", Path.Combine(_folder, "p.png"));
        Assert.Equal(2, noisy.Code);
        Assert.Contains($"{Router} was measured with the sampler ddim, not with ddpm; augur fit measures again.", noisy.Error);
    }

    [Fact]
    public async Task A_report_for_machines_holds_what_was_learned()
    {
        var (_, output, error) = await Fit("--count", "1", "--compare", "0", "--json");
        Assert.Equal("", error);
        using var report = JsonDocument.Parse(output);
        Assert.Equal(8, report.RootElement.GetProperty("branches").GetInt32());
        Assert.InRange(report.RootElement.GetProperty("reusedShare").GetDouble(), 0.5, 0.8);
        Assert.Empty(report.RootElement.GetProperty("entries").EnumerateArray());
    }

    [Theory]
    [InlineData("--reuse is \"1\"; it is a number above 0 and below 1.", "--reuse", "1")]
    [InlineData("--compare is \"300\"; it is a whole number from 0 to 256.", "--compare", "300")]
    [InlineData("--count is \"0\"; it is a whole number from 1 to 4096.", "--count", "0")]
    [InlineData("a router is written as .safetensors.", "--out", "router.pt")]
    [InlineData("The guidance interval 0.2-0.8 leaves rows of some calls out, and a fit follows the same rows through a run; leave it out.",
        "--guidance-interval", "0.2-0.8")]
    [InlineData("A run of 1 network call has no call before to reuse; take at least 2.", "--steps", "1")]
    public async Task Wrong_input_is_one_sentence(string message, params string[] arguments)
    {
        string[] to = arguments[0] == "--out" ? [] : ["--out", Router];
        var (code, _, error) = await CommandLine.Run(["fit", "l2c", "bear", "--model", _model.Folder, .. to, .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(message, error);
        Assert.Single(error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(Router));
    }

    [Fact]
    public async Task A_fit_of_forecasts_is_written_and_runs_also_from_a_profile_beside_it()
    {
        var fit = Path.Combine(_folder, "forecast.json");
        var (code, output, _) = await CommandLine.Run(
            "fit", "forecast", "--model", _model.Folder, "--steps", "6", "--count", "2", "--calls", "2,3", "--out", fit);
        Assert.Equal(0, code);
        Assert.Contains("2 computed calls, 0-", output);
        Assert.Contains($"{fit}: fitted to 2 pictures in ", output);
        string[] draw = ["generate", "bear", "--model", _model.Folder, "--out", Path.Combine(_folder, "p.png")];
        var drawn = await CommandLine.Run([.. draw, "--steps", "6", "--policy", $"augur(3,forecast={fit})"]);
        Assert.Equal((0, ""), (drawn.Code, drawn.Code == 0 ? "" : drawn.Error));
        var own = await CommandLine.Run([.. draw, "--policy", $"augur(3,forecast={fit})"]);
        Assert.Equal((0, ""), (own.Code, own.Code == 0 ? "" : own.Error)); // the fit brings its own steps
        var profile = Path.Combine(_folder, "profile.json");
        await File.WriteAllTextAsync(profile, """{ "policy": "augur", "calls": "2", "forecast": "forecast.json", "about": { "steps": 6 } }""");
        var tuned = await CommandLine.Run([.. draw, "--policy", $"@{profile}"]);
        Assert.Equal((0, ""), (tuned.Code, tuned.Code == 0 ? "" : tuned.Error));
        var other = await CommandLine.Run([.. draw, "--steps", "8", "--policy", $"augur(3,forecast={fit})"]);
        Assert.Equal(2, other.Code);
        Assert.Contains("augur fit forecast", other.Error);
        var part = await CommandLine.Run([.. draw, "--steps", "6", "--guidance-interval", "0.2-0.8", "--policy", $"augur(3,forecast={fit})"]);
        Assert.Equal(2, part.Code);
        Assert.Contains("(1 rows of ", part.Error);
    }

    [Theory]
    [InlineData("--calls is \"x\"", "--calls", "2,x")]
    [InlineData("each number stands there once.", "--calls", "2,2")]
    [InlineData("does not ascend within the calls 0 to 3.", "--schedule", "3-1")]
    [InlineData("--search is \"x\"", "--search", "x")]
    [InlineData("--search moves planned calls", "--search", "2", "--schedule", "0-2")]
    [InlineData("a fit is written as .json.", "--out", "fit.txt")]
    public async Task Wrong_input_of_a_fit_of_forecasts_is_one_sentence(string message, params string[] arguments)
    {
        string[] to = arguments[0] == "--out" ? [] : ["--out", Path.Combine(_folder, "f.json")];
        var (code, _, error) = await CommandLine.Run(["fit", "forecast", "bear", "--model", _model.Folder, .. to, .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(message, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task What_tolerances_come_to_is_written_as_a_policy_that_runs_at_any_guidance_and_number_of_steps()
    {
        var path = Path.Combine(_folder, "error.json");
        var (code, output, error) = await CommandLine.Run(
            "fit", "error", "--model", _model.Folder, "--steps", "12", "--count", "20", "--guidance", "1,3", "--error", "1e-9", "--out", path);
        Assert.True(code == 0, error);
        Assert.Contains(", the least that was measured.", output);
        var policy = Assert.IsType<AugurPolicy>(PolicyCatalog.Parse($"@{path}")).Options;
        Assert.Equal(policy.Errors[0], policy.Error);
        Assert.Equal(policy.Errors.Count, policy.Tolerances.Count);
        Assert.Null(Profile.Read(path).About.Guidance);
        foreach (var other in (string[][])[["--guidance", "5"], ["--steps", "20"]])
        {
            var drawn = await CommandLine.Run(
                ["generate", "bear", "--model", _model.Folder, "--policy", $"@{path}", .. other, "--out", Path.Combine(_folder, "p.png")]);
            Assert.True(drawn.Code == 0, drawn.Error);
        }
    }

    [Theory]
    [InlineData("--error is \"0\"; it is a number above 0, at most 10.", "--error", "0")]
    [InlineData("--guidance is \"x\"; it is a number from 0 to 100.", "--guidance", "1,x")]
    [InlineData("is measured on at least 20 pictures, not on 3.", "--count", "3")]
    public async Task Wrong_input_of_a_fit_of_errors_is_one_sentence(string message, params string[] arguments)
    {
        var (code, _, error) = await CommandLine.Run(
            ["fit", "error", "bear", "--model", _model.Folder, "--out", Path.Combine(_folder, "f.json"), .. arguments]);
        Assert.Equal(2, code);
        Assert.Contains(message, error);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    private Task<(int Code, string Output, string Error)> Fit(params string[] arguments) =>
        CommandLine.Run(["fit", "l2c", "--model", _model.Folder, "--out", Router, .. arguments]);
}
