using Augur.Metrics;

namespace Augur.Cli.Commands.Compare;

/// <summary>What is wrong with pictures that show nothing, in words.</summary>
internal static class BreakageText
{
    /// <summary>Null: nothing was found.</summary>
    public static string? Of(Breakage breakage) => breakage switch
    {
        Breakage.None => null,
        Breakage.NotFinite => "latent not finite",
        Breakage.NearConstant => "nearly one colour",
        Breakage.Constant => "one colour",
        _ => "noise",
    };

    /// <summary>How many of some pictures are broken, and in what ways; null: none is.</summary>
    /// <param name="found">Of each picture, as <see cref="Of"/> says it.</param>
    public static string? Note(IReadOnlyList<string?> found)
    {
        string[] broken = [.. found.OfType<string>()];
        return broken.Length == 0 ? null : $"{broken.Length} of {found.Count} pictures show nothing ({string.Join(", ", broken.Distinct())})";
    }
}
