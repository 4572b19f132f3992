using System.Security.Cryptography;
using System.Text.Json;
using Augur.Cli.Commands.Generate;
using Augur.Decoding;

namespace Augur.Tests.Cli;

public sealed class OutputFileTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-out-").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("k.jpg: pictures are written as PNG", "generate", "bear", "--out", "k.jpg")]
    [InlineData("k.jpg: pictures are written as PNG", "compare", "bear", "--out", "k.jpg")]
    [InlineData("--out and --audit-out are both", "generate", "bear", "--audit", "--policy", "fora", "--out", "x.png", "--audit-out", "./x.png")]
    [InlineData("--out and --html are both", "compare", "bear", "--out", "x.png", "--html", "./x.png")]
    [InlineData(
        "--each and --audit-out are both", "generate", "bear", "--each", "--audit", "--policy", "fora", "--out", "x.png", "--audit-out", "x-000.png")]
    [InlineData("its name is too long", "generate", "bear", "--each", "--out", LongName)]
    [InlineData("would have 24584x16390 pixels", "generate", "--count", "5", "--size", "8192", "--out", "x.png")]
    [InlineData("would have 40972x16390 pixels", "compare", "--count", "5", "--size", "8192", "--policies", "fora", "--out", "x.png")]
    [InlineData("--each writes pictures beside --out", "generate", "bear", "--each", "--out", "/dev/null")]
    [InlineData("--degree is \"9\"; it is a whole number from 0 to 8.", "fit", "teacache", "--degree", "9", "--out", "x.json")]
    [InlineData("would replace a file of --model", "tune", "--speedup", "2", "--out", "MODEL/config.json")]
    [InlineData("would replace a file of --model", "fit", "l2c", "--out", "MODEL/model.safetensors")]
    [InlineData("a router is written as .safetensors", "fit", "l2c", "--out", "x.json")]
    public async Task What_cannot_be_written_is_refused_before_anything_is_drawn(string message, params string[] arguments)
    {
        string[] words = [.. arguments.Select(Place), "--model", _model.Folder];
        var before = Directory.GetFiles(_model.Folder).Select(File.ReadAllBytes).ToList();
        var (code, _, error) = await CommandLine.Run(words);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.DoesNotContain("steps/s", error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Equal(before, Directory.GetFiles(_model.Folder).Select(File.ReadAllBytes));

        string Place(string word) => word.StartsWith("MODEL/", StringComparison.Ordinal) ? Path.Combine(_model.Folder, word[6..])
            : word is ['x', ..] or ['.', '/', ..] or "k.jpg" ? Path.Combine(_folder, word) : word;
    }

    [Fact]
    public void Pictures_too_large_for_a_sheet_are_written_one_by_one_with_a_sentence()
    {
        using var error = new StringWriter();
        var files = new PictureFiles(Path.Combine(_folder, "x.png"), Each: true, Count: 5, Width: 8, Height: 8, Enlargement: 1024);
        Assert.False(files.RequireSheet(error));
        Assert.Contains("without it", error.ToString(), StringComparison.Ordinal);
        Assert.True((files with { Enlargement = 512 }).RequireSheet(error));
    }

    [Fact]
    public async Task A_sheet_that_cannot_be_written_in_the_end_leaves_the_pictures()
    {
        var sheet = Path.Combine(_folder, "x.png");
        using var error = new CallbackWriter(() => Directory.CreateDirectory(sheet)); // while it is drawn, somebody takes the name
        using var output = new StringWriter();
        var code = await Augur.Cli.CommandRunner.RunAsync(
            Augur.Cli.Commands.AugurCommand.Create(), ["generate", "bear", "rocket", "--steps", "10", "--model", _model.Folder, "--out", sheet],
                output, error);
        Assert.Equal(1, code);
        Assert.Equal(["x-000.png", "x-001.png"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        Assert.Contains("2 pictures are saved", error.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Cannot write '{sheet}': it is a folder.", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("18446744073709551614", "18446744073709551614", "18446744073709551615")]
    [InlineData("-2", "-2", "-1")]
    [InlineData("7", "7", "8")]
    public async Task Seeds_are_told_as_they_were_given(string seed, params string[] told)
    {
        var path = Path.Combine(_folder, "x.png");
        var (code, output, _) =
            await CommandLine.Run("generate", "bear", "bell", "--model", _model.Folder, "--steps", "1", "--seed", seed, "--json", "--out", path);
        using var report = JsonDocument.Parse(output);
        using var stream = File.OpenRead(path);
        using var parameters = JsonDocument.Parse(Png.Read(stream).Text["parameters"]);
        Assert.Equal(0, code);
        Assert.Equal(told, report.RootElement.GetProperty("parameters").GetProperty("pictures").EnumerateArray()
            .Select(p => p.GetProperty("seed").GetRawText()));
        Assert.Equal(told, parameters.RootElement.GetProperty("pictures").EnumerateArray().Select(p => p.GetProperty("seed").GetRawText()));
    }

    [Fact]
    public async Task A_picture_says_what_it_takes_to_make_it_again()
    {
        var policy = Path.Combine(_folder, "policy.json");
        File.WriteAllText(policy, """{"policy":"fora","interval":"2"}""");
        var path = Path.Combine(_folder, "x.png");
        Assert.Equal(
            0, (await CommandLine.Run("generate", "bear", "--model", _model.Folder, "--policy", $"@{policy}", "--size", "64", "--out", path)).Code);
        using var stream = File.OpenRead(path);
        using var parameters = JsonDocument.Parse(Png.Read(stream).Text["parameters"]);
        var origin = parameters.RootElement.GetProperty("origin");
        var weights = origin.GetProperty("modelFiles").EnumerateArray().Single(f => f.GetProperty("file").GetString() == "model.safetensors");
        Assert.Equal(Sha256(Path.Combine(_model.Folder, "model.safetensors")), weights.GetProperty("sha256").GetString());
        Assert.Equal(_model.Folder, origin.GetProperty("modelPath").GetString());
        Assert.Equal(policy, origin.GetProperty("policyPath").GetString());
        Assert.Equal(Sha256(policy), origin.GetProperty("policyFiles")[0].GetProperty("sha256").GetString());
        Assert.Equal(64, parameters.RootElement.GetProperty("size")[0].GetInt32());
        Assert.StartsWith("fora(interval=2", parameters.RootElement.GetProperty("policy").GetString(), StringComparison.Ordinal);

        static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
    }

    // 249 characters and .png: the sheet fits, x…-000.png does not.
    private const string LongName =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
        + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx.png";

    private sealed class CallbackWriter(Action first) : StringWriter
    {
        private Action? _first = first;

        public override void WriteLine(string? value)
        {
            Interlocked.Exchange(ref _first, null)?.Invoke();
            base.WriteLine(value);
        }
    }
}
