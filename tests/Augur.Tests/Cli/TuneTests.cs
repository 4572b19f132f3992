using System.Text.Json;
using Augur.Catalogs;
using Augur.Cli;
using Augur.Cli.Commands.Options;
using Augur.Cli.Commands.Tune;
using Augur.Requests;
using Augur.Tuning;

namespace Augur.Tests.Cli;

public sealed class TuneTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-tune").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_speed_is_met_on_pictures_that_the_search_never_saw_and_the_profile_generates()
    {
        var path = Path.Combine(_folder, "fast.json");
        var (exit, output, _) = await Run("tune", "--speedup", "3", "--out", path, "--trials", "12", "--held-out", "4", "--count", "2", "--steps",
            "12");
        Assert.Equal(0, exit);
        using var profile = JsonDocument.Parse(File.ReadAllBytes(path));
        var about = profile.RootElement.GetProperty("about");
        Assert.True(about.GetProperty("speedup").GetDouble() >= 3 * (1 - TuningTarget.SpeedTolerance));
        Assert.Equal((12, 12, "ddim", 2.0),
            (about.GetProperty("steps").GetInt32(), about.GetProperty("calls").GetInt32(), about.GetProperty("sampler").GetString(),
                about.GetProperty("guidance").GetDouble()));
        Assert.Equal(ModelIdentity.HashOf(_model.Folder), about.GetProperty("weights").GetString());
        Assert.Equal((4, 1_000_000), (about.GetProperty("heldOutPictures").GetInt32(), about.GetProperty("heldOutSeed").GetInt64()));
        Assert.True(about.GetProperty("psnrLower").GetDouble() <= about.GetProperty("psnrUpper").GetDouble());
        Assert.Contains(PolicyCatalog.Parse($"@{path}").Name, output.ReplaceLineEndings(" "), StringComparison.Ordinal);

        // The model's own steps are 4; the profile brings its 12.
        var grid = Path.Combine(_folder, "grid.png");
        var (drawn, json, _) = await Run("generate", "--class", "1", "--policy", $"@{path}", "--out", grid, "--json");
        Assert.Equal(0, drawn);
        using var report = JsonDocument.Parse(json);
        Assert.Equal(12, report.RootElement.GetProperty("parameters").GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task A_profile_at_other_steps_is_stretched_and_said_and_with_another_sampler_refused()
    {
        var path = Path.Combine(_folder, "short.json");
        Assert.Equal(0, (await Run("tune", "--speedup", "3", "--out", path, "--trials", "8", "--held-out", "2", "--count", "2", "--steps",
            "10")).Exit);
        var grid = Path.Combine(_folder, "grid.png");
        var (exit, output, _) = await Run("generate", "--class", "1", "--steps", "40", "--policy", $"@{path}", "--out", grid);
        Assert.Equal(0, exit);
        output = output.ReplaceLineEndings(" ");
        Assert.Contains("40 steps, not 10: its schedule is stretched to 12 computed calls of 40", output, StringComparison.Ordinal);

        var (refused, _, error) = await Run("generate", "--class", "1", "--sampler", "ddpm", "--policy", $"@{path}", "--out", grid);
        Assert.Equal(2, refused);
        Assert.Contains("was measured with the sampler ddim, not with ddpm", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_that_was_measured_in_a_guidance_interval_says_and_brings_it()
    {
        var path = Path.Combine(_folder, "interval.json");
        Assert.Equal(0, (await Run("tune", "--speedup", "3", "--out", path, "--trials", "8", "--held-out", "2", "--count", "2", "--steps", "10",
            "--guidance-interval", "0.2-0.8")).Exit);
        using var profile = JsonDocument.Parse(File.ReadAllBytes(path));
        Assert.Equal("0.2-0.8", profile.RootElement.GetProperty("about").GetProperty("guidanceInterval").GetString());
        var (exit, output, _) = await Run("generate", "--class", "1", "--policy", $"@{path}", "--out", Path.Combine(_folder, "grid.png"));
        Assert.Equal(0, exit);
        Assert.Contains("guidance acted in 6 of 10 calls", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_is_for_its_model()
    {
        var path = Path.Combine(_folder, "other.json");
        File.WriteAllText(path, """{ "policy": "fora", "about": { "model": "DiT 29x192/4", "weights": "0123456789abcdef" } }""");
        var (exit, _, error) = await Run("generate", "--class", "1", "--policy", $"@{path}", "--out", Path.Combine(_folder, "grid.png"));
        Assert.Equal(2, exit);
        Assert.Contains($"{path} was measured on DiT 29x192/4, and this model is DiT 2x32/2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_writes_the_best_so_far_and_says_how_far_it_was_judged()
    {
        var path = Path.Combine(_folder, "stopped.json");
        using var stop = new CancellationTokenSource();
        using var error = new StopsAt("x  ", stop);
        var run = new TuneRun
        {
            Drawing = new Drawing
            {
                Description = new RequestDescription { Count = 6, Steps = 12, Policy = "none" },
                Model = _model.Folder,
                Autoencoder = null,
                MemoryBudget = null,
                Compute = new Augur.Cli.Commands.Options.Compute(Threads: 1),
            },
            Speedup = 3,
            Quality = null,
            Policy = null,
            Trials = 60,
            HeldOut = 2,
            Out = path,
            Json = false,
            Output = TextWriter.Null,
            Error = error,
        };
        Assert.Equal(CommandRunner.Cancelled, await run.RunAsync(stop.Token));
        Assert.Contains($"augur: stopped; {path} has the best so far, taylorseer(", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("it was not held against others", error.ToString(), StringComparison.Ordinal);
        var about = Profile.Read(path).About;
        Assert.Equal((12, null), (about.Steps, about.HeldOutPictures));
        Assert.StartsWith("stopped; judged on 2 pictures", about.Note);
    }

    [Theory]
    [InlineData(SearchStage.Uncached, 0, 0.01, "   10 s  0 of 120 tried  drawing the pictures without a method")]
    [InlineData(SearchStage.Trying, 30, 0.25, "   10 s  30 of 120 tried, about 30 s left  best so far 5.00x  37.5 dB")]
    [InlineData(SearchStage.HeldOut, 120, 0.05, "   10 s  120 of 120 tried, about 3 min left  drawing pictures that the search never saw")]
    public void Progress_says_how_much_is_left(SearchStage stage, int tried, double share, string line) =>
        Assert.Equal(line, TuneProgress.Line(new(stage, tried, 120, share, tried == 0 ? null : new("p", 5, [37, 38]), false),
            TimeSpan.FromSeconds(10)));

    [Fact]
    public async Task The_same_search_finds_the_same_settings()
    {
        string[] found = new string[2];
        for (var i = 0; i < 2; i++)
        {
            var path = Path.Combine(_folder, $"{i}.json");
            Assert.Equal(0, (await Run("tune", "--speedup", "2.5", "--out", path, "--trials", "10", "--held-out", "2", "--count", "2", "--steps",
                "10")).Exit);
            found[i] = File.ReadAllText(path);
        }

        Assert.Equal(found[0], found[1]);
    }

    [Theory]
    [InlineData(30, "--trials", "16")]
    [InlineData(15, "--policy", "fora(interval={2..9})")]
    [InlineData(20, "--policy", "taylorseer(schedule=power(calls={2..12}))")] // falls along the range
    public async Task A_quality_is_held_by_the_lower_end_of_the_interval_or_no_profile_is_written(double psnr, params string[] search)
    {
        var path = Path.Combine(_folder, "fine.json");
        var (exit, _, error) = await Run(["tune", "--quality", $"{psnr}dB", "--out", path, "--held-out", "4", "--count", "2", "--steps", "12",
            .. search]);
        if (exit == 0)
        {
            using var profile = JsonDocument.Parse(File.ReadAllBytes(path));
            Assert.True(profile.RootElement.GetProperty("about").GetProperty("psnrLower").GetDouble() >= psnr);
        }
        else
        {
            Assert.False(File.Exists(path));
            Assert.Contains($"no setting was found that gives {psnr} dB", error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("fora(interval={2..9})", 3)]
    [InlineData("teacache(threshold={0.001..3})", 2)]
    [InlineData("taylorseer(schedule=power(calls={1..12}))", 2)] // falls along the range
    public async Task One_number_left_open_is_closed_in_on_until_the_speed_is_just_met(string policy, double speedup)
    {
        var path = Path.Combine(_folder, "range.json");
        var (exit, output, error) = await Run(
            "tune", "--speedup", $"{speedup}", "--policy", policy, "--out", path, "--held-out", "6", "--count", "6", "--steps", "12");
        Assert.True(exit == 0, error);
        using var profile = JsonDocument.Parse(File.ReadAllBytes(path));
        Assert.Equal(policy[..policy.IndexOf('(', StringComparison.Ordinal)], profile.RootElement.GetProperty("policy").GetString());
        Assert.InRange(profile.RootElement.GetProperty("about").GetProperty("speedup").GetDouble(), speedup, 1.7 * speedup);
        Assert.DoesNotContain('{', output);
    }

    [Fact]
    public async Task A_policy_with_no_number_open_is_held_against_the_target()
    {
        var path = Path.Combine(_folder, "stated.json");
        string[] pictures = ["--out", path, "--held-out", "3", "--count", "2", "--steps", "12"];
        var (met, _, _) = await Run(["tune", "--speedup", "3", "--policy", "taylorseer(interval=4,granularity=output)", .. pictures]);
        Assert.Equal(0, met);
        var (_, policy, about) = Profile.Read(path);
        Assert.Equal(("taylorseer(granularity=output)", 1, 3, 1), (policy, about.Tried, about.HeldOutPictures, about.HeldOutSets));

        File.Delete(path);
        var (missed, _, error) = await Run(["tune", "--speedup", "5", "--policy", "taylorseer(interval=4,granularity=output)", .. pictures]);
        Assert.Equal(1, missed);
        Assert.Contains("no setting was found that gives 5x fewer FLOPs: of 1 tried, the nearest was taylorseer(granularity=output)", error,
            StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_comparison_stretches_profiles_to_its_steps_and_says_so_or_refuses_them()
    {
        var path = Path.Combine(_folder, "short.json");
        File.WriteAllText(path, """
            { "policy": "taylorseer", "schedule": "list(0-3-7,of=10)", "granularity": "output", "about": { "sampler": "ddim", "steps": 10 } }
            """);
        var grid = Path.Combine(_folder, "grid.png");
        var (exit, output, error) = await Run("compare", "--class", "1", "--steps", "20", "--policies", $"@{path}", "--out", grid);
        Assert.Equal(0, exit);
        Assert.Contains("20 steps, not 10: its schedule is stretched to 6 computed calls of 20", error, StringComparison.Ordinal);
        Assert.Contains(",of=20)", output.ReplaceLineEndings(""), StringComparison.Ordinal);
        var (refused, _, sentence) = await Run("compare", "--class", "1", "--steps", "10", "--sampler", "ddpm", "--policies", $"@{path}", "--out",
            grid);
        Assert.Equal(2, refused);
        Assert.Contains("was measured with the sampler ddim, not with ddpm", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_range_that_ends_before_the_target_is_refused_with_its_last_policy()
    {
        var path = Path.Combine(_folder, "short.json");
        var (exit, _, error) = await Run("tune", "--speedup", "6", "--policy", "fora(interval={2..4})", "--out", path, "--held-out", "2", "--count",
            "2", "--steps", "12");
        Assert.Equal(1, exit);
        Assert.Contains("the nearest was fora(interval=4) with ", error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task A_target_out_of_reach_is_refused_with_the_nearest_that_was_found()
    {
        var path = Path.Combine(_folder, "impossible.json");
        var (exit, _, error) = await Run("tune", "--speedup", "50", "--out", path, "--trials", "8", "--held-out", "2", "--count", "2", "--steps",
            "8");
        Assert.Equal(1, exit);
        Assert.Contains("no setting was found that gives 50x fewer FLOPs: of ", error, StringComparison.Ordinal);
        Assert.Contains("the nearest was taylorseer(", error, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Theory]
    [InlineData("takes one target: --speedup, or --quality", "tune")]
    [InlineData("takes one target: --speedup, or --quality", "tune", "--speedup", "5", "--quality", "high")]
    [InlineData("--speedup is \"1\"; it is a number above 1 and at most 100.", "tune", "--speedup", "1")]
    [InlineData("\"splendid\" is no quality; it is decibels as in 32dB, or highest, high, balanced, fast.", "tune", "--quality", "splendid")]
    [InlineData("A quality of 120 dB is no target; it lies above 10 and at most at 90.", "tune", "--quality", "120dB")]
    [InlineData("3 trials cannot be made; a search makes 8 to 10000.", "tune", "--speedup", "2", "--trials", "3")]
    [InlineData("There is no policy \"foro\"; the nearest is \"fora\".", "tune", "--speedup", "2", "--policy", "foro")]
    [InlineData("\"fora(interval={9..2})\" leaves no range open", "tune", "--speedup", "2", "--policy", "fora(interval={9..2})")]
    [InlineData("\"fora(interval={2..3},warmup={1..2})\" leaves no range open", "tune", "--speedup", "2", "--policy",
        "fora(interval={2..3},warmup={1..2})")]
    [InlineData("There is no policy \"foro\"; the nearest is \"fora\".", "tune", "--speedup", "2", "--policy", "foro(interval={2..3})")]
    [InlineData("--held-out is \"1\"; it is a whole number from 2 to 4096.", "tune", "--speedup", "2", "--held-out", "1")]
    [InlineData("has no profile for \"high\"; augur tune --quality high makes one", "generate", "--quality", "high")]
    [InlineData("--policy and --quality both name a method; give one.", "generate", "--quality", "high", "--policy", "none")]
    public async Task Wrong_use_is_one_sentence(string sentence, params string[] words)
    {
        var (exit, _, error) = await Run(words);
        Assert.Equal(2, exit);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }

    // What the command writes to; asks it to stop at the first line that has a text.
    private sealed class StopsAt(string text, CancellationTokenSource stop) : StringWriter
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            if (value!.Contains(text, StringComparison.Ordinal))
            {
                stop.Cancel();
            }
        }
    }

    private Task<(int Exit, string Output, string Error)> Run(params string[] words) =>
        CommandLine.Run([.. words, "--model", _model.Folder]);
}
