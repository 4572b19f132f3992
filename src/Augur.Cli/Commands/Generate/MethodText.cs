using System.Globalization;
using Augur.Catalogs;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Generate;

/// <summary>Which caching method ran, why, and what would be faster: one line.</summary>
internal static class MethodText
{
    private static string None => PolicyCatalog.All[0].Name;

    public static string Of(PolicyChoice choice)
    {
        var measured = choice.Profile is { Speedup: { } speedup, Psnr: { } psnr }
            ? string.Create(CultureInfo.InvariantCulture, $": {speedup:0.0} times fewer FLOPs and {psnr:0.0} dB when it was measured") : "";
        var method = choice.Policy.Name == None ? "none, every call computed" : choice.Policy.Name;
        var faster = Faster(choice) is { } hint ? $" {hint}" : "";
        return $"Method: {method} ({choice.Reason}{measured}).{faster}";
    }

    /// <summary>What would draw faster than computing every call; null where a method runs, or where none was what was asked for.</summary>
    public static string? Faster(PolicyChoice choice) => choice.IsGiven || choice.Policy.Name != None ? null
        : "A method would draw faster: --policy speca, or settings that augur tune finds for this model and these steps.";
}
