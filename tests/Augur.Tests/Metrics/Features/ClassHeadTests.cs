using Augur.Metrics.Features;

namespace Augur.Tests.Metrics.Features;

public sealed class ClassHeadTests
{
    private static readonly ClassHead s_head = new("emoji", 0, ["dog face", "fox", "star", "sun", "sunflower", "red apple", "ice cream", "face"]);

    [Theory]
    [InlineData("a green fox on a yellow background, flat style", "fox")]
    [InlineData("a dog and a star, flat style", "dog face;star")]
    [InlineData("Dog Face", "dog face;face")]
    [InlineData("a sunflower", "sunflower")]
    [InlineData("a sun,a foxglove", "sun")]
    [InlineData("an apple, red", "")]
    [InlineData("a red apple. ice cream", "red apple;ice cream")]
    [InlineData("\"fox!\"\nstar's", "fox;star")]
    [InlineData("", "")]
    public void A_prompt_names_classes_in_whole_words(string prompt, string classes) =>
        Assert.Equal(classes.Split(';', StringSplitOptions.RemoveEmptyEntries), s_head.NamedIn(prompt));
}
