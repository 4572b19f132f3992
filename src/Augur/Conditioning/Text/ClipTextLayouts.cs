using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>A layer norm's weight and bias.</summary>
internal sealed record AffineNorm(Tensor Weight, Tensor Bias)
{
    public Tensor Apply(Tensor x, float epsilon) => x.LayerNorm(Weight, Bias, epsilon);

    public IEnumerable<IDisposable> Parts => [Weight, Bias];
}

/// <summary>The weights of a layer.</summary>
internal sealed record ClipTextLayer(
    AffineNorm AttentionNorm,
    PackedLinear Query,
    PackedLinear Key,
    PackedLinear Value,
    PackedLinear Output,
    AffineNorm MlpNorm,
    PackedLinear Up,
    PackedLinear Down)
{
    public IEnumerable<IDisposable> Parts => [.. AttentionNorm.Parts, Query, Key, Value, Output, .. MlpNorm.Parts, Up, Down];
}

/// <summary>The weights of the whole encoder. Projection: null where there is none.</summary>
internal sealed record ClipTextWeights(
    LookupTable Embedding, Tensor Positions, ClipTextLayer[] Layers, AffineNorm FinalNorm, PackedLinear? Projection)
{
    public IEnumerable<IDisposable?> Parts => [Embedding, Positions, .. Layers.SelectMany(layer => layer.Parts), .. FinalNorm.Parts, Projection];
}

/// <summary>The two layouts of CLIP's text encoder: Hugging Face's (with or without <c>text_model.</c>) and open_clip's.</summary>
internal static class ClipTextLayouts
{
    private static readonly string[] s_prefixes = ["text_model.", ""];

    /// <summary>What precedes the names in Hugging Face's layout, or null where a checkpoint does not have it.</summary>
    public static string? HuggingFacePrefix(Checkpoint checkpoint, string prefix) =>
        s_prefixes.FirstOrDefault(p => checkpoint.Tensors.ContainsKey($"{prefix}{p}encoder.layers.0.self_attn.q_proj.weight"));

    /// <summary>Whether a checkpoint has open_clip's names.</summary>
    public static bool IsOpenClip(Checkpoint checkpoint, string prefix) =>
        checkpoint.Tensors.ContainsKey($"{prefix}transformer.resblocks.0.attn.in_proj_weight")
        && checkpoint.Tensors.ContainsKey($"{prefix}positional_embedding");

    /// <summary>The sizes that shapes tell; heads have 64 channels in all published models.</summary>
    /// <exception cref="WeightFileException">The tensors are not those of a CLIP text encoder.</exception>
    public static ClipTextConfig Infer(Checkpoint checkpoint, string prefix)
    {
        var inner = HuggingFacePrefix(checkpoint, prefix);
        if (inner is null && !IsOpenClip(checkpoint, prefix))
        {
            throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a CLIP text encoder.");
        }

        var root = prefix + inner;
        var tokens = Shape(inner is null ? "token_embedding.weight" : "embeddings.token_embedding.weight");
        var positions = Shape(inner is null ? "positional_embedding" : "embeddings.position_embedding.weight");
        var up = Shape(inner is null ? "transformer.resblocks.0.mlp.c_fc.weight" : "encoder.layers.0.mlp.fc1.weight");
        const int HeadChannels = 64;
        var projection = inner is null ? "text_projection" : "text_projection.weight";
        var hasProjection = checkpoint.Tensors.ContainsKey(prefix + projection);
        var projected = hasProjection ? EncoderFiles.ShapeOf(checkpoint, prefix + projection, 2) : default;
        return new ClipTextConfig
        {
            Vocabulary = tokens[0],
            Channels = tokens[1],
            Positions = positions[0],
            Heads = tokens[1] % HeadChannels == 0 ? tokens[1] / HeadChannels : 1,
            MlpSize = up[0],
            Layers = EncoderFiles.CountOf(checkpoint, layer => inner is null
                ? $"{root}transformer.resblocks.{layer}.attn.in_proj_weight" : $"{root}encoder.layers.{layer}.self_attn.q_proj.weight"),
            ProjectedChannels = !hasProjection ? 0 : inner is null ? projected[1] : projected[0],
            Activation = inner is null || tokens[1] > 768 ? Activation.GeluErf : Activation.GeluQuick, // OpenAI's largest text encoder has 768
        };

        Shape Shape(string name) => EncoderFiles.ShapeOf(checkpoint, root + name, 2);
    }

