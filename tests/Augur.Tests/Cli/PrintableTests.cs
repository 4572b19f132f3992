using Augur.Cli;

namespace Augur.Tests.Cli;

public sealed class PrintableTests : IDisposable
{
    private const string Evil = "\u001b[31mred\u001b[0m\u001b]0;owned\u0007\nsecond\u202eline";
    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-names-").FullName;

    public PrintableTests()
    {
        var config = Path.Combine(_model.Folder, "config.json");
        File.WriteAllText(
            config, File.ReadAllText(config).Replace("\"octopus\"", System.Text.Json.JsonSerializer.Serialize(Evil), StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("plain, Ümläut 日本語 👩‍🚀", "plain, Ümläut 日本語 👩‍🚀")]
    [InlineData("\u001b[31m\t\u009b\u007f", "\\u001b[31m\\u0009\\u009b\\u007f")]
    [InlineData("a\nb\r", "a\\nb\\u000d")]
    [InlineData("\u202eabc\u2028", "\\u202eabc\\u2028")]
    public void Control_characters_are_shown_and_letters_stay(string text, string shown) => Assert.Equal(shown, Printable.Line(text));

    [Fact]
    public void Half_a_pair_of_surrogates_is_shown_and_sentences_keep_their_lines()
    {
        Assert.Equal("a\\ud800b", Printable.Line("a" + (char)0xd800 + "b"));
        Assert.Equal("a\nb\\u001b", Printable.Text("a\nb\u001b"));
    }

    [Fact]
    public async Task Names_of_classes_reach_neither_terminal_nor_page_as_they_are()
    {
        var page = Path.Combine(_folder, "page.html");
        var inspected = await CommandLine.Run("inspect", _model.Folder);
        var compared = await CommandLine.Run(
            "compare", "--class", "1", "--policies", "fora", "--steps", "3", "--model", _model.Folder, "--out", Path.Combine(_folder, "c.png"),
                "--html", page);
        var unknown = await CommandLine.Run("generate", Evil + "x", "--model", _model.Folder, "--out", Path.Combine(_folder, "g.png"));
        Assert.Equal((0, 0, 2), (inspected.Code, compared.Code, unknown.Code));
        Assert.Contains("\\u001b[31mred", inspected.Output, StringComparison.Ordinal);
        Assert.Contains("\\u001b[31mred", File.ReadAllText(page), StringComparison.Ordinal);
        Assert.All([inspected.Output, compared.Output, compared.Error, unknown.Error, File.ReadAllText(page)], text =>
            Assert.DoesNotContain(text, c => c != '\n' && (char.IsControl(c) || c == '\u202e')));
        Assert.Single(unknown.Error.TrimEnd().Split('\n'));
    }
}
