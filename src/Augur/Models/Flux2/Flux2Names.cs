namespace Augur.Models.Flux2;

/// <summary>Names of what picture or text has of a double block.</summary>
internal sealed record Flux2GroupNames(
    string[] Qkv, string QueryNorm, string KeyNorm, string Projection, string MlpIn, string MlpOut);

/// <summary>The names of a key layout.</summary>
internal sealed record Flux2Names
{
    private static readonly Flux2Names s_original = new()
    {
        Layout = "original",
        Image = "img_in",
        Text = "txt_in",
        Time = ("time_in.in_layer", "time_in.out_layer"),
        Guidance = ("guidance_in.in_layer", "guidance_in.out_layer"),
        ImageModulation = "double_stream_modulation_img.lin",
        TextModulation = "double_stream_modulation_txt.lin",
        SingleModulation = "single_stream_modulation.lin",
        Double = "double_blocks",
        ImageGroup = OriginalGroup("img"),
        TextGroup = OriginalGroup("txt"),
        Single = "single_blocks",
        Fused = "linear1",
        FusedOut = "linear2",
        SingleQueryNorm = "norm.query_norm.scale",
        SingleKeyNorm = "norm.key_norm.scale",
        FinalModulation = "final_layer.adaLN_modulation.1",
        Final = "final_layer.linear",
    };

    private static readonly Flux2Names s_diffusers = new()
    {
        Layout = "diffusers",
        Image = "x_embedder",
        Text = "context_embedder",
        Time = ("time_guidance_embed.timestep_embedder.linear_1", "time_guidance_embed.timestep_embedder.linear_2"),
        Guidance = ("time_guidance_embed.guidance_embedder.linear_1", "time_guidance_embed.guidance_embedder.linear_2"),
        ImageModulation = "double_stream_modulation_img.linear",
        TextModulation = "double_stream_modulation_txt.linear",
        SingleModulation = "single_stream_modulation.linear",
        Double = "transformer_blocks",
        ImageGroup = new(
            ["attn.to_q", "attn.to_k", "attn.to_v"],
            "attn.norm_q.weight",
            "attn.norm_k.weight",
            "attn.to_out.0",
            "ff.linear_in",
            "ff.linear_out"),
        TextGroup = new(
            ["attn.add_q_proj", "attn.add_k_proj", "attn.add_v_proj"],
            "attn.norm_added_q.weight",
            "attn.norm_added_k.weight",
            "attn.to_add_out",
            "ff_context.linear_in",
            "ff_context.linear_out"),
        Single = "single_transformer_blocks",
        Fused = "attn.to_qkv_mlp_proj",
        FusedOut = "attn.to_out",
        SingleQueryNorm = "attn.norm_q.weight",
        SingleKeyNorm = "attn.norm_k.weight",
        FinalModulation = "norm_out.linear",
        Final = "proj_out",
        ScaleStandsFirst = true,
    };

    /// <summary>Those that are read.</summary>
    public static Flux2Names[] Known { get; } = [s_original, s_diffusers];

    public required string Layout { get; init; }

    public required string Image { get; init; }

    public required string Text { get; init; }

    public required (string First, string Second) Time { get; init; }

    public required (string First, string Second) Guidance { get; init; }

    public required string ImageModulation { get; init; }

    public required string TextModulation { get; init; }

    public required string SingleModulation { get; init; }

    public required string Double { get; init; }

    public required Flux2GroupNames ImageGroup { get; init; }

    public required Flux2GroupNames TextGroup { get; init; }

    public required string Single { get; init; }

    public required string Fused { get; init; }

    public required string FusedOut { get; init; }

    public required string SingleQueryNorm { get; init; }

    public required string SingleKeyNorm { get; init; }

    public required string FinalModulation { get; init; }

    public required string Final { get; init; }

    /// <summary>Whether the final modulation gives the scale before the shift.</summary>
    public bool ScaleStandsFirst { get; init; }

    private static Flux2GroupNames OriginalGroup(string group) => new(
        [$"{group}_attn.qkv"],
        $"{group}_attn.norm.query_norm.scale",
        $"{group}_attn.norm.key_norm.scale",
        $"{group}_attn.proj",
        $"{group}_mlp.0",
        $"{group}_mlp.2");
}
