using System.Globalization;
using Augur.Models.Dit;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>What a weight file or model folder holds, told without loading it.</summary>
public sealed record ModelInspection
{
    /// <summary>File or folder.</summary>
    public required string Path { get; init; }

    /// <summary>File format: safetensors, PyTorch zip, …</summary>
    public required string Format { get; init; }

    /// <summary>Network and key layout, or "unknown".</summary>
    public required string Architecture { get; init; }

    /// <summary>The network's sizes by name, in words.</summary>
    public required IReadOnlyDictionary<string, string> Sizes { get; init; }

    /// <summary>Stored tensors as "name type shape", in the order of their names.</summary>
    public required IReadOnlyList<string> Tensors { get; init; }

    /// <summary>How many tensors have each type.</summary>
    public required IReadOnlyDictionary<string, int> Types { get; init; }

    /// <summary>Stored numbers.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Their size in the file.</summary>
    public required long ByteCount { get; init; }

    /// <summary>Tensors that the network needs and the file lacks, or has in another shape.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>Tensors of the file that the network has no place for.</summary>
    public required IReadOnlyList<string> Unused { get; init; }

    /// <summary>Class names, where the folder gives them.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Looks into a file or folder.</summary>
    /// <exception cref="WeightFileException">It is not a readable checkpoint.</exception>
    public static ModelInspection Inspect(string path)
    {
        var source = ModelSource.Find(path);
        using var checkpoint = Checkpoint.Open(source.Path);
        var known = source.Config is not null || DitLayouts.IsOriginal(checkpoint);
        var config = known ? source.ConfigFor(checkpoint) : null;
        var isDiffusers = source.IsDiffusersLayout(checkpoint);
        var expected = config is null ? [] : isDiffusers ? DitLayouts.ExpectedDiffusers(config) : DitLayouts.ExpectedOriginal(config);
        var tensors = checkpoint.Tensors;
        string[] optional = ["pos_embed", "pos_embed.pos_embed"];
        return new ModelInspection
        {
            Path = path,
            Format = checkpoint.Format,
            Architecture = config is null ? (isDiffusers ? "DiT in diffusers' layout; its sizes need the folder's config.json" : "unknown") : $"{config}, {source.Layout} layout",
            Sizes = config is null ? new Dictionary<string, string>() : Describe(config),
            Tensors = [.. tensors.Values.OrderBy(t => t.Name, StringComparer.Ordinal).Select(t => $"{t.Name} {t.Type} {t.Shape}")],
            Types = tensors.Values.GroupBy(t => t.Type.ToString()).OrderByDescending(g => g.Count()).ToDictionary(g => g.Key, g => g.Count()),
            ParameterCount = tensors.Values.Sum(t => t.Shape.ElementCount),
            ByteCount = tensors.Values.Sum(t => t.ByteCount),
            Missing = [.. expected.Where(e => !optional.Contains(e.Key)).Select(e => Problem(tensors, e.Key, e.Value)).OfType<string>()],
            Unused = config is null ? [] : [.. tensors.Keys.Where(name => !expected.ContainsKey(name)).Order(StringComparer.Ordinal)],
            Classes = source.Classes,
        };
    }

    private static string? Problem(IReadOnlyDictionary<string, StoredTensor> tensors, string name, Shape shape) =>
        !tensors.TryGetValue(name, out var tensor) ? name : tensor.Shape != shape ? $"{name} ({tensor.Shape} instead of {shape})" : null;

    private static Dictionary<string, string> Describe(DitConfig config) => new()
    {
        ["latent"] = $"[{config.InChannels}, {config.InputSize}, {config.InputSize}], {config.TokenCount} tokens in patches of {config.PatchSize}x{config.PatchSize}",
        ["blocks"] = $"{config.Depth} of width {config.HiddenSize} with {config.HeadCount} heads",
        ["conditions"] = $"{config.ClassCount} classes and the null class",
        ["variance"] = config.LearnsVariance ? "learned" : "not learned",
        ["cost"] = string.Create(CultureInfo.InvariantCulture, $"{config.FlopsPerRow / 1e9:0.00} GFLOP per row and call (a multiply-add is 2)"),
    };
}
