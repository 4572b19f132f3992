using System.Globalization;
using Augur.Decoding;
using Augur.Models.Dit;
using Augur.Models.Flux;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>Describes the content of a weight file or model folder, for <c>augur inspect</c>.</summary>
public sealed record ModelInspection
{
    private static readonly string[] s_optional = ["pos_embed", "pos_embed.pos_embed"];

    /// <summary>Summary of the file: format, tensors, types, sizes.</summary>
    public required CheckpointSummary Weights { get; init; }

    /// <summary>Network and key layout, or "unknown".</summary>
    public required string Architecture { get; init; }

    /// <summary>The network's sizes as text, by name.</summary>
    public IReadOnlyDictionary<string, string> Sizes { get; init; } = new Dictionary<string, string>();

    /// <summary>Further remarks by a short name: which files were chosen, which weights were taken, what was ignored.</summary>
    public IReadOnlyDictionary<string, string> Notes { get; init; } = new Dictionary<string, string>();

    /// <summary>Tensors that the network needs and that are missing or have another shape.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Tensors of the file that the network does not use.</summary>
    public IReadOnlyList<string> Unused { get; init; } = [];

    /// <summary>Class names; empty if the folder does not give them.</summary>
    public IReadOnlyList<string> Classes { get; init; } = [];

    /// <summary>Inspects a file or folder. A DiT is checked by tensor names and shapes only; an autoencoder is small and is loaded.</summary>
    /// <exception cref="WeightFileException">It is not a readable checkpoint.</exception>
    public static ModelInspection Inspect(string path)
    {
        var isPipeline = Directory.Exists(path) && File.Exists(System.IO.Path.Combine(path, "model_index.json"));
        var source = isPipeline || !System.IO.Path.Exists(path) ? ModelSource.Find(path) : null;
        using var checkpoint = Checkpoint.Open(source?.Path ?? path);
        return source is null && checkpoint.Tensors.Keys.Any(name => name.EndsWith("decoder.conv_in.weight", StringComparison.Ordinal))
            ? InspectAutoencoder(path, checkpoint)
            : FluxLayouts.IsOriginal(checkpoint) || FluxLayouts.IsDiffusers(checkpoint) ? InspectFlux(path, checkpoint)
            : TextTransformer.Of(checkpoint) is { } transformer ? InspectTransformer(path, checkpoint, transformer)
            : InspectDit(source ?? ModelSource.Find(path), checkpoint);
    }

    private static ModelInspection InspectDit(ModelSource source, Checkpoint checkpoint)
    {
        var isDiffusers = source.IsDiffusersLayout(checkpoint);
        if (source.Config is null && !DitLayouts.IsOriginal(checkpoint))
        {
            return new ModelInspection
            {
                Weights = CheckpointSummary.Of(checkpoint),
                Notes = NotesOf(source.Path, checkpoint, source.Unused),
                Architecture = isDiffusers ? "DiT in diffusers' layout; its sizes need the folder's config.json" : "unknown",
            };
        }

        var config = source.ConfigFor(checkpoint);
        var expected = isDiffusers ? DitLayouts.ExpectedDiffusers(config) : DitLayouts.ExpectedOriginal(config);
        var tensors = checkpoint.Tensors;
        return new ModelInspection
        {
            Weights = CheckpointSummary.Of(checkpoint),
            Notes = NotesOf(source.Path, checkpoint, source.Unused),
            Architecture = $"{config}, {source.Layout} layout",
            Sizes = new Dictionary<string, string>
            {
                ["latent"] = $"[{config.InChannels}, {config.InputSize}, {config.InputSize}], {config.TokenCount} tokens in patches of "
                    + $"{config.PatchSize}x{config.PatchSize}",
                ["blocks"] = $"{config.Depth} of width {config.HiddenSize} with {config.HeadCount} heads",
                ["conditions"] = $"{config.ClassCount} classes and the null class",
                ["variance"] = config.LearnsVariance ? "learned" : "not learned",
                ["cost"] = string.Create(
                    CultureInfo.InvariantCulture, $"{DitMap.Of(config).FlopsPerRow / 1e9:0.00} GFLOP per row and call (a multiply-add is 2)"),
            },
            Missing = [.. expected.Where(e => !s_optional.Contains(e.Key)).Select(e => Problem(tensors, e.Key, e.Value)).OfType<string>()],
            Unused = [.. tensors.Keys.Where(name => !expected.ContainsKey(name)).Order(StringComparer.Ordinal)],
            Classes = source.Classes,
        };
    }

