using Augur.Catalogs;
using Augur.Tests.Cli;

namespace Augur.Tests;

public sealed class BuiltInTextModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("augur-text").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Names_and_numbers_of_classes_are_drawn_by_the_model_of_classes_and_all_else_by_that_of_texts()
    {
        Assert.Equal((ModelCatalog.BuiltInPath, null), ModelCatalog.BuiltInFor(["Red apple", "12"]));
        Assert.Equal((ModelCatalog.BuiltInPath, null), ModelCatalog.BuiltInFor([]));
        Assert.Equal((ModelCatalog.BuiltInTextPath, "a green fox"), ModelCatalog.BuiltInFor(["red apple", "a green fox"]));
    }

    [Fact]
    public async Task A_prompt_is_drawn_without_a_model_being_named_and_it_is_said_by_which()
    {
        var path = Path.Combine(_folder, "fox.png");
        var (code, output, error) = await CommandLine.Run("generate", "a green fox", "--steps", "2", "--out", path);
        Assert.True(code == 0, error);
        Assert.Contains("Model: the built-in one for texts, because \"a green fox\" names no class of the other.", output.ReplaceLineEndings(" "));
        Assert.True(File.Exists(path));
    }
}
