using System.Globalization;
using System.Text.Json.Nodes;
using Augur.Conditioning.Text.Tokenization;

namespace Augur.Tests.Catalogs;

/// <summary>Text encoders, autoencoders and tokenizers with random weights, small enough for a test, as pipelines have them.</summary>
internal static class TinyParts
{
    private const int Mlp = 64;

    /// <summary>CLIP; its heads have 64 channels.</summary>
    /// <param name="width">Channels of its stream.</param>
    /// <param name="layers">How many; those who read the layer before the last need two.</param>
    public static TinyWeightsFile Clip(int width, int layers = 1)
    {
        var file = new TinyWeightsFile().Linear("text_model.embeddings.token_embedding", ClipTokens.Length, width, bias: false)
            .Linear("text_model.embeddings.position_embedding", 77, width, bias: false)
            .Norm("text_model.final_layer_norm", width, bias: true);
        foreach (var layer in Enumerable.Range(0, layers).Select(i => $"text_model.encoder.layers.{i}"))
        {
            file.Norm($"{layer}.layer_norm1", width, bias: true).Norm($"{layer}.layer_norm2", width, bias: true)
                .Linear($"{layer}.mlp.fc1", Mlp, width).Linear($"{layer}.mlp.fc2", width, Mlp);
            foreach (var part in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                file.Linear($"{layer}.self_attn.{part}", width, width);
            }
        }

        return file;
    }

    /// <summary>T5 of one block.</summary>
    public static TinyWeightsFile T5(int width)
    {
        const string Block = "encoder.block.0";
        var file = new TinyWeightsFile().Linear("shared", T5Tokens.Length, width, bias: false)
            .Linear($"{Block}.layer.0.SelfAttention.relative_attention_bias", 32, 2, bias: false)
            .Norm($"{Block}.layer.0.layer_norm", width, bias: false).Norm($"{Block}.layer.1.layer_norm", width, bias: false)
            .Linear($"{Block}.layer.1.DenseReluDense.wi_0", Mlp, width, bias: false)
            .Linear($"{Block}.layer.1.DenseReluDense.wi_1", Mlp, width, bias: false)
            .Linear($"{Block}.layer.1.DenseReluDense.wo", width, Mlp, bias: false)
            .Norm("encoder.final_layer_norm", width, bias: false);
        foreach (var part in (string[])["q", "k", "v"])
        {
            file.Linear($"{Block}.layer.0.SelfAttention.{part}", 32, width, bias: false);
        }

        return file.Linear($"{Block}.layer.0.SelfAttention.o", width, 32, bias: false);
    }

    /// <summary>The decoder of an autoencoder of Stable Diffusion's kind, two pixels a cell.</summary>
    public static TinyWeightsFile Autoencoder(int latentChannels)
    {
        const int Channels = 32;
        var file = new TinyWeightsFile().Conv("decoder.conv_in", Channels, latentChannels, 3).Norm("decoder.conv_norm_out", Channels, bias: true)
            .Conv("decoder.conv_out", 3, Channels, 3).Conv("decoder.up_blocks.0.upsamplers.0.conv", Channels, Channels, 3);
        foreach (var block in (string[])
            [
                "mid_block.resnets.0", "mid_block.resnets.1", "up_blocks.0.resnets.0", "up_blocks.0.resnets.1", "up_blocks.1.resnets.0",
                "up_blocks.1.resnets.1",
            ])
        {
            file.Norm($"decoder.{block}.norm1", Channels, bias: true).Conv($"decoder.{block}.conv1", Channels, Channels, 3)
                .Norm($"decoder.{block}.norm2", Channels, bias: true).Conv($"decoder.{block}.conv2", Channels, Channels, 3);
        }

        const string Attention = "decoder.mid_block.attentions.0";
        foreach (var part in (string[])["to_q", "to_k", "to_v", "to_out.0"])
        {
            file.Linear($"{Attention}.{part}", Channels, Channels);
        }

        return file.Norm($"{Attention}.group_norm", Channels, bias: true);
    }

    /// <summary>A decoder of Qwen's kind, its heads of 8 channels.</summary>
    /// <param name="width">Channels of its stream.</param>
    /// <param name="layers">How many.</param>
    public static TinyWeightsFile Decoder(int width, int layers)
    {
        const int Head = 8;
        var file = new TinyWeightsFile().Linear("model.embed_tokens", ChatTokens.Length + 3, width, bias: false)
            .Norm("model.norm", width, bias: false);
        foreach (var layer in Enumerable.Range(0, layers).Select(i => $"model.layers.{i}"))
        {
            file.Norm($"{layer}.input_layernorm", width, bias: false).Norm($"{layer}.post_attention_layernorm", width, bias: false)
                .Linear($"{layer}.self_attn.q_proj", 2 * Head, width, bias: false).Linear($"{layer}.self_attn.k_proj", Head, width, bias: false)
                .Linear($"{layer}.self_attn.v_proj", Head, width, bias: false).Linear($"{layer}.self_attn.o_proj", width, 2 * Head, bias: false)
                .Norm($"{layer}.self_attn.q_norm", Head, bias: false).Norm($"{layer}.self_attn.k_norm", Head, bias: false)
                .Linear($"{layer}.mlp.gate_proj", Mlp, width, bias: false).Linear($"{layer}.mlp.up_proj", Mlp, width, bias: false)
                .Linear($"{layer}.mlp.down_proj", width, Mlp, bias: false);
        }

        return file;
    }

