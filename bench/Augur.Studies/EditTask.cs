using Augur.Conditioning;
using Augur.Decoding;
using Augur.Pipelines;

namespace Augur.Studies;

/// <summary>An edit: what a picture shows, what it is to show, and where it may change.</summary>
/// <param name="Source">What it shows.</param>
/// <param name="Target">What it is to show.</param>
/// <param name="Mask">White where it may change.</param>
internal sealed record EditTask(Condition Source, Condition Target, RgbImage Mask)
{
    private static readonly string[] s_things =
    [
        "fox", "lion", "zebra", "elephant", "bear", "koala", "panda", "penguin", "owl", "frog", "turtle", "octopus", "crab", "butterfly", "tulip",
        "cactus", "mushroom", "lemon", "banana", "pineapple", "strawberry", "carrot", "hamburger", "pizza", "rocket", "sailboat", "house", "star",
        "umbrella", "balloon", "key", "crown",
    ];

    private static readonly string[] s_colours = ["red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "gray"];
    private static readonly string[] s_styles = ["flat style", "noto style", "twemoji style"];

    /// <summary>Edits for a model: of classes one to another; of prompts another thing, another colour or another ground, in turn.</summary>
    /// <param name="model">The model.</param>
    /// <param name="count">How many.</param>
    public static EditTask[] Of(DiffusionModel model, int count)
    {
        var cell = model.Decoder.PixelsPerCell;
        var (height, width) = (model.Denoiser.LatentShape[1] * cell, model.Denoiser.LatentShape[2] * cell);
        return [.. Enumerable.Range(0, count).Select(i => model.TakesPrompts ? OfPrompts(i, width, height)
            : new(Condition.Class(i % 72), Condition.Class(((7 * i) + 13) % 72), Box(width, height, 4, isInside: true)))];
    }

    private static EditTask OfPrompts(int number, int width, int height)
    {
        var (thing, style) = (s_things[number % s_things.Length], s_styles[number % s_styles.Length]);
        var (other, colour) = (s_things[((5 * number) + 3) % s_things.Length], s_colours[number % s_colours.Length]);
        var source = $"{Article(thing)}, {style}";
        return (number % 3) switch
        {
            0 => new(Condition.Prompt(source), Condition.Prompt($"{Article(other)}, {style}"), Box(width, height, 8, isInside: true)),
            1 => new(Condition.Prompt(source), Condition.Prompt($"a {colour} {thing}, {style}"), Box(width, height, 8, isInside: true)),
            _ => new(
                Condition.Prompt(source),
                Condition.Prompt($"{Article(thing)} on a {colour} background, {style}"),
                Box(width, height, 8, isInside: false)),
        };
    }

    private static string Article(string thing) => $"{("aeiou".Contains(thing[0], StringComparison.Ordinal) ? "an" : "a")} {thing}";

    // A box that leaves a share of the side at each edge, or what lies around it.
    private static RgbImage Box(int width, int height, int share, bool isInside) => new(
        width, height, [.. Enumerable.Range(0, 3 * width * height).Select(i =>
            (Lies(i / 3 % width, width, share) && Lies(i / 3 / width, height, share)) == isInside ? (byte)255 : (byte)0)]);

    private static bool Lies(int at, int side, int share) => at >= side / share && at < side - (side / share);
}
