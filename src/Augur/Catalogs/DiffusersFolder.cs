using System.Text.Json;
using Augur.Models.Dit;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>What diffusers writes: a <c>DiTTransformer2DModel</c> folder, or a pipeline folder with one in <c>transformer/</c>.</summary>
internal static class DiffusersFolder
{
    /// <summary>The class that a folder's config.json names; null where there is none.</summary>
    public static string? ClassName(string folder)
    {
        var path = Path.Combine(folder, "config.json");
        if (!File.Exists(path))
        {
            return null;
        }

        using var json = Parse(path);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("_class_name", out var name) ? name.ToString() : null;
    }

    /// <summary>The sizes in a <c>DiTTransformer2DModel</c>'s config.json.</summary>
    public static DitConfig ReadConfig(string path)
    {
        using var json = Parse(path);
        return ReadConfig(json.RootElement, path);
    }

    /// <summary>The sizes in a <c>DiTTransformer2DModel</c>'s configuration.</summary>
    /// <exception cref="WeightFileException">A field is missing, or asks for a network that this is not.</exception>
    public static DitConfig ReadConfig(JsonElement json, string path)
    {
        Expect("activation_fn", "gelu-approximate");
        Expect("norm_type", "ada_norm_zero");
        var heads = Number("num_attention_heads", 16);
        var channels = Number("in_channels", 4);
        var outputs = Number("out_channels", 2 * channels);
        if (outputs != channels && outputs != 2 * channels)
        {
            throw new WeightFileException($"{path}: out_channels is {outputs}; with in_channels {channels} it can be {channels} or {2 * channels}.");
        }

        try
        {
            return new DitConfig
            {
                InputSize = Number("sample_size", 32),
                PatchSize = Number("patch_size", 2),
                InChannels = channels,
                HiddenSize = checked(heads * Number("attention_head_dim", 72)),
                Depth = Number("num_layers", 28),
                HeadCount = heads,
                ClassCount = Number("num_embeds_ada_norm", 1000),
                LearnsVariance = outputs == 2 * channels,
                MlpNormEpsilon = json.TryGetProperty("norm_eps", out var epsilon) && epsilon.TryGetSingle(out var value) ? value : 1e-5f,
                FrequenciesReachEnd = true,
            }.Validated();
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new WeightFileException($"{path}: {error.Message}");
        }

        int Number(string name, int missing) => !json.TryGetProperty(name, out var field) || field.ValueKind == JsonValueKind.Null ? missing
            : field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out var number) ? number
            : throw new WeightFileException($"{path}: {name} is {field}, not a whole number.");

        void Expect(string name, string expected)
        {
            if (json.TryGetProperty(name, out var field) && field.ToString() != expected)
            {
                throw new WeightFileException($"{path}: {name} is '{field}'; only '{expected}' is built.");
            }
        }
    }

    /// <summary>The class names of a pipeline folder's model_index.json (<c>id2label</c>); empty where it has none.</summary>
    public static IReadOnlyList<string> ReadClassNames(string modelIndex, int classCount)
    {
        using var json = Parse(modelIndex);
        if (!json.RootElement.TryGetProperty("id2label", out var labels) || labels.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        var names = Enumerable.Range(0, classCount).Select(i => i.ToString(System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        foreach (var label in labels.EnumerateObject())
        {
            if (int.TryParse(label.Name, out var index) && index >= 0 && index < classCount)
            {
                names[index] = label.Value.ToString();
            }
        }

        return names;
    }

    private static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(JsonFile.ReadBounded(path), new JsonDocumentOptions { MaxDepth = 32 });
        }
        catch (JsonException error)
        {
            throw new WeightFileException($"{path}: {error.Message}");
        }
    }
}