    /// <summary>The decoder of an autoencoder of Wan's kind, two pixels a cell, of 16 latent channels.</summary>
    public static TinyWeightsFile CausalAutoencoder()
    {
        const int Channels = 8, Latent = 16;
        var file = new TinyWeightsFile().Kernel("post_quant_conv", [Latent, Latent, 1, 1, 1])
            .Kernel("decoder.conv_in", [2 * Channels, Latent, 3, 3, 3])
            .Kernel("decoder.mid_block.attentions.0.to_qkv", [6 * Channels, 2 * Channels, 1, 1])
            .Kernel("decoder.mid_block.attentions.0.proj", [2 * Channels, 2 * Channels, 1, 1])
            .Gamma("decoder.mid_block.attentions.0.norm", [2 * Channels, 1, 1])
            .Kernel("decoder.up_blocks.0.upsamplers.0.resample.1", [Channels, 2 * Channels, 3, 3])
            .Gamma("decoder.norm_out", [Channels, 1, 1, 1]).Kernel("decoder.conv_out", [3, Channels, 3, 3, 3]);
        foreach (var (block, channels) in ((string, int)[])
            [
                ("mid_block.resnets.0", 2 * Channels), ("mid_block.resnets.1", 2 * Channels), ("up_blocks.0.resnets.0", 2 * Channels),
                ("up_blocks.0.resnets.1", 2 * Channels), ("up_blocks.1.resnets.0", Channels), ("up_blocks.1.resnets.1", Channels),
            ])
        {
            file.Gamma($"decoder.{block}.norm1", [channels, 1, 1, 1]).Kernel($"decoder.{block}.conv1", [channels, channels, 3, 3, 3])
                .Gamma($"decoder.{block}.norm2", [channels, 1, 1, 1]).Kernel($"decoder.{block}.conv2", [channels, channels, 3, 3, 3]);
        }

        return file;
    }

    private static string[] ClipTokens { get; } =
    [
        .. ByteAlphabet.InVocabularyOrder.Select(c => c.ToString()), .. ByteAlphabet.InVocabularyOrder.Select(c => $"{c}</w>"),
        "re", "red</w>", "<|startoftext|>", "<|endoftext|>",
    ];

    private static string[] T5Tokens { get; } =
        ["<pad>", "</s>", "<unk>", "\u2581", "\u2581a", "\u2581red", .. "abcdefghijklmnopqrstuvwxyz".Select(c => c.ToString())];

    public static void WriteClipTokenizer(string folder)
    {
        Directory.CreateDirectory(folder);
        var ids = new JsonObject();
        foreach (var (id, token) in ClipTokens.Index())
        {
            ids[token] = id;
        }

        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "vocab.json"), ids.ToJsonString());
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "merges.txt"), "#version: 0.2\nr e\nre d</w>\n");
    }

    public static void WriteT5Tokenizer(string folder)
    {
        Directory.CreateDirectory(folder);
        var pieces = string.Join(", ", T5Tokens.Select((token, id) => string.Create(
            CultureInfo.InvariantCulture, $"[{JsonValue.Create(token)!.ToJsonString()}, {(id < 3 ? 0 : -1 - (id / 10.0))}]")));
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "tokenizer.json"), $$"""
            {"model": {"type": "Unigram", "unk_id": 2, "vocab": [{{pieces}}]},
             "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581", "add_prefix_space": true, "prepend_scheme": "always"},
             "added_tokens": [{"id": 0, "content": "<pad>"}, {"id": 1, "content": "</s>"}, {"id": 2, "content": "<unk>"}]}
            """);
    }

    private static string[] ChatTokens { get; } = [.. ByteAlphabet.InVocabularyOrder.Select(c => c.ToString())];

    /// <summary>A token for every byte, and those of a conversation.</summary>
    public static void WriteChatTokenizer(string folder)
    {
        Directory.CreateDirectory(folder);
        var ids = new JsonObject();
        foreach (var (id, token) in ChatTokens.Index())
        {
            ids[token] = id;
        }

        var added = string.Join(", ", ((string[])["<|im_start|>", "<|im_end|>", "<|endoftext|>"]).Select((token, i) =>
            $$"""{"id": {{ChatTokens.Length + i}}, "content": "{{token}}", "special": true}"""));
        System.IO.File.WriteAllText(System.IO.Path.Combine(folder, "tokenizer.json"), $$"""
            {"model": {"type": "BPE", "vocab": {{ids.ToJsonString()}}, "merges": []},
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false},
             "added_tokens": [{{added}}]}
            """);
    }
}
