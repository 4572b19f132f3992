using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Conditioning.Text;

/// <summary>Names of a decoder's tensors in one layout; {0} is the layer.</summary>
internal sealed record DecoderNames(
    string Embedding,
    string Block,
    string Query,
    string Key,
    string Value,
    string Output,
    string QueryNorm,
    string KeyNorm,
    string AttentionNorm,
    string Gate,
    string Up,
    string Down,
    string MlpNorm,
    string FinalNorm,
    string[] Heads,
    string[] Unused);

/// <summary>A layout as it was found: names, and what precedes them.</summary>
internal sealed record DecoderLayout(DecoderNames Names, string Prefix)
{
    public string Block(int layer) => Prefix + string.Format(CultureInfo.InvariantCulture, Names.Block, layer);

    public string Embedding => $"{Prefix}{Names.Embedding}.weight";

    /// <summary>Which channels of a head turn together: neighbours in Meta's layout.</summary>
    public RotaryPairs Pairs => Names == DecoderLayouts.Meta ? RotaryPairs.Interleaved : RotaryPairs.Halves;
}

/// <summary>The layouts of decoders: Hugging Face's (which GGUF files are read in too), and Meta's.</summary>
internal static class DecoderLayouts
{
    private static readonly DecoderNames s_huggingFace = new(
        "embed_tokens",
        "layers.{0}.",
        "self_attn.q_proj",
        "self_attn.k_proj",
        "self_attn.v_proj",
        "self_attn.o_proj",
        "self_attn.q_norm",
        "self_attn.k_norm",
        "input_layernorm",
        "mlp.gate_proj",
        "mlp.up_proj",
        "mlp.down_proj",
        "post_attention_layernorm",
        "norm",
        ["lm_head", "language_model.lm_head"],
        ["visual", "model.visual", "vision_tower", "multi_modal_projector", "model.vision_tower", "model.multi_modal_projector"]);

    /// <summary>Of Meta's consolidated checkpoints.</summary>
    public static DecoderNames Meta { get; } = new(
        "tok_embeddings",
        "layers.{0}.",
        "attention.wq",
        "attention.wk",
        "attention.wv",
        "attention.wo",
        "attention.q_norm",
        "attention.k_norm",
        "attention_norm",
        "feed_forward.w1",
        "feed_forward.w3",
        "feed_forward.w2",
        "ffn_norm",
        "norm",
        ["output"],
        ["rope.freqs"]);

    // Of LLaDA, whose head has the name of a layer's last map.
    private static readonly DecoderNames s_llada = new(
        "wte",
        "blocks.{0}.",
        "q_proj",
        "k_proj",
        "v_proj",
        "attn_out",
        "q_norm",
        "k_norm",
        "attn_norm",
        "ff_proj",
        "up_proj",
        "ff_out",
        "ff_norm",
        "ln_f",
        ["model.transformer.ff_out", "transformer.ff_out"],
        []);

    // Prefixes that precede Hugging Face's names, alone and in models of text and pictures.
    private static readonly string[] s_prefixes = ["", "model.", "model.language_model.", "language_model.model.", "language_model."];
    private static readonly string[] s_transformer = ["model.transformer.", "transformer."];

    /// <summary>Whether tensors are named as those of LLaDA.</summary>
    public static bool IsLlada(DecoderLayout layout) => layout.Names == s_llada;

    /// <summary>The layout of a checkpoint; null: none of a decoder.</summary>
    public static DecoderLayout? Find(Checkpoint checkpoint, string prefix) =>
        (from names in new[] { s_huggingFace, Meta, s_llada }
         from inner in names == s_huggingFace ? s_prefixes : names == s_llada ? s_transformer : [""]
         let layout = new DecoderLayout(names, prefix + inner)
         where checkpoint.Tensors.ContainsKey(layout.Embedding) && checkpoint.Tensors.ContainsKey($"{layout.Block(0)}{names.Query}.weight")
             && checkpoint.Tensors.ContainsKey($"{layout.Block(0)}{names.Gate}.weight")
         select layout).FirstOrDefault();

    /// <summary>The sizes that shapes tell, and the usual values of the family for what they do not.</summary>
    /// <param name="checkpoint">The weights.</param>
    /// <param name="layout">Their layout.</param>
    /// <param name="prefix">What precedes every name.</param>
    /// <param name="headChannels">Of a configuration; null: those of the heads' norms, or 128 as in all published models without.</param>
    public static DecoderConfig Infer(Checkpoint checkpoint, DecoderLayout layout, string prefix, int? headChannels)
    {
        const int UsualHeadChannels = 128;
        var (names, block) = (layout.Names, layout.Block(0));
        var tokens = EncoderFiles.ShapeOf(checkpoint, layout.Embedding, 2);
        var query = EncoderFiles.ShapeOf(checkpoint, $"{block}{names.Query}.weight", 2);
        var key = EncoderFiles.ShapeOf(checkpoint, $"{block}{names.Key}.weight", 2);
        var hasNorms = checkpoint.Tensors.ContainsKey($"{block}{names.QueryNorm}.weight");
        var head = hasNorms ? EncoderFiles.ShapeOf(checkpoint, $"{block}{names.QueryNorm}.weight", 1)[0] : headChannels ?? UsualHeadChannels;
        if (head < 2 || head % 2 != 0 || query[0] % head != 0 || key[0] % head != 0 || query[0] / head % (key[0] / head) != 0)
        {
            throw new WeightFileException(
                $"{checkpoint.Path}: queries of {query[0]} channels and keys of {key[0]} do not divide into heads of {head} channels.");
        }

        var hasBias = checkpoint.Tensors.ContainsKey($"{block}{names.Query}.bias");
        return new DecoderConfig
        {
            Vocabulary = tokens[0],
            Channels = tokens[1],
            Layers = EncoderFiles.CountOf(checkpoint, layer => $"{layout.Block(layer)}{names.Query}.weight"),
            Heads = query[0] / head,
            KeyHeads = key[0] / head,
            HeadChannels = head,
            MlpSize = EncoderFiles.ShapeOf(checkpoint, $"{block}{names.Gate}.weight", 2)[0],
            HasQkvBias = hasBias,
            HasHeadNorms = hasNorms,
            IsTied = !names.Heads.Any(name => checkpoint.Tensors.ContainsKey($"{prefix}{name}.weight")),
            NormEpsilon = hasBias || hasNorms ? 1e-6f : 1e-5f,
            Rotary = new RotaryConfig { Theta = hasBias || hasNorms ? 1e6 : tokens[0] > 100000 ? 5e5 : 1e4 },
        };
    }