    private static ModelInspection InspectFlux(string path, Checkpoint checkpoint)
    {
        var config = FluxLayouts.Infer(checkpoint);
        var expected = FluxLayouts.Expected(checkpoint, config);
        var tensors = checkpoint.Tensors;
        var cost = FluxMap.Of(config, [64, 64], 512).FlopsPerRow / 1e12;
        return new ModelInspection
        {
            Weights = CheckpointSummary.Of(checkpoint),
            Notes = NotesOf(path, checkpoint, unused: null),
            Architecture = $"{config}, {(FluxLayouts.IsOriginal(checkpoint) ? "original" : "diffusers")} layout: a transformer "
                + "without its text encoders",
            Sizes = new Dictionary<string, string>
            {
                ["latent"] = $"{config.LatentChannels} channels, tokens of 2x2 cells",
                ["blocks"] = $"{config.DoubleBlockCount} double and {config.SingleBlockCount} single of width {config.HiddenSize} "
                    + $"with {config.HeadCount} heads",
                ["conditions"] = $"texts of {config.TextChannels} channels and a pooled vector of {config.PooledChannels}",
                ["guidance"] = config.HasGuidance ? "embedded" : "none",
                ["cost"] = string.Create(
                    CultureInfo.InvariantCulture, $"{cost:0.000} TFLOP per row and call at 64x64 tokens and 512 of text (a multiply-add is 2)"),
            },
            Missing = [.. expected.Select(e => Problem(tensors, e.Key, e.Value)).OfType<string>()],
            Unused = [.. tensors.Keys.Where(name => !expected.ContainsKey(name)).Order(StringComparer.Ordinal)],
        };
    }

    private static ModelInspection InspectTransformer(string path, Checkpoint checkpoint, TextTransformer transformer)
    {
        var tensors = checkpoint.Tensors;
        return new ModelInspection
        {
            Weights = CheckpointSummary.Of(checkpoint),
            Notes = NotesOf(path, checkpoint, unused: null),
            Architecture = $"{transformer.Name}, {transformer.Layout} layout: a transformer without its text encoders",
            Sizes = transformer.Sizes,
            Missing = [.. transformer.Expected.Select(e => Problem(tensors, e.Key, e.Value)).OfType<string>()],
            Unused = [.. tensors.Keys.Where(name => !transformer.Expected.ContainsKey(name)).Order(StringComparer.Ordinal)],
        };
    }

    private static ModelInspection InspectAutoencoder(string path, Checkpoint checkpoint)
    {
        var found = new ModelInspection
        {
            Weights = CheckpointSummary.Of(checkpoint),
            Architecture = "AutoencoderKL",
            Notes = NotesOf(path, checkpoint, unused: null),
        };
        using var backend = BackendCatalog.Open("cpu", new BackendSettings { Threads = 1 });
        try
        {
            using var model = AutoencoderKl.Load(path, backend);
            var config = model.Config;
            return found with
            {
                Sizes = new Dictionary<string, string>
                {
                    ["latent"] = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{config.LatentChannels} channels, {config.PixelsPerCell}x{config.PixelsPerCell} pixels per cell, "
                        + $"scaling {config.ScalingFactor}"),
                    ["blocks"] = $"of {string.Join(", ", config.BlockChannels)} channels, {config.LayersPerBlock} layers each",
                },
            };
        }
        catch (WeightFileException error)
        {
            return found with { Missing = [error.Message] };
        }
    }

    private static Dictionary<string, string> NotesOf(string path, Checkpoint checkpoint, string? unused)
    {
        var notes = new Dictionary<string, string>();
        if (Directory.Exists(path))
        {
            notes["file"] = System.IO.Path.GetFileName(checkpoint.Path);
        }

        foreach (var (name, note) in new[]
        {
            ("taken", checkpoint.Choice), ("prefix", checkpoint.Metadata.GetValueOrDefault("dropped prefix")),
            ("not made", checkpoint.Metadata.GetValueOrDefault("objects not made")), ("config", unused),
        })
        {
            if (note is not null)
            {
                notes[name] = note;
            }
        }

        return notes;
    }

    private static string? Problem(IReadOnlyDictionary<string, StoredTensor> tensors, string name, Shape shape) =>
        !tensors.TryGetValue(name, out var tensor) ? name : tensor.Shape != shape ? $"{name} ({tensor.Shape} instead of {shape})" : null;
}
