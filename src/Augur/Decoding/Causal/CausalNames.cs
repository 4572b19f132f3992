namespace Augur.Decoding.Causal;

/// <summary>The names of a key layout; stages are called as in the original one whatever the layout.</summary>
internal abstract record CausalNames
{
    /// <summary>Names of a residual block's parts: norms, convolutions, shortcut.</summary>
    public abstract (string Norm1, string Conv1, string Norm2, string Conv2, string Shortcut) Residual { get; }

    /// <summary>The map behind the encoder.</summary>
    public abstract string QuantConv { get; }

    /// <summary>The map before the decoder.</summary>
    public abstract string PostQuantConv { get; }

    /// <summary>The first convolution of a half.</summary>
    public abstract string First(string half);

    /// <summary>One of the three layers in the middle.</summary>
    public abstract string Middle(string half, int index);

    /// <summary>A layer of the encoder, counted through.</summary>
    public abstract string Down(int index);

    /// <summary>A layer of the decoder, counted through; <paramref name="block"/> within its level, null: what enlarges.</summary>
    public abstract string Up(int index, int level, int? block);

    /// <summary>The last norm of a half.</summary>
    public abstract string LastNorm(string half);

    /// <summary>The last convolution of a half.</summary>
    public abstract string Last(string half);
}

/// <summary>Wan's own.</summary>
internal sealed record OriginalCausalNames : CausalNames
{
    public override (string Norm1, string Conv1, string Norm2, string Conv2, string Shortcut) Residual =>
        ("residual.0", "residual.2", "residual.3", "residual.6", "shortcut");

    public override string QuantConv => "conv1";

    public override string PostQuantConv => "conv2";

    public override string First(string half) => $"{half}.conv1";

    public override string Middle(string half, int index) => $"{half}.middle.{index}";

    public override string Down(int index) => $"encoder.downsamples.{index}";

    public override string Up(int index, int level, int? block) => $"decoder.upsamples.{index}";

    public override string LastNorm(string half) => $"{half}.head.0";

    public override string Last(string half) => $"{half}.head.2";
}

/// <summary>diffusers', of Wan and of Qwen-Image.</summary>
internal sealed record DiffusersCausalNames : CausalNames
{
    public override (string Norm1, string Conv1, string Norm2, string Conv2, string Shortcut) Residual =>
        ("norm1", "conv1", "norm2", "conv2", "conv_shortcut");

    public override string QuantConv => "quant_conv";

    public override string PostQuantConv => "post_quant_conv";

    public override string First(string half) => $"{half}.conv_in";

    public override string Middle(string half, int index) =>
        index == 1 ? $"{half}.mid_block.attentions.0" : $"{half}.mid_block.resnets.{index / 2}";

    public override string Down(int index) => $"encoder.down_blocks.{index}";

    public override string Up(int index, int level, int? block) =>
        $"decoder.up_blocks.{level}.{(block is { } number ? $"resnets.{number}" : "upsamplers.0")}";

    public override string LastNorm(string half) => $"{half}.norm_out";

    public override string Last(string half) => $"{half}.conv_out";
}
