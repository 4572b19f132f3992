using System.Text.Json;
using Augur.Catalogs;
using Augur.Tuning;

namespace Augur.Tests.Cli;

/// <summary><c>augur tune --objectives</c>.</summary>
public sealed class FrontCommandTests : IDisposable
{
    private static readonly string[] s_small =
        ["--objectives", "quality,cost", "--held-out", "2", "--count", "2", "--steps", "8", "--population", "4", "--members", "3"];

    private readonly TinyModel _model = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-front").FullName;

    private string Out => Path.Combine(_folder, "front.json");

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_front_is_stated_plotted_and_each_member_generates()
    {
        var (exit, output, error) = await Run(["tune", .. s_small, "--policy", "fora(interval={1|2|3|4|6})", "--trials", "8", "--out", Out]);
        Assert.True(exit == 0, error);
        using var file = JsonDocument.Parse(File.ReadAllBytes(Out));
        var members = file.RootElement.GetProperty("front").EnumerateArray().ToArray();
        Assert.InRange(members.Length, 2, 3);
        var speeds = members.Select(m => m.GetProperty("about").GetProperty("speedup").GetDouble()).ToArray();
        Assert.Equal(speeds.Order(), speeds);
        Assert.All(members, m => Assert.Equal(2, m.GetProperty("about").GetProperty("heldOutPictures").GetInt32()));
        Assert.Contains("<svg", File.ReadAllText(Path.ChangeExtension(Out, ".html")), StringComparison.Ordinal);
        Assert.Contains("PSNR held out", output, StringComparison.Ordinal);

        var last = $"@{Out}#{members.Length}";
        Assert.Equal(8, Profile.Read(last[1..]).About.Steps);
        Assert.Equal(0, (await Run("generate", "--class", "1", "--policy", last, "--out", Path.Combine(_folder, "grid.png"))).Exit);
        Assert.Contains($"has a front of {members.Length} members; name one, #1 to #{members.Length}.",
            Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse($"@{Out}")).Message, StringComparison.Ordinal);
        Assert.Contains("and no #9", Assert.Throws<ArgumentException>(() => PolicyCatalog.Parse($"@{Out}#9")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_command_goes_on_from_what_the_file_has_measured_and_another_is_refused()
    {
        string[] search = [.. s_small, "--policy", "fora(interval={1|2|3|4|6})", "--out", Out];
        Assert.Equal(0, (await Run(["tune", .. search, "--trials", "8"])).Exit);
        var (exit, _, error) = await Run(["tune", .. search, "--trials", "9"]);
        Assert.Equal(0, exit);
        Assert.Contains("augur: goes on from the 5 policies", error, StringComparison.Ordinal);
        Assert.DoesNotContain(" tried  ", error, StringComparison.Ordinal);

        var (refused, _, sentence) = await Run(["tune", .. search[..^2], "--seed", "7", "--out", Out]);
        Assert.Equal(2, refused);
        Assert.Contains("has seed 0, and this one 7; give another name, or remove the file.", sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("searches what --policy leaves open", "--objectives", "quality,cost")]
    [InlineData("leaves nothing to be chosen", "--objectives", "quality,cost", "--policy", "fora")]
    [InlineData("leave --speedup, --quality and", "--objectives", "quality,cost", "--speedup", "3", "--policy", "fora(interval={1|2})")]
    [InlineData("interval", "--objectives", "quality,cost", "--policy", "fora(interval={0|2})")]
    public async Task What_cannot_be_searched_is_refused(string expected, params string[] options)
    {
        var (exit, _, error) = await Run(["tune", .. options, "--out", Out]);
        Assert.Equal(2, exit);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.False(File.Exists(Out));
    }

    private Task<(int Exit, string Output, string Error)> Run(params string[] args) => CommandLine.Run([.. args, "--model", _model.Folder]);
}
