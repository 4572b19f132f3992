using Augur.Tensors;

namespace Augur.Models.UNet;

/// <summary>Learned scale and offset of a norm, each [channels].</summary>
internal sealed record UNetNorm(Tensor Weight, Tensor Bias) : IDisposable
{
    public void Dispose()
    {
        Weight.Dispose();
        Bias.Dispose();
    }
}

/// <summary>The weights of a residual block. Shortcut: null where it changes no number of channels.</summary>
internal sealed record UNetResidualWeights(
    UNetNorm Norm1, PackedConv2d Convolution1, PackedLinear Time, UNetNorm Norm2, PackedConv2d Convolution2, PackedLinear? Shortcut) : IDisposable
{
    public void Dispose()
    {
        foreach (var part in new IDisposable?[] { Norm1, Convolution1, Time, Norm2, Convolution2, Shortcut })
        {
            part?.Dispose();
        }
    }
}

/// <summary>The weights of one transformer block: attention to the picture, attention to the text, a gated feed-forward branch.</summary>
internal sealed record UNetBlockWeights(
    UNetNorm Norm1,
    PackedLinear Qkv,
    PackedLinear Projection,
    UNetNorm Norm2,
    PackedLinear CrossQueries,
    PackedLinear CrossKeys,
    PackedLinear CrossValues,
    PackedLinear CrossProjection,
    UNetNorm Norm3,
    PackedLinear Mlp1,
    PackedLinear Mlp2) : IDisposable
{
    public void Dispose()
    {
        IDisposable[] parts =
        [
            Norm1, Qkv, Projection, Norm2, CrossQueries, CrossKeys, CrossValues, CrossProjection, Norm3, Mlp1, Mlp2,
        ];
        Array.ForEach(parts, part => part.Dispose());
    }
}

/// <summary>The weights of a transformer: its blocks and what stands around them.</summary>
internal sealed record UNetTransformerWeights(UNetNorm Norm, PackedLinear Input, IReadOnlyList<UNetBlockWeights> Blocks, PackedLinear Output)
    : IDisposable
{
    public void Dispose()
    {
        foreach (var part in ((IDisposable[])[Norm, Input, Output]).Concat(Blocks))
        {
            part.Dispose();
        }
    }
}

/// <summary>A layer of a level. Transformer: null where the level has no attention.</summary>
internal sealed record UNetLayerWeights(UNetResidualWeights Residual, UNetTransformerWeights? Transformer) : IDisposable
{
    public void Dispose()
    {
        Residual.Dispose();
        Transformer?.Dispose();
    }
}

/// <summary>One skip connection's two ends: what makes it on the way down, and what reads it on the way up.</summary>
/// <param name="Down">The layer that makes it; null where the first convolution or a halving does.</param>
/// <param name="Halving">The convolution that leads into the next level; null where a layer makes it.</param>
/// <param name="Up">The layer that reads it.</param>
/// <param name="Doubling">The convolution that leads out of the level, behind that layer; null within a level.</param>
internal sealed record UNetSkipWeights(UNetLayerWeights? Down, PackedConv2d? Halving, UNetLayerWeights Up, PackedConv2d? Doubling) : IDisposable
{
    public void Dispose()
    {
        foreach (var part in new IDisposable?[] { Down, Halving, Up, Doubling })
        {
            part?.Dispose();
        }
    }
}

/// <summary>The weights of the whole network.</summary>
/// <param name="Input">The first convolution, which makes the first skip connection.</param>
/// <param name="Time">Maps of the timestep's sinusoid.</param>
/// <param name="Guidance">Map of the guidance scale's sinusoid, added to the timestep's; null in networks that are not told it.</param>
/// <param name="Added">Maps of pooled text and sizes; null in networks that are told neither.</param>
/// <param name="Skips">From the outermost inwards.</param>
/// <param name="Middle">First residual block and transformer of the middle.</param>
/// <param name="MiddleEnd">Its last residual block.</param>
/// <param name="OutputNorm">Before the last convolution.</param>
/// <param name="Output">The last convolution.</param>
internal sealed record UNetWeights(
    PackedConv2d Input,
    (PackedLinear First, PackedLinear Second) Time,
    PackedLinear? Guidance,
    (PackedLinear First, PackedLinear Second)? Added,
    IReadOnlyList<UNetSkipWeights> Skips,
    UNetLayerWeights Middle,
    UNetResidualWeights MiddleEnd,
    UNetNorm OutputNorm,
    PackedConv2d Output) : IDisposable
{
    public void Dispose()
    {
        IDisposable?[] parts =
        [
            Input, Time.First, Time.Second, Guidance, Added?.First, Added?.Second, Middle, MiddleEnd, OutputNorm, Output, .. Skips,
        ];
        Array.ForEach(parts, part => part?.Dispose());
    }
}
