namespace Augur.Models.UNet;

/// <summary>
/// Names of a U-Net's modules in one checkpoint layout. Level 0 is the latent's resolution, on the way down and on the way up; layers count in
/// running order.
/// </summary>
internal interface IUNetNames
{
    /// <summary>The first convolution.</summary>
    string Input { get; }

    /// <summary>The two maps of the timestep.</summary>
    (string First, string Second) Time { get; }

    /// <summary>The map of the guidance scale; null: the layout has no name for it.</summary>
    string? Guidance { get; }

    /// <summary>The two maps of pooled text and sizes.</summary>
    (string First, string Second) Added { get; }

    /// <summary>Norm and convolution of the output.</summary>
    (string Norm, string Convolution) Output { get; }

    /// <summary>Parts of a residual block, relative to its name.</summary>
    ResidualNames Residual { get; }

    /// <summary>Residual block and transformer of a layer on the way down.</summary>
    (string Residual, string Transformer) Down(int level, int layer);

    /// <summary>The convolution that leads from a level to the one inside it.</summary>
    string Downsampler(int level);

    /// <summary>The residual blocks of the middle and the transformer between them.</summary>
    (string First, string Transformer, string Second) Middle { get; }

    /// <summary>Residual block and transformer of a layer on the way up.</summary>
    (string Residual, string Transformer) Up(int level, int layer);

    /// <summary>The convolution behind the doubling that leads out of a level.</summary>
    /// <param name="level">Which it leads out of, from 1.</param>
    /// <param name="hasTransformer">Whether that level's layers have attention.</param>
    string Upsampler(int level, bool hasTransformer);
}

/// <summary>Names of the parts of a residual block.</summary>
internal sealed record ResidualNames(string Norm1, string Convolution1, string Time, string Norm2, string Convolution2, string Shortcut);

/// <summary>The names of diffusers, whose blocks on the way up count from the innermost level.</summary>
internal sealed class DiffusersUNetNames(int levels) : IUNetNames
{
    public string Input => "conv_in";

    public (string First, string Second) Time => ("time_embedding.linear_1", "time_embedding.linear_2");

    public string? Guidance => "time_embedding.cond_proj";

    public (string First, string Second) Added => ("add_embedding.linear_1", "add_embedding.linear_2");

    public (string Norm, string Convolution) Output => ("conv_norm_out", "conv_out");

    public ResidualNames Residual { get; } = new("norm1", "conv1", "time_emb_proj", "norm2", "conv2", "conv_shortcut");

    public (string Residual, string Transformer) Down(int level, int layer) =>
        ($"down_blocks.{level}.resnets.{layer}", $"down_blocks.{level}.attentions.{layer}");

    public string Downsampler(int level) => $"down_blocks.{level}.downsamplers.0.conv";

    public (string First, string Transformer, string Second) Middle => ("mid_block.resnets.0", "mid_block.attentions.0", "mid_block.resnets.1");

    public (string Residual, string Transformer) Up(int level, int layer) =>
        ($"up_blocks.{levels - 1 - level}.resnets.{layer}", $"up_blocks.{levels - 1 - level}.attentions.{layer}");

    public string Upsampler(int level, bool hasTransformer) => $"up_blocks.{levels - 1 - level}.upsamplers.0.conv";
}

/// <summary>The names of the original codes (latent-diffusion, generative-models), which number the layers through all levels.</summary>
internal sealed class OriginalUNetNames(int levels, int layersPerBlock) : IUNetNames
{
    public string Input => "input_blocks.0.0";

    public (string First, string Second) Time => ("time_embed.0", "time_embed.2");

    public string? Guidance => null;

    public (string First, string Second) Added => ("label_emb.0.0", "label_emb.0.2");

    public (string Norm, string Convolution) Output => ("out.0", "out.2");

    public ResidualNames Residual { get; } =
        new("in_layers.0", "in_layers.2", "emb_layers.1", "out_layers.0", "out_layers.3", "skip_connection");

    public (string Residual, string Transformer) Down(int level, int layer)
    {
        var index = (level * (layersPerBlock + 1)) + layer + 1;
        return ($"input_blocks.{index}.0", $"input_blocks.{index}.1");
    }

    public string Downsampler(int level) => $"input_blocks.{(level + 1) * (layersPerBlock + 1)}.0.op";

    public (string First, string Transformer, string Second) Middle => ("middle_block.0", "middle_block.1", "middle_block.2");

    public (string Residual, string Transformer) Up(int level, int layer)
    {
        var index = ((levels - 1 - level) * (layersPerBlock + 1)) + layer;
        return ($"output_blocks.{index}.0", $"output_blocks.{index}.1");
    }

    public string Upsampler(int level, bool hasTransformer) =>
        $"output_blocks.{((levels - level) * (layersPerBlock + 1)) - 1}.{(hasTransformer ? 2 : 1)}.conv";
}
