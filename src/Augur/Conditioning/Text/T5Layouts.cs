using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>Names of a T5 encoder's tensors in one layout; {0} is the layer.</summary>
internal sealed record T5Names(
    string[] Embeddings,
    string Block,
    string Query,
    string Key,
    string Value,
    string Output,
    string Positions,
    string AttentionNorm,
    string Gate,
    string Up,
    string PlainUp,
    string Down,
    string MlpNorm,
    string FinalNorm,
    string[] Unused);

/// <summary>The weights of a layer. Gate: null where there is none. Positions: null where the first layer's serve.</summary>
internal sealed record T5Layer(
    Tensor AttentionNorm,
    PackedLinear Query,
    PackedLinear Key,
    PackedLinear Value,
    PackedLinear Output,
    float[]? Positions,
    Tensor MlpNorm,
    PackedLinear? Gate,
    PackedLinear Up,
    PackedLinear Down)
{
    public IEnumerable<IDisposable?> Parts => [AttentionNorm, Query, Key, Value, Output, MlpNorm, Gate, Up, Down];
}

/// <summary>The layouts of T5 encoders: Hugging Face's (which GGUF files are read in too), and that of Wan's umT5.</summary>
internal static class T5Layouts
{
    private static readonly T5Names s_huggingFace = new(
        ["shared", "encoder.embed_tokens"],
        "encoder.block.{0}.",
        "layer.0.SelfAttention.q",
        "layer.0.SelfAttention.k",
        "layer.0.SelfAttention.v",
        "layer.0.SelfAttention.o",
        "layer.0.SelfAttention.relative_attention_bias",
        "layer.0.layer_norm",
        "layer.1.DenseReluDense.wi_0",
        "layer.1.DenseReluDense.wi_1",
        "layer.1.DenseReluDense.wi",
        "layer.1.DenseReluDense.wo",
        "layer.1.layer_norm",
        "encoder.final_layer_norm",
        ["decoder", "lm_head", "logit_scale"]);

    private static readonly T5Names s_wan = new(
        ["token_embedding"],
        "blocks.{0}.",
        "attn.q",
        "attn.k",
        "attn.v",
        "attn.o",
        "pos_embedding.embedding",
        "norm1",
        "ffn.gate.0",
        "ffn.fc1",
        "ffn.fc1",
        "ffn.fc2",
        "norm2",
        "norm",
        []);

    /// <summary>The layout of a checkpoint; null: none of a T5 encoder.</summary>
    public static T5Names? Find(Checkpoint checkpoint, string prefix) => new[] { s_huggingFace, s_wan }.FirstOrDefault(
        names => checkpoint.Tensors.ContainsKey($"{prefix}{Block(names, 0)}{names.Query}.weight")
            && checkpoint.Tensors.ContainsKey($"{prefix}{Block(names, 0)}{names.Positions}.weight"));

    /// <summary>The sizes that shapes tell.</summary>
    /// <exception cref="WeightFileException">A tensor is missing or has another number of axes.</exception>
    public static T5Config Infer(Checkpoint checkpoint, T5Names names, string prefix)
    {
        var block = prefix + Block(names, 0);
        var embedding = names.Embeddings.Select(name => $"{prefix}{name}.weight").FirstOrDefault(checkpoint.Tensors.ContainsKey)
            ?? $"{prefix}{names.Embeddings[0]}.weight";
        var tokens = EncoderFiles.ShapeOf(checkpoint, embedding, 2);
        var query = EncoderFiles.ShapeOf(checkpoint, $"{block}{names.Query}.weight", 2);
        var positions = EncoderFiles.ShapeOf(checkpoint, $"{block}{names.Positions}.weight", 2);
        var isGated = checkpoint.Tensors.ContainsKey($"{block}{names.Gate}.weight");
        var up = EncoderFiles.ShapeOf(checkpoint, $"{block}{(isGated ? names.Up : names.PlainUp)}.weight", 2);
        if (query[0] % positions[1] != 0 || positions[0] % 2 != 0 || positions[0] < 4)
        {
            throw new WeightFileException(
                $"{checkpoint.Path}: positions {positions} (buckets, heads) do not fit queries of {query[0]} channels; "
                + "buckets are even, 4 at least.");
        }

        return new T5Config
        {
            Vocabulary = tokens[0],
            Channels = tokens[1],
            Layers = EncoderFiles.CountOf(checkpoint, layer => $"{prefix}{Block(names, layer)}{names.Query}.weight"),
            Heads = positions[1],
            HeadChannels = query[0] / positions[1],
            MlpSize = up[0],
            Buckets = positions[0],
            IsGated = isGated,
            IsRelu = !isGated,
            Activation = isGated ? Activation.GeluTanh : Activation.None,
            HasPositionsPerLayer = checkpoint.Tensors.ContainsKey($"{prefix}{Block(names, 1)}{names.Positions}.weight"),
        };
    }

    /// <summary>What each linear map is made of in a checkpoint, and in every layout.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint)
    {
        var own = Find(checkpoint, "") ?? throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a T5 encoder.");
        var config = Infer(checkpoint, own, "");
        return LayoutTraces.At(own == s_huggingFace ? 0 : 1, Trace("Hugging Face", s_huggingFace), Trace("Wan", s_wan));

        WeightTrace Trace(string layout, T5Names names) => WeightTrace.Of(layout, root =>
        {
            for (var layer = 0; layer < config.Layers; layer++)
            {
                ReadLayer(root, names, config, layer);
            }
        });
    }

    /// <summary>Reads a layer.</summary>
    public static T5Layer ReadLayer(WeightScope root, T5Names names, T5Config config, int layer)
    {
        var block = root.Scope(Block(names, layer).TrimEnd('.'));
        var (channels, inner) = (config.Channels, config.Heads * config.HeadChannels);
        return new T5Layer(
            block.SingleTensor($"{names.AttentionNorm}.weight", [channels]),
            block.Linear(names.Query, inner, channels, bias: false),
            block.Linear(names.Key, inner, channels, bias: false),
            block.Linear(names.Value, inner, channels, bias: false),
            block.Linear(names.Output, channels, inner, bias: false),
            layer == 0 || config.HasPositionsPerLayer ? Table(block, $"{names.Positions}.weight", [config.Buckets, config.Heads]) : null,
            block.SingleTensor($"{names.MlpNorm}.weight", [channels]),
            config.IsGated ? block.Linear(names.Gate, config.MlpSize, channels, bias: false) : null,
            block.Linear(config.IsGated ? names.Up : names.PlainUp, config.MlpSize, channels, bias: false),
            block.Linear(names.Down, channels, config.MlpSize, bias: false));
    }

    /// <summary>Reads the embeddings, whichever name they have, and leaves out what is no part of the encoder.</summary>
    public static LookupTable ReadEmbedding(WeightScope root, T5Names names, T5Config config)
    {
        var name = names.Embeddings.FirstOrDefault(n => root.Contains($"{n}.weight")) ?? names.Embeddings[0];
        foreach (var other in names.Embeddings.Where(n => n != name).Concat(names.Unused))
        {
            root.Ignore(other); // the same table under its second name; a decoder
        }

        return root.Table($"{name}.weight", config.Vocabulary, config.Channels);
    }

    private static string Block(T5Names names, int layer) => string.Format(System.Globalization.CultureInfo.InvariantCulture, names.Block, layer);

    private static float[] Table(WeightScope block, string name, Shape shape)
    {
        using var table = block.SingleTensor(name, shape);
        return table.ToArray();
    }
}
