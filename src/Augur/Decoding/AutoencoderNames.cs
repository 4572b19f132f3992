namespace Augur.Decoding;

/// <summary>Tensor names of an autoencoder in one checkpoint layout. Level 0 is the picture's resolution, in encoder and decoder.</summary>
internal interface IAutoencoderNames
{
    /// <summary>The 1x1 convolution in the shortcut of a residual block that changes the number of channels.</summary>
    string Shortcut { get; }

    /// <summary>The normalisation before the last convolution.</summary>
    string LastNorm { get; }

    /// <summary>The alternative names that the layout has used for the parts of attention; a file uses one set.</summary>
    IReadOnlyList<AttentionNames> Attention { get; }

    /// <summary>A residual block at the lowest resolution; index 0 or 1.</summary>
    string MidBlock(int index);

    /// <summary>The attention layer between the two middle blocks.</summary>
    string MidAttention();

    /// <summary>A residual block of the encoder.</summary>
    string DownBlock(int level, int index);

    /// <summary>The convolution that halves the resolution after a level of the encoder.</summary>
    string Downsampler(int level);

    /// <summary>A residual block of the decoder.</summary>
    string UpBlock(int level, int index);

    /// <summary>The convolution that follows the doubling of the resolution after a level of the decoder.</summary>
    string Upsampler(int level);
}

/// <summary>Names of the parts of an attention layer, relative to the layer's name.</summary>
internal sealed record AttentionNames(string Norm, string Query, string Key, string Value, string Output);

/// <summary>The names of diffusers, whose decoder blocks are numbered in running order, from the latent's resolution.</summary>
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

/// <summary>The names of the original code: latent-diffusion and FLUX.</summary>
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
