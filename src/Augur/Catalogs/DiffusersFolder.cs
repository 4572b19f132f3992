using System.Globalization;
using Augur.Models.Dit;
using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>
/// Reads folders that diffusers wrote: that of a DiT (<c>DiTTransformer2DModel</c>, or <c>Transformer2DModel</c> with <c>ada_norm_zero</c>, as it was
/// called when the weights were published), or a pipeline folder with one in <c>transformer/</c>.
/// </summary>
internal static class DiffusersFolder
{
    private const string Network = "DiTTransformer2DModel";
    private const string OldNetwork = "Transformer2DModel";

    // Fields that Transformer2DModel may use and a DiT cannot: they must be absent or null.
    private static readonly string[] s_notOfDit = ["cross_attention_dim", "caption_channels", "num_vector_embeds"];
    private static readonly string[] s_offInDit = ["only_cross_attention", "double_self_attention", "use_linear_projection"];

    // Fields by which configurations of text encoders and autoencoders are recognised if they name no class.
    private static readonly string[] s_ofOthers = ["model_type", "architectures", "block_out_channels", "ch_mult", "params"];

    /// <summary>The class that a configuration names; null where it names none.</summary>
    public static string? ClassName(ForeignJson config) => config.Find("_class_name")?.AsText();

    /// <summary>
    /// Whether a configuration describes a part of a pipeline other than the denoising network: an autoencoder, a scheduler, a text encoder.
    /// </summary>
    public static bool IsOfAnotherPart(ForeignJson config) => ClassName(config) is { } name
        ? !name.Contains("Transformer", StringComparison.Ordinal) && !name.Contains("UNet", StringComparison.Ordinal)
        : config.Find("architecture") is null && s_ofOthers.Any(field => config.Find(field) is not null);

    /// <summary>The sizes in a DiT's configuration.</summary>
    /// <exception cref="WeightFileException">
    /// A field is missing, or describes a network that is not supported; the message names the file and the field.
    /// </exception>
    public static DitConfig ReadConfig(ForeignJson json)
    {
        var isOld = ClassName(json) == OldNetwork;
        if (ClassName(json) is { } name && name is not (Network or OldNetwork))
        {
            throw new WeightFileException($"{json.File}: {WeightFileException.Quote(name)} is not built; {Network} is.");
        }

        Expect("activation_fn", "gelu-approximate");
        Expect("norm_type", "ada_norm_zero");
        foreach (var field in s_notOfDit)
        {
            _ = json.Find(field) is { } set ? throw set.Error("is set, which a DiT does not have.") : field;
        }

        foreach (var field in s_offInDit)
        {
            _ = json.Find(field) is { } set && set.AsFlag() ? throw set.Error("is true, which a DiT is not.") : field;
        }

        var (heads, channels) = (Number("num_attention_heads", 16), Number("in_channels", 4));
        var outputs = json.Find("out_channels")?.AsInteger() ?? channels; // absent: as many as the input has
        if (outputs != channels && outputs != 2L * channels)
        {
            throw new WeightFileException(
                $"{json.File}: out_channels is {outputs}; with in_channels {channels} it can be {channels} or {2L * channels}.");
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
                LearnsVariance = outputs != channels,
                MlpNormEpsilon = (float)(json.Find("norm_eps")?.AsNumber() ?? 1e-5),
                FrequenciesReachEnd = true,
            }.Validated();
        }
        catch (Exception error) when (error is ArgumentException or OverflowException)
        {
            throw new WeightFileException($"{json.File}: {error.Message}", error);
        }

        // The defaults of Transformer2DModel belong to other networks, so that every size must be given there.
        int Number(string field, int absent) => isOld ? json.Require(field).AsInteger() : json.Find(field)?.AsInteger() ?? absent;

        void Expect(string field, string expected)
        {
            if ((isOld ? json.Require(field) : json.Find(field)) is { } value && value.AsText() != expected)
            {
                throw value.Error($"is {WeightFileException.Quote(value.AsText())}; only '{expected}' is built.");
            }
        }
    }

    /// <summary>The class names of a pipeline folder's model_index.json (<c>id2label</c>); empty where it has none.</summary>
    /// <exception cref="WeightFileException">A label is not a text, or its number is not that of a class.</exception>
    public static IReadOnlyList<string> ReadClassNames(ForeignJson modelIndex, int classCount)
    {
        if (modelIndex.Find("id2label") is not { } labels)
        {
            return [];
        }

        string[] names = [.. Enumerable.Range(0, classCount).Select(i => i.ToString(CultureInfo.InvariantCulture))];
        foreach (var (key, label) in labels.Fields())
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= classCount)
            {
                throw label.Error($"is not the label of a class; the network has classes 0 to {classCount - 1}.");
            }

            names[index] = label.AsText();
        }

        return names;
    }
}
