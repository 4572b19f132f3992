using System.CommandLine;
using Augur.Cli;
using Augur.Cli.Commands;

namespace Augur.Tests.Cli;

public sealed class LostStreamTests : IDisposable
{
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-lost-").FullName;

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_full_standard_error_changes_nothing()
    {
        using var output = new StringWriter();
        Assert.Equal(0, await GenerateAsync(output, new FullWriter()));
        Assert.Contains("2 pictures", output.ToString(), StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task A_full_standard_output_loses_the_report_and_no_picture_and_the_exit_code_tells()
    {
        using var error = new StringWriter();
        Assert.Equal(1, await GenerateAsync(new FullWriter(), error));
        Assert.EndsWith(
            "augur: not all that was to be said could be written, though files are: No space left on device", error.ToString().TrimEnd(),
            StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_stream_that_cannot_even_be_opened_is_written_to_in_vain()
    {
        var writer = LastingWriter.Standard(() => throw new IOException("Bad file descriptor"), () => false);
        writer.WriteLine("lost");
        Assert.Equal(("Bad file descriptor", false), (writer.Failure!.Message, writer.IsTerminal));
    }

    [Fact]
    public async Task An_exception_that_nobody_thought_of_is_one_sentence_and_exit_code_1()
    {
        foreach (var problem in (Exception[])[
            new InvalidOperationException("first\nsecond\u001b[31m"), new FormatException("x"), new InsufficientMemoryException(),
                new AggregateException(new KeyNotFoundException("y"))])
        {
            using var error = new StringWriter();
            var root = new RootCommand();
            root.SetAction(int (_) => throw problem);
            Assert.Equal(1, await CommandRunner.RunAsync(root, ["--"], TextWriter.Null, error));
            var sentence = Assert.Single(error.ToString().TrimEnd().Split('\n'));
            Assert.StartsWith("augur: ", sentence, StringComparison.Ordinal);
            Assert.DoesNotContain('\u001b', sentence);
            Assert.DoesNotContain("   at ", sentence, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Try 'augur --help'.", "paint")]
    [InlineData("Try 'augur generate --help'.", "generate", "--steps", "many")]
    [InlineData("Try 'augur fit teacache --help'.", "fit", "teacache", "--out", "x.json", "--steps", "many")]
    public async Task The_hint_at_help_names_a_command_that_exists(string hint, params string[] arguments)
    {
        var (code, _, error) = await CommandLine.Run(arguments);
        Assert.Equal(2, code);
        Assert.EndsWith(hint, error.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_and_readme_say_the_exit_codes_of_signals()
    {
        var readme = File.ReadAllText(Path.Combine(Fixtures.Path(""), "../../README.md"));
        foreach (var text in (string[])[(await CommandLine.Run("--help")).Output, readme])
        {
            Assert.Contains("130", text, StringComparison.Ordinal);
            Assert.Contains("143", text, StringComparison.Ordinal);
        }
    }

    private Task<int> GenerateAsync(TextWriter output, TextWriter error) => CommandRunner.RunAsync(
        AugurCommand.Create(), ["generate", "bear", "rocket", "--model", _model.Folder, "--out", Path.Combine(_folder, "grid.png")], output, error);

    private sealed class FullWriter : StringWriter
    {
        public override void Write(char value) => throw new IOException("No space left on device");

        public override void Write(string? value) => throw new IOException("No space left on device");

        public override void WriteLine(string? value) => throw new IOException("No space left on device");

        public override void Write(char[] buffer, int index, int count) => throw new IOException("No space left on device");
    }
}
