using Augur.Tensors.Weights;

namespace Augur.Catalogs;

/// <summary>The text encoders that networks read prompts through.</summary>
internal enum TextEncoderKind
{
    /// <summary>CLIP's text transformer, of OpenAI or OpenCLIP (Radford et al., 2021).</summary>
    Clip,

    /// <summary>The encoder of T5 v1.1 (Raffel et al., 2020).</summary>
    T5,

    /// <summary>A language model whose hidden states are read: Qwen, Llama, Mistral.</summary>
    Decoder,
}

/// <summary>Recognises text encoders by the names and shapes of their tensors.</summary>
internal static class TextEncoders
{
    // A tensor that only this kind has, and the one whose second axis is the width of a token.
    private static readonly (TextEncoderKind Kind, string Mark, string Embedding)[] s_marks =
    [
        (TextEncoderKind.Clip, "text_model.encoder.layers.0.self_attn.q_proj.weight", "text_model.embeddings.token_embedding.weight"),
        (TextEncoderKind.Clip, "encoder.layers.0.self_attn.q_proj.weight", "embeddings.token_embedding.weight"),
        (TextEncoderKind.Clip, "transformer.resblocks.0.attn.in_proj_weight", "token_embedding.weight"),
        (TextEncoderKind.T5, "encoder.block.0.layer.0.SelfAttention.q.weight", "shared.weight"),
        (TextEncoderKind.T5, "encoder.block.0.layer.0.SelfAttention.q.weight", "encoder.embed_tokens.weight"),
        (TextEncoderKind.Decoder, "layers.0.self_attn.q_proj.weight", "embed_tokens.weight"),
        (TextEncoderKind.Decoder, "language_model.layers.0.self_attn.q_proj.weight", "language_model.embed_tokens.weight"),
    ];

    /// <summary>What a checkpoint is, and its width; null: no text encoder.</summary>
    public static (TextEncoderKind Kind, int Width)? Recognise(Checkpoint checkpoint)
    {
        foreach (var (kind, mark, embedding) in s_marks)
        {
            if (checkpoint.Tensors.ContainsKey(mark)
                && checkpoint.Tensors.TryGetValue(embedding, out var table) && table.Shape.Rank == 2)
            {
                return (kind, table.Shape[1]);
            }
        }

        return null;
    }

    /// <summary>The files of its tokenizer as a user finds them.</summary>
    public static string TokenizerFiles(TextEncoderKind kind) => kind switch
    {
        TextEncoderKind.Clip => "vocab.json (with merges.txt beside it) or tokenizer.json from tokenizer/ of a diffusers pipeline",
        TextEncoderKind.T5 => "spiece.model or tokenizer.json from tokenizer_2/ or tokenizer_3/ of a diffusers pipeline",
        _ => "tokenizer.json from tokenizer/ of a diffusers pipeline",
    };

    /// <summary>For messages.</summary>
    public static string Name(TextEncoderKind kind) => kind switch
    {
        TextEncoderKind.Clip => "CLIP",
        TextEncoderKind.T5 => "T5",
        _ => "a language model",
    };
}
