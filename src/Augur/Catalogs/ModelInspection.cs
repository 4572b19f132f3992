using System.Globalization;
using Augur.Catalogs.Families;
using Augur.Catalogs.Lora;
using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>Describes the content of a weight file or model folder, for <c>augur inspect</c>.</summary>
public sealed record ModelInspection
{
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

    /// <summary>
    /// Inspects a file or folder. Networks and text encoders are checked by tensor names and shapes only; an autoencoder is small and is loaded.
    /// </summary>
    /// <exception cref="WeightFileException">It is not a readable checkpoint.</exception>
    public static ModelInspection Inspect(string path) => InspectParts(new ModelPaths { Model = path });

    /// <summary>What a GGUF file with a network's tensors says of it; the architecture is null where the tensors say none.</summary>
    public static GgufDescription DescribeForGguf(Checkpoint checkpoint)
    {
        var found = ModelFamilies.Of(checkpoint.NotNull())?.DescribeForGguf(checkpoint);
        return found?.Architecture is not null ? found : new(checkpoint.Metadata.GetValueOrDefault("general.architecture"));
    }

    /// <summary>Inspects a model whose parts may come apart: what each is, what is missing, and what LoRAs change in it.</summary>
    /// <inheritdoc cref="Inspect(string)"/>
    public static ModelInspection InspectParts(ModelPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var path = HubCache.Resolve(paths.Main);
        if (!PipelineFolder.Is(path) && System.IO.Path.Exists(path))
        {
            using var alone = Checkpoint.Open(path);
            var content = WeightFileContent.Of(path, alone);
            if (content.Network is null || content is { IsUnknown: true } && !HasConfig(path))
            {
                return InspectPart(path, alone, content);
            }
        }

        var parts = ModelParts.Find(paths);
        using var checkpoint = parts.Network.Open();
        return InspectNetwork(parts, paths.Loras, checkpoint);
    }

    private static bool HasConfig(string path) => ModelSource.Find(path).Config is not null;

    private static ModelInspection InspectNetwork(ModelParts parts, IReadOnlyList<LoraSource> loras, Checkpoint checkpoint)
    {
        var sheet = (parts.Family ?? new DitFamily()).Describe(parts, checkpoint);
        var tensors = checkpoint.Tensors;
        var notes = NotesOf(parts.Network.Path, checkpoint, sheet.UnusedConfig);
        foreach (var (name, what) in sheet.Parts)
        {
            notes[name] = what;
        }

        foreach (var (index, lora) in loras.Index())
        {
            notes[loras.Count == 1 ? "LoRA" : $"LoRA {index + 1}"] = LoraFit.Describe(parts, lora);
        }

        return new ModelInspection
        {
            Weights = CheckpointSummary.Of(checkpoint),
            Notes = notes,
            Architecture = sheet.Architecture,
            Sizes = sheet.Sizes,
            Missing = [.. (sheet.Expected ?? new Dictionary<string, Shape>()).Where(e => !sheet.Optional.Contains(e.Key))
                .Select(e => Problem(tensors, e.Key, e.Value)).OfType<string>()],
            Unused = sheet.Expected is null ? []
                : [.. tensors.Keys.Where(name => !sheet.Expected.ContainsKey(name)).Order(StringComparer.Ordinal)],
            Classes = sheet.Classes,
        };
    }

    // A file without a network: an autoencoder, a text encoder, a LoRA, or what is not known.
    private static ModelInspection InspectPart(string path, Checkpoint checkpoint, WeightFileContent content) =>
        content.IsLora ? LoraInspection.Of(checkpoint, NotesOf(path, checkpoint, unused: null))
        : content.Autoencoder is { Prefix: "" } ? InspectAutoencoder(path, checkpoint)
        : new ModelInspection
        {
            Weights = CheckpointSummary.Of(checkpoint),
            Architecture = content.IsUnknown ? "unknown"
                : string.Join("; ", content.Texts.Select(text => text.ToString()).Concat(content.Autoencoder is null ? [] : ["an autoencoder"])
                    .DefaultIfEmpty(content.Word)),
            Notes = NotesOf(path, checkpoint, unused: null),
        };

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
