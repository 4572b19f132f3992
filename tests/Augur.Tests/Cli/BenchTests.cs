using System.Text.Json.Nodes;
using Augur.Cli;
using Augur.Cli.Commands.Bench;
using Augur.Cli.Commands.Options;
using Augur.Requests;

namespace Augur.Tests.Cli;

public sealed partial class BenchTests : IDisposable
{
    private const string Policies = "taylorseer(interval=3); speca(preset=paper,granularity=block,base=0.5,warmup=1)";
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-bench").FullName;

    private string Out => Path.Combine(_folder, "out");

    private string Results => Path.Combine(Out, "results.jsonl");

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task It_writes_results_table_and_page()
    {
        var (code, output, _) = await Bench(Out);
        Assert.Equal(0, code);
        var table = (await File.ReadAllLinesAsync(Path.Combine(Out, "table.md"))).Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)).ToArray();
        string[] names = [.. table.Skip(1).Select(row => row[0])];
        Assert.All(names.Select((name, i) => $"{(char)('A' + i)}  {name}"), line => Assert.Contains(line, output.Split('\n')));
        Assert.Equal("none", names[0]);
        Assert.Contains("taylorseer(interval=3)", names);
        string[] columns =
            ["policy", "computed", "kept", "rejected", "partial", "FLOPs", "time", "s/picture", "cache MiB", "worst PSNR dB", "PSNR dB", "SSIM",
            "MS-SSIM", "latent error", "LPIPS-style (Augur features)", "Fréchet distance (Augur features)", "class as asked %",
            "class as uncached %"];
        Assert.Equal(columns, table[0]);
        Assert.Equal(["index.html", "results.jsonl", "table.csv", "table.md"], Directory.GetFiles(Out).Select(Path.GetFileName).Order());
        var speeds = table.Skip(1).Select(row => double.Parse(row[5].TrimEnd('x'), System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(speeds.Order(), speeds);
        Assert.Equal(names.Length, speeds.Length);
    }

    [Fact]
    public async Task Fewer_steps_at_equal_cost_take_part_unless_declined()
    {
        await Bench(Out);
        var drawn = Lines(Results).Select(l => (string)l["policy"]!).Distinct().ToArray();
        var methods = drawn.Where(p => p.StartsWith("taylorseer") || p.StartsWith("speca"));
        var baselines = drawn.Where(p => p.StartsWith("steps(")).ToArray();
        var flops = Lines(Results).GroupBy(l => (string)l["policy"]!)
            .ToDictionary(g => g.Key, g => g.SelectMany(l => l["pictures"]!.AsArray()).Sum(p => (double)p!["executedFlops"]!));
        var half = flops["none"] / 8 / 2; // half a step
        Assert.Equal(2, methods.Count());
        Assert.All(methods, method => Assert.Single(baselines, steps => Math.Abs(flops[steps] - flops[method]) <= half));
        Assert.All(baselines, steps => Assert.Contains(methods, method => Math.Abs(flops[steps] - flops[method]) <= half));

        await Bench(Path.Combine(_folder, "none"), "--baselines", "none");
        Assert.DoesNotContain(Lines(Path.Combine(_folder, "none", "results.jsonl")), l => ((string)l["policy"]!).StartsWith("steps("));
    }

    [Fact]
    public async Task A_run_that_was_interrupted_and_started_again_equals_one_that_was_not()
    {
        await Bench(Out);
        var interrupted = Path.Combine(_folder, "interrupted");
        using var stop = new CancellationTokenSource();
        using var error = new StringWriter();

        // Two chunks of the uncached run and the first of the first policy are read from the clock twice each.
        var run = Run(interrupted, error, new StoppingClock(reading: 7, stop));
        Assert.Equal(CommandRunner.Cancelled, await run.RunAsync(stop.Token));
        Assert.Contains($"stopped; the 5 pictures measured so far are in {interrupted}, and the same command goes on from there.", error.ToString());
        Assert.Equal(
            ["none", "none", "taylorseer(interval=3)"], Measured(Path.Combine(interrupted, "results.jsonl")).Select(l => (string)l["policy"]!));

        Assert.Equal(0, (await Bench(interrupted)).Code);
        AssertSameMeasurements(Results, Path.Combine(interrupted, "results.jsonl"));
        foreach (var picture in Directory.GetFiles(Path.Combine(Out, "pictures"), "*.png", SearchOption.AllDirectories))
        {
            Assert.Equal(await File.ReadAllBytesAsync(picture), await File.ReadAllBytesAsync(picture.Replace(Out, interrupted)));
        }
    }

    [Fact]
    public async Task A_run_that_is_complete_draws_nothing_more()
    {
        await Bench(Out);
        var before = await File.ReadAllTextAsync(Results);
        var page = await File.ReadAllTextAsync(Path.Combine(Out, "index.html"));
        Assert.Equal(0, (await Bench(Out)).Code);
        Assert.Equal(before, await File.ReadAllTextAsync(Results));
        Assert.Equal(page, await File.ReadAllTextAsync(Path.Combine(Out, "index.html")));
    }

    [Fact]
    public async Task Policies_come_from_a_file_too()
    {
        var file = Path.Combine(_folder, "policies.txt");
        await File.WriteAllTextAsync(file, "# the first\nfora(interval=4)\n\nsteps(5)   # a baseline\n");
        await Bench(Out, "--policies", "taylorseer(interval=3)", "--policies-file", file, "--baselines", "none");
        Assert.Equal(
            ["none", "taylorseer(interval=3)", "fora(interval=4)", "steps(5)"], Measured(Results).Select(l => (string)l["policy"]!).Distinct());
    }

    [Theory]
    [InlineData(2, "There is no policy \"spica\"", "--policies", "none; spica")]
    [InlineData(2, "it names at least one policy", "--policies", "")]
    [InlineData(2, "--batch is \"0\"; it is a whole number from 1 to 256.", "--batch", "0")]
    [InlineData(2, "--count is \"0\"; it is a whole number from 1 to 4096.", "--count", "0")]
    [InlineData(2, "--baselines can be steps or none, not most.", "--baselines", "most")]
    [InlineData(2, "--steps is \"0\"; it is a whole number from 1 to 1000.", "--steps", "0")]
    [InlineData(2, "--out is empty", "--out", "")]
    [InlineData(1, "--policies-file nowhere.txt: there is no such file.", "--policies-file", "nowhere.txt")]
    [InlineData(2, "--report nowhere: there is no results.jsonl.", "--report", "nowhere")]
    public async Task Wrong_input_is_one_sentence_and_an_exit_code(int code, string message, params string[] arguments)
    {
        string[] output = arguments[0] == "--report" ? [] : ["--model", _model.Folder, .. arguments[0] == "--out" ? (string[])[] : ["--out", Out]];
        var result = await CommandLine.Run(["bench", .. output, .. arguments]);
        Assert.Equal(code, result.Code);
        Assert.StartsWith("augur: ", result.Error);
        Assert.Contains(message, result.Error);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.False(File.Exists(Results));
    }

    private Task<(int Code, string Output, string Error)> Bench(string folder, params string[] arguments)
    {
        string[] policies = arguments.Contains("--policies") ? [] : ["--policies", Policies];
        var defaults = new Dictionary<string, string> { ["--steps"] = "8", ["--count"] = "3", ["--batch"] = "2" };
        var settings = defaults.Where(d => !arguments.Contains(d.Key)).SelectMany(d => new[] { d.Key, d.Value });
        return CommandLine.Run(["bench", .. settings, "--model", _model.Folder, "--out", folder, .. policies, .. arguments]);
    }

    private BenchRun Run(string folder, TextWriter error, TimeProvider clock) => new()
    {
        Drawing = new Drawing
        {
            Description = new RequestDescription { Count = 3, Steps = 8, Policy = "none" },
            Model = _model.Folder,
            Autoencoder = null,
            MemoryBudget = null,
        },
        Policies = Policies,
        Batch = 2,
        WithBaselines = true,
        Out = folder,
        Output = TextWriter.Null,
        Error = error,
        Time = clock,
    };

    private static void AssertSameMeasurements(string expected, string actual, Func<JsonNode, bool>? which = null)
    {
        string[] Sorted(string path) => [.. Measured(path).Where(which ?? (_ => true)).Select(WithoutTimes).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(Sorted(expected));
        Assert.Equal(Sorted(expected), Sorted(actual));
    }

    private static string WithoutTimes(JsonNode line)
    {
        var copy = line.DeepClone().AsObject();
        Assert.True(copy.Remove("seconds") && copy.Remove("load") && copy.Remove("session"));
        return copy.ToJsonString();
    }

    private static List<JsonNode> Measured(string path) => [.. Lines(path).Where(l => l["pictures"]!.AsArray().Count > 0)];

    private static List<JsonNode> Lines(string path) => [.. File.ReadLines(path).Skip(1).Select(line => JsonNode.Parse(line)!)];

    /// <summary>The system's clock, but at one reading somebody presses Ctrl-C.</summary>
    private sealed class StoppingClock(int reading, CancellationTokenSource stop) : TimeProvider
    {
        private int _readings;

        public override long GetTimestamp()
        {
            if (++_readings == reading)
            {
                stop.Cancel();
            }

            return base.GetTimestamp();
        }
    }
}
