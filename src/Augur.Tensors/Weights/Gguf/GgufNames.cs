using System.Globalization;
using System.Text.RegularExpressions;

namespace Augur.Tensors.Weights.Gguf;

/// <summary>
/// Tensor names of llama.cpp's language models and text encoders as the published models have them: T5 encoders, and decoders of Llama's kind
/// (Llama, Qwen, LLaDA, Dream). Names of image models are those of the original code already.
/// </summary>
internal static partial class GgufNames
{
    private static readonly Dictionary<string, string> s_encoder = new()
    {
        ["attn_q"] = "layer.0.SelfAttention.q",
        ["attn_k"] = "layer.0.SelfAttention.k",
        ["attn_v"] = "layer.0.SelfAttention.v",
        ["attn_o"] = "layer.0.SelfAttention.o",
        ["attn_rel_b"] = "layer.0.SelfAttention.relative_attention_bias",
        ["attn_norm"] = "layer.0.layer_norm",
        ["ffn_gate"] = "layer.1.DenseReluDense.wi_0",
        ["ffn_up"] = "layer.1.DenseReluDense.wi_1",
        ["ffn_down"] = "layer.1.DenseReluDense.wo",
        ["ffn_norm"] = "layer.1.layer_norm",
    };

    private static readonly Dictionary<string, string> s_decoder = new()
    {
        ["attn_q"] = "self_attn.q_proj",
        ["attn_k"] = "self_attn.k_proj",
        ["attn_v"] = "self_attn.v_proj",
        ["attn_output"] = "self_attn.o_proj",
        ["attn_q_norm"] = "self_attn.q_norm",
        ["attn_k_norm"] = "self_attn.k_norm",
        ["ffn_gate"] = "mlp.gate_proj",
        ["ffn_up"] = "mlp.up_proj",
        ["ffn_down"] = "mlp.down_proj",
        ["attn_norm"] = "input_layernorm",
        ["ffn_norm"] = "post_attention_layernorm",
    };

    private static readonly Dictionary<string, string> s_encoderEnds = new()
    {
        ["token_embd.weight"] = "shared.weight",
        ["enc.output_norm.weight"] = "encoder.final_layer_norm.weight",
        ["output.weight"] = "lm_head.weight",
    };

    private static readonly Dictionary<string, string> s_decoderEnds = new()
    {
        ["token_embd.weight"] = "model.embed_tokens.weight",
        ["output_norm.weight"] = "model.norm.weight",
        ["output.weight"] = "lm_head.weight",
    };

    /// <summary>The same tensors under the names of the published models; those without one keep theirs.</summary>
    /// <exception cref="WeightFileException">Names coincide, or a Llama file does not say how many heads its rows are permuted by.</exception>
    public static CheckpointContents Translate(WeightSource source, CheckpointContents contents)
    {
        var isEncoder = contents.Tensors.Keys.Any(n => n.StartsWith("enc.blk.", StringComparison.Ordinal));
        if (!isEncoder && !contents.Tensors.Keys.Any(n => n.StartsWith("blk.", StringComparison.Ordinal)))
        {
            return contents;
        }

        var isPermuted = !isEncoder && contents.Metadata.GetValueOrDefault(GgufMetadata.Architecture) is "llama" or "llada";
        var tensors = new Dictionary<string, StoredTensor>(contents.Tensors.Count);
        foreach (var (name, tensor) in contents.Tensors)
        {
            var theirs = isEncoder ? Encoder(name) : Decoder(name);
            var part = isPermuted && Block().Match(name) is { Success: true } match ? match.Groups["part"].Value : "";
            var stored = part is "attn_q" or "attn_k" ? Unpermuted(source, contents, tensor, part == "attn_k") : tensor;
            if (!tensors.TryAdd(theirs, stored.Named(theirs)))
            {
                throw source.Error($"two tensors have the name {WeightFileException.Quote(theirs)}.");
            }
        }

        return contents with { Tensors = tensors };
    }

    private static string Encoder(string name) => s_encoderEnds.TryGetValue(name, out var end) ? end
        : Block().Match(name) is { Success: true } match && match.Groups["side"].Value == "enc."
            && s_encoder.TryGetValue(match.Groups["part"].Value, out var part)
            ? $"encoder.block.{match.Groups["block"].Value}.{part}.{match.Groups["kind"].Value}" : name;

    private static string Decoder(string name) => s_decoderEnds.TryGetValue(name, out var end) ? end
        : Block().Match(name) is { Success: true } match && match.Groups["side"].Value.Length == 0
            && s_decoder.TryGetValue(match.Groups["part"].Value, out var part)
            ? $"model.layers.{match.Groups["block"].Value}.{part}.{match.Groups["kind"].Value}" : name;

    // llama.cpp rotates neighbouring channels where the published code rotates halves, and orders the rows of each head for that.
    private static StoredTensor Unpermuted(WeightSource source, CheckpointContents contents, StoredTensor tensor, bool isKey)
    {
        var count = $"{contents.Metadata[GgufMetadata.Architecture]}.attention.head_count";
        var key = isKey && contents.Metadata.ContainsKey($"{count}_kv") ? $"{count}_kv" : count;
        var rows = tensor.Shape.Rank is 1 or 2 ? tensor.Shape[0] : 0;
        return int.TryParse(contents.Metadata.GetValueOrDefault(key), CultureInfo.InvariantCulture, out var heads)
            && heads > 0 && rows > 0 && rows % (2 * (long)heads) == 0 && (tensor.Shape.Rank == 2 || !tensor.Type.IsBlocks())
            ? tensor.PairsParted(heads)
            : throw source.Error(
                $"tensor {WeightFileException.Quote(tensor.Name)} {tensor.Shape} has no rows in pairs for each head that metadata '{key}' says.");
    }

    [GeneratedRegex(@"^(?<side>enc\.|dec\.|)blk\.(?<block>[0-9]{1,4})\.(?<part>[a-z_]+)\.(?<kind>weight|bias)$")]
    private static partial Regex Block();
}
