namespace Augur.Decoding;

/// <summary>What a checkpoint layout calls the layers of one network. Levels count from 0, the picture's resolution, in both directions.</summary>
internal interface IAutoencoderNames
{
    /// <summary>A 1x1 convolution around a residual block whose channels change.</summary>
    string Shortcut { get; }

    /// <summary>The normalisation before the last convolution.</summary>
    string LastNorm { get; }

    /// <summary>The ways in which the layout has named the parts of its attention; a file uses one of them.</summary>
    IReadOnlyList<AttentionNames> Attention { get; }

    /// <summary>A residual block in the middle; index 0 or 1.</summary>
    string MidBlock(int index);

    /// <summary>The attention layer in the middle.</summary>
    string MidAttention();

    /// <summary>A residual block of the encoder.</summary>
    string DownBlock(int level, int index);

    /// <summary>What halves the resolution after a level of the encoder.</summary>
    string Downsampler(int level);

    /// <summary>A residual block of the decoder.</summary>
    string UpBlock(int level, int index);

    /// <summary>What doubles the resolution after a level of the decoder.</summary>
    string Upsampler(int level);
}

/// <summary>Names below an attention layer's.</summary>
internal sealed record AttentionNames(string Norm, string Query, string Key, string Value, string Output);

/// <summary>Names of diffusers; its decoder counts blocks in the order in which they run, from the latent's resolution on.</summary>
internal sealed class DiffusersNames(int levels) : IAutoencoderNames
{
    public string Shortcut => "conv_shortcut";

    public string LastNorm => "conv_norm_out";

    public IReadOnlyList<AttentionNames> Attention { get; } =
    [
        new("group_norm", "to_q", "to_k", "to_v", "to_out.0"),
        new("group_norm", "query", "key", "value", "proj_attn"),
    ];

    public string MidBlock(int index) => $"mid_block.resnets.{index}";

    public string MidAttention() => "mid_block.attentions.0";

    public string DownBlock(int level, int index) => $"down_blocks.{level}.resnets.{index}";

    public string Downsampler(int level) => $"down_blocks.{level}.downsamplers.0.conv";

    public string UpBlock(int level, int index) => $"up_blocks.{levels - 1 - level}.resnets.{index}";

    public string Upsampler(int level) => $"up_blocks.{levels - 1 - level}.upsamplers.0.conv";
}

/// <summary>Names of latent-diffusion and FLUX.</summary>
internal sealed class OriginalNames : IAutoencoderNames
{
    public string Shortcut => "nin_shortcut";

    public string LastNorm => "norm_out";

    public IReadOnlyList<AttentionNames> Attention { get; } = [new("norm", "q", "k", "v", "proj_out")];

    public string MidBlock(int index) => $"mid.block_{index + 1}";

    public string MidAttention() => "mid.attn_1";

    public string DownBlock(int level, int index) => $"down.{level}.block.{index}";

    public string Downsampler(int level) => $"down.{level}.downsample.conv";

    public string UpBlock(int level, int index) => $"up.{level}.block.{index}";

    public string Upsampler(int level) => $"up.{level}.upsample.conv";
}
