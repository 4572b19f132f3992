using System.Text.Json;
using Augur.Decoding;

namespace Augur.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-cli").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Generate_writes_a_grid_with_its_parameters_and_each_picture()
    {
        var grid = Path.Combine(_folder, "grid.png");
        var (code, output, _) = await CommandLine.Run(
            "generate", "red apple", "octopus", "--count", "5", "--each", "--seed", "3", "--model", _model.Folder, "--out", grid);
        Assert.Equal(0, code);
        Assert.Contains("5 pictures", output);
        Assert.Equal(6, Directory.GetFiles(_folder, "*.png").Length);
        Assert.Empty(Directory.GetFiles(_folder, "*.part"));

        using var stream = File.OpenRead(grid);
        var content = Png.Read(stream);
        using var parameters = JsonDocument.Parse(content.Text["parameters"]);
        Assert.Equal("octopus", parameters.RootElement.GetProperty("pictures")[3].GetProperty("name").GetString());
        Assert.Equal(6, parameters.RootElement.GetProperty("pictures")[3].GetProperty("seed").GetInt64());
        Assert.Equal(4, parameters.RootElement.GetProperty("steps").GetInt32());
    }

    [Fact]
    public async Task The_same_command_gives_the_same_file()
    {
        string[] paths = [Path.Combine(_folder, "a.png"), Path.Combine(_folder, "b.png")];
        foreach (var path in paths)
        {
            Assert.Equal(
                0, (await CommandLine.Run("generate", "bear", "--sampler", "ddpm", "--steps", "3", "--model", _model.Folder, "--out", path)).Code);
        }

        Assert.Equal(await File.ReadAllBytesAsync(paths[0]), await File.ReadAllBytesAsync(paths[1]));
    }

    [Fact]
    public async Task Json_output_is_one_object_with_the_cost()
    {
        var (code, output, error) =
            await CommandLine.Run("generate", "--class", "1", "--json", "--model", _model.Folder, "--out", Path.Combine(_folder, "g.png"));
        using var report = JsonDocument.Parse(output);
        Assert.Equal((0, ""), (code, error));
        Assert.True(report.RootElement.GetProperty("totalFlops").GetDouble() > 0);
        Assert.Equal(4, report.RootElement.GetProperty("networkCalls").GetInt32());
    }

    [Theory]
    [InlineData(2, "'octopuss' is not a class of this model. Did you mean 'octopus'", "generate", "octopuss")]
    [InlineData(2, "There is no class 5; this model's are 0 to 4.", "generate", "--class", "5")]
    [InlineData(2, "--count is \"0\"; it is a whole number from 1 to 4096.", "generate", "bear", "--count", "0")]
    [InlineData(2, "--steps is \"0\"; it is a whole number from 1 to 1000.", "generate", "bear", "--steps", "0")]
    [InlineData(2, "--guidance is \"-1\"; it is a number from 0 to 100.", "generate", "bear", "--guidance", "-1")]
    [InlineData(2, "There is no sampler", "generate", "bear", "--sampler", "ddimm")]
    [InlineData(2, "There is no noise 'white'", "generate", "bear", "--noise", "white")]
    [InlineData(1, "nowhere.safetensors", "generate", "bear", "--noise", "file:nowhere.safetensors")]
    [InlineData(2, "--size is 12; it is 8, this model's own", "generate", "bear", "--size", "12")]
    [InlineData(2, "--threads is \"0\"; it is a whole number from 1 to 1024.", "generate", "bear", "--threads", "0")]
    [InlineData(2, "there is no folder", "generate", "bear", "--out", "/nowhere/grid.png")]
    [InlineData(2, "There is no policy \"spica\"; the nearest is \"speca\".", "generate", "bear", "--policy", "spica")]
    [InlineData(2, "max is \"many\"", "generate", "bear", "--policy", "speca(max=many)")]
    [InlineData(1, "nowhere.json", "generate", "bear", "--policy", "@nowhere.json")]
    [InlineData(
        2, "--memory-budget is \"64 apples\"; it is an amount of memory such as 64MB or 1GiB.", "generate", "bear", "--memory-budget", "64 apples")]
    [InlineData(2, "--lora-partly belongs to a LoRA; give it with --lora.", "generate", "bear", "--lora-partly")]
    [InlineData(2, "The memory budget is 0 bytes", "generate", "bear", "--memory-budget", "0")]
    [InlineData(2, "--cache-budget is \"-1\"", "generate", "bear", "--cache-budget=-1")]
    [InlineData(2, "cannot follow a network that predicts epsilon", "generate", "bear", "--sampler", "heun")]
    public async Task Wrong_input_is_one_sentence_and_an_exit_code(int code, string message, params string[] arguments)
    {
        string[] output = arguments.Contains("--out") ? [] : ["--out", Path.Combine(_folder, "x.png")];
        var result = await CommandLine.Run([.. arguments, "--model", _model.Folder, .. output]);
        Assert.Equal(code, result.Code);
        Assert.StartsWith("augur: ", result.Error);
        Assert.Contains(message, result.Error);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("generate", "--nonsense")]
    [InlineData("paint")]
    public async Task A_command_line_that_does_not_parse_is_wrong_use(params string[] arguments)
    {
        var result = await CommandLine.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains("--help", result.Error);
    }

    [Fact]
    public async Task A_model_that_is_not_there_fails_with_its_name()
    {
        var result = await CommandLine.Run("generate", "bear", "--model", "no-such-model", "--out", Path.Combine(_folder, "x.png"));
        Assert.Equal((1, "augur: no-such-model: there is no such file or folder.\n"), (result.Code, result.Error.ReplaceLineEndings("\n")));
    }

    [Fact]
    public async Task Inspect_names_architecture_sizes_and_leftovers()
    {
        var (code, output, _) = await CommandLine.Run("inspect", _model.Folder);
        Assert.Equal(0, code);
        Assert.Contains("2 of width 32 with 2 heads", output);
        Assert.Contains("5 classes and the null class", output);
        Assert.Contains("red apple", output);
    }

    [Fact]
    public async Task Inspect_knows_an_autoencoder()
    {
        var (code, output, _) = await CommandLine.Run("inspect", Fixtures.Path("flux-ae"));
        Assert.Equal(0, code);
        Assert.Contains("AutoencoderKL", output);
        Assert.Contains("of 32, 64 channels, 1 layers each", output);
    }

    [Fact]
    public async Task Replay_prints_a_line_per_run_and_fails_when_one_does()
    {
        var (code, output, _) = await CommandLine.Run("replay", Fixtures.Path("dit-core/schedules.safetensors"));
        Assert.Equal(0, code);
        Assert.Contains("PASS        dit-core/schedules", output);
        Assert.EndsWith("1 passed, 0 failed", output.TrimEnd());
        Assert.Equal(1, (await CommandLine.Run("replay", "no-such-folder")).Code);
    }
}