    /// <summary>Reads either layout.</summary>
    public static ClipTextWeights Read(WeightScope root, ClipTextConfig config, string prefix) =>
        HuggingFacePrefix(root.Checkpoint, prefix) is { } inner ? ReadHuggingFace(root, config, inner) : ReadOpenClip(root, config);

    /// <summary>What each linear map is made of in a checkpoint, and in every layout.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint)
    {
        var config = Infer(checkpoint, "");
        return LayoutTraces.At(
            HuggingFacePrefix(checkpoint, "") is { } inner ? Array.IndexOf(s_prefixes, inner) : s_prefixes.Length,
            WeightTrace.Of("Hugging Face", root => ReadHuggingFace(root, config, s_prefixes[0])),
            WeightTrace.Of("Hugging Face without text_model", root => ReadHuggingFace(root, config, s_prefixes[1])),
            WeightTrace.Of("open_clip", root => ReadOpenClip(root, config)));
    }

    private static ClipTextWeights ReadHuggingFace(WeightScope root, ClipTextConfig config, string inner)
    {
        foreach (var unused in new[] { "vision_model", "visual_projection", "logit_scale", $"{inner}embeddings.position_ids" })
        {
            root.Ignore(unused);
        }

        int c = config.Channels, mlp = config.MlpSize;
        var body = inner.Length == 0 ? root : root.Scope(inner.TrimEnd('.'));
        ClipTextLayer Layer(int i)
        {
            var layer = body.Scope($"encoder.layers.{i}");
            return new(
                Norm(layer, "layer_norm1", c),
                layer.Linear("self_attn.q_proj", c, c),
                layer.Linear("self_attn.k_proj", c, c),
                layer.Linear("self_attn.v_proj", c, c),
                layer.Linear("self_attn.out_proj", c, c),
                Norm(layer, "layer_norm2", c),
                layer.Linear("mlp.fc1", mlp, c),
                layer.Linear("mlp.fc2", c, mlp));
        }

        return new ClipTextWeights(
            body.Table("embeddings.token_embedding.weight", config.Vocabulary, c),
            body.SingleTensor("embeddings.position_embedding.weight", [config.Positions, c]),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)],
            Norm(body, "final_layer_norm", c),
            config.ProjectedChannels > 0 ? root.Linear("text_projection", config.ProjectedChannels, c, bias: false) : null);
    }

    private static ClipTextWeights ReadOpenClip(WeightScope root, ClipTextConfig config)
    {
        foreach (var unused in new[] { "visual", "logit_scale", "attn_mask" })
        {
            root.Ignore(unused);
        }

        int c = config.Channels, mlp = config.MlpSize;
        ClipTextLayer Layer(int i)
        {
            var layer = root.Scope($"transformer.resblocks.{i}");
            return new(
                Norm(layer, "ln_1", c), Part(layer, c, 0), Part(layer, c, 1), Part(layer, c, 2), layer.Linear("attn.out_proj", c, c),
                Norm(layer, "ln_2", c), layer.Linear("mlp.c_fc", mlp, c), layer.Linear("mlp.c_proj", c, mlp));
        }

        return new ClipTextWeights(
            root.Table("token_embedding.weight", config.Vocabulary, c),
            root.SingleTensor("positional_embedding", [config.Positions, c]),
            [.. Enumerable.Range(0, config.Layers).Select(Layer)],
            Norm(root, "ln_final", c),
            config.ProjectedChannels > 0 ? root.Transposed("text_projection", config.ProjectedChannels, c) : null);
    }

    private static AffineNorm Norm(WeightScope scope, string name, int channels) =>
        new(scope.SingleTensor($"{name}.weight", [channels]), scope.SingleTensor($"{name}.bias", [channels]));

    // One matrix for query, key and value, as torch's attention keeps them.
    private static PackedLinear Part(WeightScope layer, int channels, int index) => layer.Joined(
        channels,
        bias: true,
        new WeightRows("attn.in_proj_weight", "attn.in_proj_bias", 3 * channels, index * channels, channels));
}