    /// <summary>Every tensor of a decoder with its head, by name.</summary>
    public static IReadOnlyDictionary<string, Shape> Expected(DecoderLayout layout, DecoderConfig config)
    {
        var (names, c, inner, keys) = (layout.Names, config.Channels, config.Heads * config.HeadChannels, config.KeyHeads * config.HeadChannels);
        var outer = layout.Prefix.Length > 0 && names == s_llada ? layout.Prefix[..^"transformer.".Length] : "";
        var expected = new Dictionary<string, Shape>
        {
            [layout.Embedding] = [config.Vocabulary, c],
            [$"{layout.Prefix}{names.FinalNorm}.weight"] = [c],
        };
        if (!config.IsTied)
        {
            expected[names == s_llada ? $"{outer}transformer.ff_out.weight" : $"{names.Heads[0]}.weight"] = [config.Vocabulary, c];
        }

        foreach (var block in Enumerable.Range(0, config.Layers).Select(layout.Block))
        {
            foreach (var (name, outputs, inputs, hasBias) in new[]
            {
                (names.Query, inner, c, config.HasQkvBias), (names.Key, keys, c, config.HasQkvBias), (names.Value, keys, c, config.HasQkvBias),
                (names.Output, c, inner, false), (names.Gate, config.MlpSize, c, false), (names.Up, config.MlpSize, c, false),
                (names.Down, c, config.MlpSize, false),
            })
            {
                expected[$"{block}{name}.weight"] = [outputs, inputs];
                if (hasBias)
                {
                    expected[$"{block}{name}.bias"] = [outputs];
                }
            }

            expected[$"{block}{names.AttentionNorm}.weight"] = [c];
            expected[$"{block}{names.MlpNorm}.weight"] = [c];
            if (config.HasHeadNorms)
            {
                expected[$"{block}{names.QueryNorm}.weight"] = expected[$"{block}{names.KeyNorm}.weight"] = [config.HeadChannels];
            }
        }

        return expected;
    }

    /// <summary>What each linear map is made of in a checkpoint, and in every layout.</summary>
    public static LayoutTraces Traces(Checkpoint checkpoint)
    {
        var own = Find(checkpoint, "")
            ?? throw new WeightFileException($"{checkpoint.Path}: the tensors are not those of a decoder of Llama's kind.");
        var config = Infer(checkpoint, own, "", headChannels: 2); // how channels divide into heads changes no matrix
        return new(
            Trace(own), [.. s_prefixes.Select(prefix => Trace(new DecoderLayout(s_huggingFace, prefix))), Trace(new DecoderLayout(Meta, ""))]);

        WeightTrace Trace(DecoderLayout layout) => WeightTrace.Of(layout.Names == Meta ? "Meta" : "Hugging Face", root =>
        {
            for (var layer = 0; layer < config.Layers; layer++)
            {
                ReadLayer(root.Scope(layout.Block(layer).TrimEnd('.')), layout, config);
            }
        });
    }

    /// <summary>Reads a layer.</summary>
    public static DecoderLayer ReadLayer(WeightScope block, DecoderLayout layout, DecoderConfig config)
    {
        var names = layout.Names;
        var (c, inner, keys) = (config.Channels, config.Heads * config.HeadChannels, config.KeyHeads * config.HeadChannels);
        return new DecoderLayer(
            config,
            layout.Pairs,
            block.SingleTensor($"{names.AttentionNorm}.weight", [c]),
            block.Linear(names.Query, inner, c, config.HasQkvBias),
            block.Linear(names.Key, keys, c, config.HasQkvBias),
            block.Linear(names.Value, keys, c, config.HasQkvBias),
            block.Linear(names.Output, c, inner, bias: false),
            config.HasHeadNorms ? block.SingleTensor($"{names.QueryNorm}.weight", [config.HeadChannels]) : null,
            config.HasHeadNorms ? block.SingleTensor($"{names.KeyNorm}.weight", [config.HeadChannels]) : null,
            block.SingleTensor($"{names.MlpNorm}.weight", [c]),
            block.Linear(names.Gate, config.MlpSize, c, bias: false),
            block.Linear(names.Up, config.MlpSize, c, bias: false),
            block.Linear(names.Down, c, config.MlpSize, bias: false));
    }
}
