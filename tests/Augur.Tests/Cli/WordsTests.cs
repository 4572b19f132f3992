using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Augur.Cli;
using Augur.Cli.Commands;
using Augur.Decoding;

namespace Augur.Tests.Cli;

/// <summary>What the program says where words are wrong, and what its help promises.</summary>
public sealed partial class WordsTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-words").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("augur: There is no command \"generat\"; the nearest is \"generate\". Try 'augur --help'.", "generat")]
    [InlineData("there are generate, write, edit, invert, compare, bench, tune, fit, inspect, convert, list, devices, replay.", "wibble")]
    [InlineData("augur fit needs a command: teacache, magcache, sencache, meancache, l2c, forecast, error. Try 'augur fit --help'.", "fit")]
    [InlineData("augur fit needs a command before --model: teacache, magcache, sencache, meancache, l2c, forecast, error. Try 'augur fit --help'.",
        "fit", "--model", "x")]
    [InlineData("There is no option \"--stepss\"; the nearest is \"--steps\". Try 'augur generate --help'.", "generate", "bear", "--stepss", "4")]
    [InlineData("There is no option \"--tensor\"; the nearest is \"--tensors\". Try 'augur inspect --help'.", "inspect", "--tensor")]
    [InlineData("--steps is \"many\"; it is a whole number from 1 to 1000.", "generate", "--steps", "many")]
    [InlineData("--rounds is \"2,5\"; it is a whole number from 1 to 100. Try 'augur compare --help'.", "compare", "--rounds", "2,5")]
    [InlineData("--batch is \"0\"; it is a whole number from 1 to 256.", "bench", "--batch", "0")]
    [InlineData("--speedup is \"NaN\"; it is a number above 1 and at most 100.", "tune", "--speedup", "NaN")]
    [InlineData("--reuse is \"0,5\"; it is a number above 0 and below 1, written with a decimal point.", "fit", "l2c", "--out", "x.safetensors",
        "--reuse", "0,5")]
    [InlineData("--audit is \"2\"; it is a share of the calls, above 0 and at most 1.", "generate", "--audit", "2")]
    [InlineData("--degree is \"9\"; it is a whole number from 0 to 8.", "fit", "teacache", "--out", "x.json", "--degree", "9")]
    [InlineData("--threads is \"0\"", "replay", "x", "--threads", "0")]
    public async Task Wrong_words_are_named_with_the_command_whose_help_exists(string message, params string[] arguments)
    {
        var result = await CommandLine.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(message, result.Error);
        Assert.DoesNotContain("System.", result.Error);
        Assert.DoesNotContain("Augur.Cli", result.Error);
        Assert.Equal("", result.Output);
    }

    [Theory]
    [InlineData(2, "--guidance is \"2,5\"; it is a number from 0 to 100, written with a decimal point.", "--guidance", "2,5")]
    [InlineData(2, "--guidance is \"NaN\"", "--guidance", "NaN")]
    [InlineData(2, "--guidance-interval is \"0.8-0.2\"; it is two shares of the run's calls from 0 to 1, the lower one first, such as 0.2-0.8.",
        "--guidance-interval", "0.8-0.2")]
    [InlineData(2, "The guidance interval 0.2-0.8 would do nothing: at guidance 1 this model computes one row in every call.",
        "--guidance", "1", "--guidance-interval", "0.2-0.8")]
    [InlineData(2, "a baseline that augur compare and augur bench know", "--policy", "steps(12)")]
    [InlineData(2, "There is no policy \"help\"; there are none, augur, fora", "--policy", "help")]
    [InlineData(2, "There is no sampler \"3\"; there are ddim, ddpm", "--sampler", "3")]
    [InlineData(2, "There is no class 207; this model's are 0 to 4.", "207")]
    [InlineData(2, "--policy and --quality both name a method; give one.", "--policy", "none", "--quality", "high")]
    [InlineData(2, "This model has no profile for \"high\"; augur tune --quality high makes one", "--quality", "high")]
    [InlineData(2, "--seed is \"18446744073709551616\"", "--seed", "18446744073709551616")]
    [InlineData(1, "this model draws pixels; an autoencoder (nope) has nothing to decode", "--vae", "nope")]
    [InlineData(1, "no-such.json: there is no such file", "--request", "no-such.json")]
    [InlineData(2, "There is no noise 'file:'; it can be torch, cuda or file:PATH.", "--noise", "file:")]
    [InlineData(1, "\"@\" names no policy file; its name stands behind it.", "--policy", "@")]
    public async Task Wrong_values_of_generate_are_refused_by_name(int code, string message, params string[] arguments)
    {
        var result = await CommandLine.Run(["generate", .. arguments, "--model", _model.Folder, "--out", Path.Combine(_folder, "x.png")]);
        Assert.Equal(code, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("generate", "--request")]
    [InlineData("generate", "--prompts-file")]
    [InlineData("bench", "--policies-file")]
    public async Task A_file_that_never_ends_is_refused_and_not_read_to_its_end(string command, string option)
    {
        const string Endless = "/dev/zero";
        if (!File.Exists(Endless))
        {
            return; // not on this system
        }

        var result = await CommandLine.Run(command, option, Endless, "--model", _model.Folder, "--out", Path.Combine(_folder, "x.png"));
        Assert.InRange(result.Code, 1, 2);
        Assert.Contains("/dev/zero: more than ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Behind_two_dashes_words_are_taken_as_they_are()
    {
        var result = await CommandLine.Run("generate", "--model", _model.Folder, "--out", Path.Combine(_folder, "x.png"), "--", "--count");
        Assert.Equal(2, result.Code);
        Assert.Contains("'--count'", result.Error, StringComparison.Ordinal); // which is no class
        Assert.DoesNotContain("There is no option", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_text_is_not_told_as_a_whole()
    {
        var result = await CommandLine.Run("generate", "--policy", string.Concat(Enumerable.Repeat("speca(", 20_000)));
        Assert.Equal(2, result.Code);
        Assert.InRange(result.Error.Length, 1, 400);
    }

    [Fact]
    public async Task An_autoencoder_for_the_built_in_model_is_refused()
    {
        var result = await CommandLine.Run("generate", "rocket", "--vae", "nope", "--out", Path.Combine(_folder, "x.png"));
        Assert.Equal(1, result.Code);
        Assert.Contains("has nothing to decode", result.Error);
    }

    [Fact]
    public async Task Numbers_mean_the_same_where_decimals_have_commas()
    {
        var before = CultureInfo.CurrentCulture;
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (culture.NumberFormat.NumberDecimalSeparator, culture.NumberFormat.NumberGroupSeparator) = (",", ".");
        CultureInfo.CurrentCulture = culture;
        try
        {
            var (code, output, _) = await Draw("bear", "--guidance", "2.5", "--policy", "speca(base=0.5)", "--json");
            Assert.Equal(0, code);
            using var report = JsonDocument.Parse(output);
            Assert.Equal(2.5, report.RootElement.GetProperty("parameters").GetProperty("guidance").GetDouble());
            Assert.Equal("speca(base=0.5)", report.RootElement.GetProperty("parameters").GetProperty("policy").GetString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Seeds_of_64_bits_without_a_sign_draw_what_the_same_bits_with_one_draw()
    {
        string[] paths = [Path.Combine(_folder, "a.png"), Path.Combine(_folder, "b.png")];
        Assert.Equal(0, (await Draw(paths[0], "bear", "--seed", "18446744073709551615")).Code);
        Assert.Equal(0, (await Draw(paths[1], "bear", "--seed", "-1")).Code);
        Assert.Equal(RgbImage.LoadPng(paths[0]).Rgb.ToArray(), RgbImage.LoadPng(paths[1]).Rgb.ToArray());
    }

    [Fact]
    public async Task A_line_says_which_method_ran_and_why_and_what_would_be_faster()
    {
        var (_, output, _) = await Draw("bear");
        Assert.Contains(
            "Method: none; every call is computed: this model has no profile (augur tune makes one, and --policy augur is faster without).", output);
        Assert.Contains("Method: none; as asked.\n", (await Draw("bear", "--policy", "none")).Output.ReplaceLineEndings("\n"));
        using var report = JsonDocument.Parse((await Draw("bear", "--json")).Output);
        Assert.StartsWith(
            "every call is computed: this model has no profile", report.RootElement.GetProperty("method").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_request_is_read_from_a_file_and_options_beside_it_win()
    {
        var file = Path.Combine(_folder, "request.json");
        await File.WriteAllTextAsync(file, """{"class": ["bear", "bell"], "steps": 3, "seed": 5, "policy": "fora(interval=4)"}""");
        using var report = JsonDocument.Parse((await Draw("--request", file, "--steps", "6", "--json")).Output);
        var parameters = report.RootElement.GetProperty("parameters");
        Assert.Equal((6, "fora(interval=4)", 2), (parameters.GetProperty("steps").GetInt32(), parameters.GetProperty("policy")
            .GetString(), parameters.GetProperty("pictures").GetArrayLength()));
    }

    [Theory]
    [InlineData]
    [InlineData("--help")]
    public async Task Without_a_command_the_program_says_what_it_has_on_one_screen(params string[] arguments)
    {
        var (code, output, error) = await CommandLine.Run(arguments);
        Assert.Equal((0, ""), (code, error));
        Assert.All(AugurCommand.Create().Subcommands, c => Assert.Contains($"\n  {c.Name} ", output.ReplaceLineEndings("\n")));
        Assert.InRange(output.Split('\n').Length, 10, 28);
    }

    [Fact]
    public async Task Every_example_of_every_help_parses()
    {
        var root = (await CommandLine.Run()).Output;
        var examples = Commands(AugurCommand.Create()).Select(c => c.Description ?? "").Append(root).SelectMany(text => text.Split('\n'))
            .Select(line => line.Trim()).Where(line => line.StartsWith("augur ", StringComparison.Ordinal)).ToList();
        Assert.True(examples.Count >= 20, $"{examples.Count} examples");
        foreach (var example in examples)
        {
            string[] words = [.. Words().Matches(example).Skip(1).Select(m => m.Value.Trim('"'))];
            Assert.Null(ParseErrors.Explain(AugurCommand.Create().Parse(words, new() { ResponseFileTokenReplacer = null })));
        }
    }

    [Fact]
    public void Every_command_but_those_of_commands_prints_json()
    {
        var without = Commands(AugurCommand.Create()).Where(c => c.Subcommands.Count == 0 && !c.Options.Any(o => o.Name == "--json"))
            .Select(c => c.Name);
        Assert.Empty(without);
    }

    [Theory]
    [InlineData("policies")]
    [InlineData("drafts")]
    [InlineData("schedules")]
    [InlineData("tokens")]
    [InlineData("masks")]
    [InlineData("samplers")]
    [InlineData("token-samplers")]
    [InlineData("models")]
    [InlineData("noise")]
    [InlineData("metrics")]
    [InlineData("devices")]
    [InlineData("fields")]
    public async Task List_names_every_entry_within_80_columns(string kind)
    {
        var (code, output, _) = await CommandLine.Run("list", kind);
        using var json = JsonDocument.Parse((await CommandLine.Run("list", kind, "--json")).Output);
        var names = json.RootElement[0].GetProperty("entries").EnumerateArray().Select(e => e.GetProperty("name").GetString()!).ToArray();
        Assert.Equal(0, code);
        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Contains($"  {name} ", output));
        Assert.All(output.Split('\n').Where(line => line.StartsWith(' ')), line => Assert.InRange(line.TrimEnd().Length, 0, 80));
    }

    [Fact]
    public async Task List_shows_the_settings_of_one()
    {
        var (_, output, _) = await CommandLine.Run("list", "samplers", "ddim");
        Assert.Contains("eta", output);
        Assert.Contains("default 0", output);
        Assert.Contains("There is no kind \"policys\"; the nearest is \"policies\".", (await CommandLine.Run("list", "policys")).Error);
        Assert.Contains("the nearest is \"speca\"", (await CommandLine.Run("list", "policies", "spica")).Error);
    }

    private static IEnumerable<System.CommandLine.Command> Commands(System.CommandLine.Command command) =>
        [command, .. command.Subcommands.SelectMany(Commands)];

    private Task<(int Code, string Output, string Error)> Draw(params string[] arguments)
    {
        var isPath = arguments[0].EndsWith(".png", StringComparison.Ordinal);
        return CommandLine.Run(["generate", .. isPath ? arguments[1..] : arguments, "--model", _model.Folder, "--out", isPath ? arguments[0]
            : Path.Combine(_folder, "g.png")]);
    }

    [GeneratedRegex("\"[^\"]*\"|[^ ]+")]
    private static partial Regex Words();
}
