using System.Collections.Immutable;
using Augur.Conditioning.Text;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.Llada;

/// <summary>Reads masked diffusion language models: LLaDA in its own names, Dream in those of Qwen2, both from GGUF too.</summary>
internal static class LladaLayouts
{
    /// <summary>Whether tensors and configuration are those of LLaDA or Dream.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="config">config.json; null: there is none.</param>
    public static bool Is(Checkpoint checkpoint, ForeignJson? config) => DecoderLayouts.Find(checkpoint, "") is { } layout
        && (DecoderLayouts.IsLlada(layout) || KindOf(checkpoint, config) is not null);

    /// <summary>Sizes and special tokens.</summary>
    /// <exception cref="WeightFileException">The mask token is not given, or a field does not agree with the weights.</exception>
    public static LladaConfig ConfigOf(Checkpoint checkpoint, ForeignJson? config)
    {
        var layout = DecoderLayouts.Find(checkpoint, "")
            ?? throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of LLaDA or Dream.");
        var sizes = DecoderLayouts.Infer(checkpoint, layout, "", HeadChannels(checkpoint, config));
        return Complete(checkpoint, config, Adjust(sizes, checkpoint, config));
    }

    /// <summary>Every tensor that the model needs, by name.</summary>
    public static IReadOnlyDictionary<string, Shape> Expected(Checkpoint checkpoint, LladaConfig config) =>
        DecoderLayouts.Expected(DecoderLayouts.Find(checkpoint, "")!, config.Decoder);

    /// <summary>Reads the weights; every tensor must be used.</summary>
    public static LladaModel Read(Checkpoint checkpoint, IBackend backend, ForeignJson? config, Func<string, int[]>? tokenize = null)
    {
        var decoder = DecoderModel.Read(
            checkpoint,
            backend,
            HeadChannels(checkpoint, config),
            sizes => Adjust(sizes, checkpoint, config),
            new DecoderParts(HasHead: true),
            prefix: "");
        try
        {
            return new LladaModel(Complete(checkpoint, config, decoder.Config), decoder, tokenize);
        }
        catch
        {
            decoder.Dispose();
            throw;
        }
    }

    /// <summary>What a GGUF file says of a model, so that it needs no config.json: in the keys of llama.cpp, which are read again here.</summary>
    public static GgufDescription DescribeForGguf(LladaConfig config)
    {
        var (name, sizes) = (config.IsShifted ? "dream" : "llada", config.Decoder);
        return sizes.Rotary.Scaling != RotaryScaling.None ? new(name) // which the keys have no words for; its config.json has
            : new(name)
            {
                Integers = new Dictionary<string, uint>
                {
                    [$"{name}.block_count"] = (uint)sizes.Layers,
                    [$"{name}.embedding_length"] = (uint)sizes.Channels,
                    [$"{name}.feed_forward_length"] = (uint)sizes.MlpSize,
                    [$"{name}.attention.head_count"] = (uint)sizes.Heads,
                    [$"{name}.attention.head_count_kv"] = (uint)sizes.KeyHeads,
                    [$"{name}.context_length"] = (uint)config.MaxTokens,
                    ["tokenizer.ggml.mask_token_id"] = (uint)config.MaskId,
                },
                Singles = new Dictionary<string, float>
                {
                    [$"{name}.attention.layer_norm_rms_epsilon"] = sizes.NormEpsilon,
                    [$"{name}.rope.freq_base"] = (float)sizes.Rotary.Theta,
                },
            };
    }

    /// <summary>llada or dream; null: neither is said.</summary>
    private static string? KindOf(Checkpoint checkpoint, ForeignJson? config)
    {
        var said = config?.Find("model_type")?.AsText() ?? checkpoint.Metadata.GetValueOrDefault("general.architecture") ?? "";
        return said.ToUpperInvariant() is var word && word.StartsWith("LLADA", StringComparison.Ordinal) ? "llada"
            : word.StartsWith("DREAM", StringComparison.Ordinal) ? "dream" : null;
    }

    private static int? HeadChannels(Checkpoint checkpoint, ForeignJson? config) => config is null
        ? Said(checkpoint, "embedding_length") is { } channels && Said(checkpoint, "attention.head_count") is { } count and > 0
            ? (int)(channels / count) : null
        : config?.Find("head_dim")?.AsInteger() ?? (Field(config, "d_model", "hidden_size") is { } width
            && Field(config, "n_heads", "num_attention_heads") is { } heads
            ? heads.AsInteger() > 0 ? width.AsInteger() / heads.AsInteger()
            : throw heads.Error($"is {heads.AsInteger()}; there is one head at least.") : null);

