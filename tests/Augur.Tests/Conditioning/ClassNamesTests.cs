
namespace Augur.Tests.Conditioning;

public sealed class ClassNamesTests
{
    private static readonly ClassNames s_names = new(["red apple", "maple leaf", "octopus", "rocket"]);

    private static readonly ClassNames s_synonyms = new(
        ["great white shark, white shark, man-eater", "tench", "crane", "bird, crane, heron", "sunglass, sunglasses", "sunglasses, dark glasses"]);

    [Theory]
    [InlineData("octopus", 2)]
    [InlineData(" Red Apple ", 0)]
    public void A_name_is_found_whatever_its_case(string name, int label) => Assert.Equal(label, s_names.Find(name));

    [Theory]
    [InlineData("octopuss", "octopus")]
    [InlineData("apple", "red apple")]
    [InlineData("rokcet", "rocket")]
    public void An_unknown_name_suggests_the_nearest_first(string name, string nearest)
    {
        var error = Assert.Throws<ArgumentException>(() => s_names.Find(name));
        Assert.StartsWith($"'{name}' is not a class of this model. Did you mean '{nearest}'", error.Message);
    }

    [Theory]
    [InlineData("great white shark, white shark, man-eater", 0)]
    [InlineData("White Shark", 0)]
    [InlineData("man-eater", 0)]
    [InlineData("crane", 2)] // the whole name goes before another's synonym
    [InlineData("heron", 3)]
    public void A_synonym_finds_its_class(string name, int label) => Assert.Equal(label, s_synonyms.Find(name));

    [Fact]
    public void A_synonym_of_several_classes_gives_their_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => s_synonyms.Find("sunglasses"));
        Assert.Equal(
            "'sunglasses' names 2 classes of this model: 4 ('sunglass, sunglasses'), 5 ('sunglasses, dark glasses'); choose one by its number.",
            error.Message);
    }

    [Fact]
    public void The_nearest_name_is_that_of_the_nearest_synonym() =>
        Assert.Equal("great white shark, white shark, man-eater", s_synonyms.Nearest("man-eter", 1)[0]);

    [Fact]
    public void A_model_without_names_says_to_use_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => new ClassNames([]).Find("dog"));
        Assert.Contains("by its number", error.Message, StringComparison.Ordinal);
    }
}
