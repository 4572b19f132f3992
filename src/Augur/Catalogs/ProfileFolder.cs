using System.Text.Json;
using Augur.Pipelines;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>The caching methods tuned for a model: the policy files in the folder profiles of its own, each named by the word for its quality.</summary>
internal static class ProfileFolder
{
    /// <summary>All of them, best quality first.</summary>
    /// <param name="modelPath">The model's folder; a weight file has no profiles.</param>
    /// <param name="defaults">What a profile was measured with where its file does not say.</param>
    /// <exception cref="WeightFileException">One of the files is no profile; names it.</exception>
    public static IReadOnlyList<ModelProfile> Read(string modelPath, GenerationDefaults defaults)
    {
        var folder = Path.Combine(modelPath, "profiles");
        return !Directory.Exists(folder) ? []
            : [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal).Select(path => ReadFile(path, defaults)).OrderByDescending(p => p.Psnr)];
    }

    private static ModelProfile ReadFile(string path, GenerationDefaults defaults)
    {
        try
        {
            var policy = PolicyCatalog.Parse($"@{path}");
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            var about = json.RootElement.TryGetProperty(PolicyCatalog.AboutProperty, out var found) ? found : default;
            return new ModelProfile
            {
                Quality = Path.GetFileNameWithoutExtension(path),
                Policy = policy,
                Sampler = About("sampler", JsonValueKind.String)?.GetString() ?? defaults.Sampler.Name,
                Steps = About("steps", JsonValueKind.Number)?.GetInt32() ?? defaults.Steps,
                Guidance = About("guidance", JsonValueKind.Number)?.GetDouble() ?? defaults.Guidance.Scale,
                Speedup = About("speedup", JsonValueKind.Number)?.GetDouble(),
                Psnr = About("psnr", JsonValueKind.Number)?.GetDouble(),
            };

            JsonElement? About(string name, JsonValueKind kind) =>
                about.ValueKind != JsonValueKind.Object || !about.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
                : value.ValueKind == kind ? value
                : throw new WeightFileException($"{path}: \"{name}\" in \"{PolicyCatalog.AboutProperty}\" is no {(kind == JsonValueKind.Number ? "number" : "text")}.");
        }
        catch (Exception wrong) when (wrong is ArgumentException or FormatException or InvalidOperationException or JsonException)
        {
            throw new WeightFileException($"{path}: {wrong.Message}");
        }
    }
}
