using Augur.Tensors.Weights;

namespace Augur.Metrics.Features;

/// <summary>The <c>config.json</c> beside the weights of a <see cref="FeatureNetwork"/>. Unknown fields are errors.</summary>
internal sealed record FeatureNetworkConfig
{
    private const int MaxBytes = 1 << 20;
    private const int MaxWidth = 4096;

    public required string Architecture { get; init; }

    /// <summary>Side of the network's input pictures in pixels.</summary>
    public required int InputSize { get; init; }

    /// <summary>Channels of each stage; every stage after the first halves the side.</summary>
    public required IReadOnlyList<int> Widths { get; init; }

    /// <summary>Residual convolutions of each stage.</summary>
    public required IReadOnlyList<int> Residuals { get; init; }

    public required IReadOnlyList<HeadSection> Heads { get; init; }

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="WeightFileException">It is not a valid configuration; the message names the field.</exception>
    public static FeatureNetworkConfig Read(string path)
    {
        var json = ForeignJson.Read(path, MaxBytes);
        json.RequireOnly("architecture", "input_size", "widths", "residuals", "heads");
        var read = new FeatureNetworkConfig
        {
            Architecture = json.Require("architecture").AsText(),
            InputSize = json.Require("input_size").AsInteger(),
            Widths = Integers(json.Require("widths")),
            Residuals = Integers(json.Require("residuals")),
            Heads = [.. json.Require("heads").AsItems().Select(ReadHead)],
        };
        Require(read.Architecture == "augur-features", $"architecture is '{read.Architecture}'; only 'augur-features' is known");
        Require(
            read.Widths.Count is >= 1 and <= 8 && read.Widths.All(w => w is >= 1 and <= MaxWidth),
            $"widths are 1 to 8 numbers of 1 to {MaxWidth}");
        Require(
            read.Residuals.Count == read.Widths.Count && read.Residuals.All(r => r is >= 0 and <= 64),
            "residuals are one number of 0 to 64 for each of the widths");
        Require(
            read.InputSize is >= 8 and <= 1024 && read.InputSize >> (read.Widths.Count - 1) > 0,
            $"input_size {read.InputSize} is not possible with {read.Widths.Count} stages");
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

    private static int[] Integers(ForeignJson list) => [.. list.AsItems().Select(i => i.AsInteger())];

    private static HeadSection ReadHead(ForeignJson head)
    {
        head.RequireOnly("name", "class_names");
        var names = head.Require("class_names").AsItems().Select(n => n.AsText());
        return new HeadSection { Name = head.Require("name").AsText(), ClassNames = [.. names] };
    }

    internal sealed record HeadSection
    {
        public required string Name { get; init; }

        public required IReadOnlyList<string> ClassNames { get; init; }
    }
}
