using Augur.Models.Dit;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Models.UNet;

/// <summary>Reads the weights of a U-Net by the names of a layout.</summary>
internal sealed class UNetReader(WeightScope root, string prefix, UNetConfig config, IUNetNames names)
{
    public UNetWeights Read()
    {
        int inner = config.LevelCount - 1, time = config.TimeChannels;
        var input = Convolution(names.Input, config.BlockChannels[0], config.InChannels);
        return new UNetWeights(
            input,
            Maps(names.Time, config.BlockChannels[0]),
            config.GuidanceChannels == 0 || names.Guidance is null ? null
                : Linear(names.Guidance, config.BlockChannels[0], config.GuidanceChannels, bias: false),
            config.AddedChannels == 0 ? null : Maps(names.Added, config.AddedChannels),
            [.. Enumerable.Range(0, config.SkipCount).Select(Skip)],
            new(
                Residual(names.Middle.First, config.BlockChannels[inner], config.BlockChannels[inner]),
                Transformer(names.Middle.Transformer, inner, config.MiddleDepth)),
            Residual(names.Middle.Second, config.BlockChannels[inner], config.BlockChannels[inner]),
            Norm(names.Output.Norm, config.BlockChannels[0]),
            Convolution(names.Output.Convolution, config.OutChannels, config.BlockChannels[0]));

        (PackedLinear First, PackedLinear Second) Maps((string First, string Second) name, int inputs) =>
            (Linear(name.First, time, inputs), Linear(name.Second, time, time));
    }

    private UNetSkipWeights Skip(int index)
    {
        var skip = UNetSkip.Of(config, index);
        var level = skip.Level;
        var channels = config.BlockChannels[level];
        var (residual, transformer) = names.Down(level, skip.Layer - 1);
        var up = names.Up(level, config.LayersPerBlock - skip.Layer);
        return new UNetSkipWeights(
            skip.IsHalving ? null
                : new(Residual(residual, channels, skip.DownInputs), Transformer(transformer, level, config.TransformerDepths[level])),
            skip.IsHalving && index > 0 ? Convolution(names.Downsampler(level - 1), skip.Channels, skip.Channels) : null,
            new(Residual(up.Residual, channels, skip.UpInputs), Transformer(up.Transformer, level, config.TransformerDepths[level])),
            skip.IsHalving && index > 0
                ? Convolution(names.Upsampler(level, config.TransformerDepths[level] > 0), channels, channels) : null);
    }

    private UNetResidualWeights Residual(string name, int outputs, int inputs) => new(
        Norm($"{name}.{names.Residual.Norm1}", inputs),
        Convolution($"{name}.{names.Residual.Convolution1}", outputs, inputs),
        Linear($"{name}.{names.Residual.Time}", outputs, config.TimeChannels),
        Norm($"{name}.{names.Residual.Norm2}", outputs),
        Convolution($"{name}.{names.Residual.Convolution2}", outputs, outputs),
        inputs == outputs ? null : Pointwise($"{name}.{names.Residual.Shortcut}", outputs, inputs));

    private UNetTransformerWeights? Transformer(string name, int level, int depth)
    {
        var c = config.BlockChannels[level];
        return depth == 0 ? null : new(
            Norm($"{name}.norm", c),
            Pointwise($"{name}.proj_in", c, c),
            [.. Enumerable.Range(0, depth).Select(i => Block($"{name}.transformer_blocks.{i}", c))],
            Pointwise($"{name}.proj_out", c, c));
    }

    private UNetBlockWeights Block(string name, int c) => new(
        Norm($"{name}.norm1", c),
        DitLayouts.Joined(root.Scope($"{prefix}{name}.attn1"), c, hasBias: false, "to_q", "to_k", "to_v"),
        Linear($"{name}.attn1.to_out.0", c, c),
        Norm($"{name}.norm2", c),
        Linear($"{name}.attn2.to_q", c, c, bias: false),
        Linear($"{name}.attn2.to_k", c, config.CrossChannels, bias: false),
        Linear($"{name}.attn2.to_v", c, config.CrossChannels, bias: false),
        Linear($"{name}.attn2.to_out.0", c, c),
        Norm($"{name}.norm3", c),
        Linear($"{name}.ff.net.0.proj", 8 * c, c),
        Linear($"{name}.ff.net.2", c, 4 * c));

    private PackedConv2d Convolution(string name, int outputs, int inputs) => root.Conv2d(prefix + name, outputs, inputs, 3);

    private PackedLinear Linear(string name, int outputs, int inputs, bool bias = true) => root.Linear(prefix + name, outputs, inputs, bias);

    // A linear map of each cell's channels, stored as a 1×1 convolution or as a matrix.
    private PackedLinear Pointwise(string name, int outputs, int inputs) =>
        root.Checkpoint.Tensors.TryGetValue($"{prefix}{name}.weight", out var stored) && stored.Shape.Rank == 4
            ? root.Conv2d(prefix + name, outputs, inputs, 1).Weight
            : Linear(name, outputs, inputs);

    private UNetNorm Norm(string name, int channels) => new(
        root.SingleTensor($"{prefix}{name}.weight", [channels]), root.SingleTensor($"{prefix}{name}.bias", [channels]));
}
