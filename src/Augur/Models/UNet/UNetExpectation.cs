using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>Every tensor that a U-Net of given sizes has in a layout, with its shape.</summary>
internal sealed class UNetExpectation(UNetConfig config, IUNetNames names, string prefix)
{
    private readonly Dictionary<string, Shape> _tensors = [];

    public Dictionary<string, Shape> Tensors()
    {
        int outer = config.BlockChannels[0], inner = config.LevelCount - 1, time = config.TimeChannels;
        Convolution(names.Input, outer, config.InChannels);
        Linear(names.Time.First, time, outer);
        Linear(names.Time.Second, time, time);
        if (config.GuidanceChannels > 0 && names.Guidance is { } guidance)
        {
            Add(guidance, [outer, config.GuidanceChannels], hasBias: false);
        }

        if (config.AddedChannels > 0)
        {
            Linear(names.Added.First, time, config.AddedChannels);
            Linear(names.Added.Second, time, time);
        }

        for (var index = 0; index < config.SkipCount; index++)
        {
            Skip(index);
        }

        Residual(names.Middle.First, config.BlockChannels[inner], config.BlockChannels[inner]);
        Transformer(names.Middle.Transformer, config.BlockChannels[inner], config.MiddleDepth);
        Residual(names.Middle.Second, config.BlockChannels[inner], config.BlockChannels[inner]);
        Norm(names.Output.Norm, outer);
        Convolution(names.Output.Convolution, config.OutChannels, outer);
        return _tensors;
    }

    private void Skip(int index)
    {
        var skip = UNetSkip.Of(config, index);
        var (level, channels) = (skip.Level, config.BlockChannels[skip.Level]);
        if (!skip.IsHalving)
        {
            var (residual, transformer) = names.Down(level, skip.Layer - 1);
            Residual(residual, channels, skip.DownInputs);
            Transformer(transformer, channels, config.TransformerDepths[level]);
        }
        else if (index > 0)
        {
            Convolution(names.Downsampler(level - 1), skip.Channels, skip.Channels);
            Convolution(names.Upsampler(level, config.TransformerDepths[level] > 0), channels, channels);
        }

        var up = names.Up(level, config.LayersPerBlock - skip.Layer);
        Residual(up.Residual, channels, skip.UpInputs);
        Transformer(up.Transformer, channels, config.TransformerDepths[level]);
    }

    private void Residual(string name, int outputs, int inputs)
    {
        Norm($"{name}.{names.Residual.Norm1}", inputs);
        Convolution($"{name}.{names.Residual.Convolution1}", outputs, inputs);
        Linear($"{name}.{names.Residual.Time}", outputs, config.TimeChannels);
        Norm($"{name}.{names.Residual.Norm2}", outputs);
        Convolution($"{name}.{names.Residual.Convolution2}", outputs, outputs);
        if (inputs != outputs)
        {
            Add($"{name}.{names.Residual.Shortcut}", [outputs, inputs, 1, 1], hasBias: true);
        }
    }

    private void Transformer(string name, int c, int depth)
    {
        if (depth == 0)
        {
            return;
        }

        Norm($"{name}.norm", c);
        Shape projection = config.HasLinearProjections ? [c, c] : [c, c, 1, 1];
        Add($"{name}.proj_in", projection, hasBias: true);
        Add($"{name}.proj_out", projection, hasBias: true);
        foreach (var block in Enumerable.Range(0, depth).Select(i => $"{name}.transformer_blocks.{i}"))
        {
            foreach (var part in new[] { "norm1", "norm2", "norm3" })
            {
                Norm($"{block}.{part}", c);
            }

            foreach (var part in new[] { "attn1.to_q", "attn1.to_k", "attn1.to_v", "attn2.to_q" })
            {
                Add($"{block}.{part}", [c, c], hasBias: false);
            }

            Add($"{block}.attn2.to_k", [c, config.CrossChannels], hasBias: false);
            Add($"{block}.attn2.to_v", [c, config.CrossChannels], hasBias: false);
            Linear($"{block}.attn1.to_out.0", c, c);
            Linear($"{block}.attn2.to_out.0", c, c);
            Linear($"{block}.ff.net.0.proj", 8 * c, c);
            Linear($"{block}.ff.net.2", c, 4 * c);
        }
    }

    private void Convolution(string name, int outputs, int inputs) => Add(name, [outputs, inputs, 3, 3], hasBias: true);

    private void Linear(string name, int outputs, int inputs) => Add(name, [outputs, inputs], hasBias: true);

    private void Norm(string name, int channels) => Add(name, [channels], hasBias: true);

    private void Add(string name, Shape weight, bool hasBias)
    {
        _tensors[$"{prefix}{name}.weight"] = weight;
        if (hasBias)
        {
            _tensors[$"{prefix}{name}.bias"] = [weight[0]];
        }
    }
}
