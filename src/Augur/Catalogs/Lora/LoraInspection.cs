using System.Globalization;
using System.Text.RegularExpressions;
using Augur.Tensors.Weights;

namespace Augur.Catalogs.Lora;

/// <summary>Describes a LoRA by names and shapes, without the model that it is for.</summary>
internal static partial class LoraInspection
{
    /// <summary>What a file is, what it changes, and which of its keys are none of a LoRA.</summary>
    /// <param name="checkpoint">The open file.</param>
    /// <param name="notes">What is known of the file.</param>
    public static ModelInspection Of(Checkpoint checkpoint, IReadOnlyDictionary<string, string> notes)
    {
        using var file = LoraFile.Of(checkpoint);
        var ranks = file.Modules.Select(module => module.Rank).DefaultIfEmpty().ToArray();
        var sizes = new Dictionary<string, string>
        {
            ["changes"] = string.Join(", ", file.Modules.CountBy(PartOf).OrderBy(part => part.Key, StringComparer.Ordinal)
                .Select(part => $"{part.Value} {(part.Value == 1 ? "map" : "maps")} of {part.Key}")),
            ["ranks"] = ranks.Min() == ranks.Max() ? $"{ranks.Max()}" : $"{ranks.Min()} to {ranks.Max()}",
            ["strength"] = Factors([.. file.Modules.Select(module => file.Scaling.FactorOf(module, checkpoint.Path)).Distinct().Order()]),
        };
        if (file.Modules.Where(module => module.Kernel is not null).ToArray() is { Length: > 0 } kernels)
        {
            sizes["convolutions"] = $"{kernels.Length}, {string.Join(", ", kernels.Select(module => module.Kernel).Distinct())}";
        }

        if (file.Modules.Count(module => module.Magnitude is not null) is > 0 and var magnitudes)
        {
            sizes["magnitudes"] = $"of {magnitudes} (DoRA)";
        }

        return new ModelInspection
        {
            Weights = CheckpointSummary.Of(checkpoint),
            Architecture = $"{(sizes.ContainsKey("magnitudes") ? "DoRA" : "LoRA")}, names of {file.Dialect}",
            Sizes = sizes,
            Notes = notes,
            Unused = file.Others,
        };
    }

    private static string Factors(float[] factors) => factors.Length < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{factors.FirstOrDefault(1):0.####} (alpha over rank)")
        : string.Create(CultureInfo.InvariantCulture, $"{factors[0]:0.####} to {factors[^1]:0.####} (alpha over rank)");

    // Numbers as kohya and diffusers write them; the first is also written without one.
    private static string PartOf(LoraModule module)
    {
        var text = TextEncoder().Match(module.Name);
        return !text.Success ? "the network"
            : text.Groups[2].Success && text.Groups[2].Length > 0 ? $"the text encoder {text.Groups[2].Value}"
            : $"text encoder {(text.Groups[1].Length == 0 ? "1" : text.Groups[1].Value)}";
    }

    [GeneratedRegex(@"^(?:lora_te|text_encoder_?)([0-9]?)[_.]|^text_encoders\.([a-z0-9_]{1,32})\.")]
    private static partial Regex TextEncoder();
}