    private static DecoderConfig Adjust(DecoderConfig sizes, Checkpoint checkpoint, ForeignJson? config)
    {
        if (config is not { } json)
        {
            return sizes with
            {
                NormEpsilon = (float)(Said(checkpoint, "attention.layer_norm_rms_epsilon") ?? sizes.NormEpsilon),
                Rotary = sizes.Rotary with { Theta = Said(checkpoint, "rope.freq_base") ?? sizes.Rotary.Theta },
            };
        }

        if (json.Find("d_model") is null)
        {
            return sizes.With(json);
        }

        EncoderFiles.Expect(json, "d_model", sizes.Channels);
        EncoderFiles.Expect(json, "mlp_hidden_size", sizes.MlpSize);
        EncoderFiles.Expect(json, "n_layers", sizes.Layers);
        EncoderFiles.Expect(json, json.Find("embedding_size") is null ? "vocab_size" : "embedding_size", sizes.Vocabulary);
        Only(json, "activation_type", "silu");
        Only(json, "block_type", "llama");
        Only(json, "layer_norm_type", "rms");
        return sizes with
        {
            NormEpsilon = (float)(json.Find("rms_norm_eps")?.AsNumber() ?? sizes.NormEpsilon),
            Rotary = sizes.Rotary with { Theta = json.Find("rope_theta")?.AsNumber() ?? 5e5 },
        };
    }

    private static void Only(ForeignJson json, string field, string built)
    {
        if (json.Find(field) is { } given && given.AsText() != built)
        {
            throw given.Error($"is {WeightFileException.Quote(given.AsText())}; {built} is built.");
        }
    }

    private static LladaConfig Complete(Checkpoint checkpoint, ForeignJson? config, DecoderConfig sizes)
    {
        const int MaskOfLlada = 126336, MaskOfDream = 151666; // of the published models
        var isDream = KindOf(checkpoint, config) == "dream" || sizes.HasQkvBias;
        var usual = isDream ? MaskOfDream : MaskOfLlada;
        var mask = config?.Find("mask_token_id")?.AsInteger()
            ?? NumberIn(checkpoint, "tokenizer.ggml.mask_token_id")
            ?? (usual < sizes.Vocabulary ? usual : throw new WeightFileException(
                $"{checkpoint.Path}: mask_token_id of a config.json says which token stands for an unknown one; there is none."));
        if (mask < 0 || mask >= sizes.Vocabulary)
        {
            throw new WeightFileException($"{checkpoint.Path}: mask_token_id is {mask}; there are {sizes.Vocabulary} tokens.");
        }

        var longest = Field(config, "max_sequence_length", "max_position_embeddings")?.AsInteger()
            ?? (int?)Said(checkpoint, "context_length") ?? (isDream ? 2048 : 4096);
        return new LladaConfig
        {
            Decoder = sizes,
            MaskId = mask,
            IsShifted = isDream,
            MaxTokens = longest is > 1 and <= 1 << 20 ? longest
                : throw new WeightFileException($"{checkpoint.Path}: a longest text of {longest} tokens; 2 to {1 << 20} are possible."),
            EndIds = EndsIn(config),
            Length = Math.Min(128, longest / 2),
        };
    }

    private static ImmutableArray<int> EndsIn(ForeignJson? config) => config?.Find("eos_token_id") is not { } end ? []
        : end.IsList ? [.. end.AsItems().Select(item => item.AsInteger())] : end.IsNumber ? [end.AsInteger()] : [];

    private static ForeignJson? Field(ForeignJson? config, string first, string second) => config?.Find(first) ?? config?.Find(second);

    // What a GGUF file says of its architecture.
    private static double? Said(Checkpoint checkpoint, string what) => double.TryParse(
        checkpoint.Metadata.GetValueOrDefault($"{checkpoint.Metadata.GetValueOrDefault("general.architecture")}.{what}"),
        System.Globalization.CultureInfo.InvariantCulture,
        out var number) ? number : null;

    private static int? NumberIn(Checkpoint checkpoint, string key) =>
        int.TryParse(checkpoint.Metadata.GetValueOrDefault(key), System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;
}
