
namespace Augur.Tests.Conditioning;

public sealed class ClassNamesTests
{
    private static readonly ClassNames s_names = new(["red apple", "maple leaf", "octopus", "rocket"]);

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

    [Fact]
    public void A_model_without_names_says_to_use_numbers()
    {
        var error = Assert.Throws<ArgumentException>(() => new ClassNames([]).Find("dog"));
        Assert.Contains("--class", error.Message);
    }
}
