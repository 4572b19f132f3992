using System.Text.Json;
using System.Text.Json.Serialization;
using Augur.Tensors.Weights;

namespace Augur.Metrics.Features;

/// <summary>The <c>config.json</c> beside the weights of a <see cref="FeatureNetwork"/>. Unknown fields are errors.</summary>
internal sealed record FeatureNetworkConfig
{
    private const long MaxBytes = 1 << 20;
    private const int MaxWidth = 4096;

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 8,
    };

    public required string Architecture { get; init; }

    /// <summary>Side of the pictures it reads, in pixels.</summary>
    public required int InputSize { get; init; }

    /// <summary>Channels of each stage; every stage after the first halves the side.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Residual convolutions of each stage.</summary>
    public required IReadOnlyList<int> Residuals { get; init; }

    public required IReadOnlyList<HeadSection> Heads { get; init; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="WeightFileException">It is not such a configuration; the message says where.</exception>
    public static FeatureNetworkConfig Read(string path)
    {
        var file = new FileInfo(path);
        Require(file.Exists, "there is no such file");
        Require(file.Length <= MaxBytes, $"{file.Length} bytes are too many for a configuration; at most {MaxBytes} are read");
        FeatureNetworkConfig? read;
        try
        {
            read = JsonSerializer.Deserialize<FeatureNetworkConfig>(File.ReadAllBytes(path), s_json);
        }
        catch (JsonException error)
        {
            throw new WeightFileException($"{path}: {error.Message}");
        }

        Require(read is not null, "the file holds no configuration");
        Require(read!.Architecture == "augur-features", $"architecture is '{read.Architecture}'; only 'augur-features' is known");
        Require(read.Widths.Count is >= 1 and <= 8 && read.Widths.All(w => w is >= 1 and <= MaxWidth), $"widths are 1 to 8 numbers of 1 to {MaxWidth}");
        Require(read.Residuals.Count == read.Widths.Count && read.Residuals.All(r => r is >= 0 and <= 64), "residuals are one number of 0 to 64 for each of the widths");
        Require(read.InputSize is >= 8 and <= 1024 && read.InputSize >> (read.Widths.Count - 1) > 0, $"input_size {read.InputSize} is not possible with {read.Widths.Count} stages");
        Require(read.Heads.Count > 0 && read.Heads.All(h => h.ClassNames.Count > 0), "there is a head without classes, or no head");
        Require(read.Heads.Select(h => h.Name).Distinct().Count() == read.Heads.Count, "two heads have the same name");
        return read;

        void Require(bool holds, string what)
        {
            if (!holds)
            {
                throw new WeightFileException($"{path}: {what}.");
            }
        }
    }

    internal sealed record HeadSection
    {
        public required string Name { get; init; }

        public required IReadOnlyList<string> ClassNames { get; init; }
    }
}
