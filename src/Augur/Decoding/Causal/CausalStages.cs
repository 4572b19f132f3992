using Augur.Tensors;

namespace Augur.Decoding.Causal;

/// <summary>A causal convolution that keeps the resolution.</summary>
internal sealed record CausalConvolutionStage(string Name, CausalConvolution Weight) : IStage
{
    public Tensor Forward(Tensor x) => Weight.Apply(x);

    public FeatureSize SizeAfter(FeatureSize x) => x with { Channels = Weight.Outputs };

    public long PeakElements(FeatureSize x) => x.Elements + (2 * SizeAfter(x).Elements);
}

/// <summary>Residual block of two causal convolutions, each after a norm and SiLU; a map of each pixel where the channels change.</summary>
internal sealed record CausalResidualStage(
    string Name, PixelNorm Norm1, CausalConvolution Conv1, PixelNorm Norm2, CausalConvolution Conv2, PackedLinear? Shortcut) : IStage
{
    public Tensor Forward(Tensor x)
    {
        var h = Convolve(x, Norm1, Conv1);
        var branch = Convolve(h, Norm2, Conv2);
        h.Dispose();
        if (Shortcut is not null)
        {
            return x.Linear(Shortcut, new LinearEpilogue(Residual: branch));
        }

        branch.CombineInPlace([x, branch], [1, 1]);
        return branch;
    }

    public FeatureSize SizeAfter(FeatureSize x) => x with { Channels = Conv2.Outputs };

    public long PeakElements(FeatureSize x) => x.Elements + (3 * Math.Max(x.Elements, SizeAfter(x).Elements));

    private static Tensor Convolve(Tensor x, PixelNorm norm, CausalConvolution convolution)
    {
        using var normalised = norm.Apply(x, Activation.Silu);
        return convolution.Apply(normalised);
    }
}

/// <summary>Attention of every pixel to every pixel of its own frame, one head, added to the input.</summary>
internal sealed record FrameAttentionStage(string Name, PixelNorm Norm, PackedLinear Qkv, PackedLinear Output) : IStage
{
    public Tensor Forward(Tensor x)
    {
        Shape tokens = [x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3]];
        using var normalised = Norm.Apply(x, Activation.None);
        var qkv = normalised.Reshape(tokens).Linear(Qkv);
        var attended = qkv.Chunk(0, 3).AttendTo(qkv.Chunk(1, 3), qkv.Chunk(2, 3), heads: 1);
        return attended.Linear(Output, new LinearEpilogue(Residual: x.Reshape(tokens))).Reshape(x.Shape);
    }

    public FeatureSize SizeAfter(FeatureSize x) => x;

    public long PeakElements(FeatureSize x) => 7 * x.Elements;
}

/// <summary>Doubles height and width by repeating pixels, then convolves each frame.</summary>
/// <param name="Name">Of the layer.</param>
/// <param name="Weight">Over pictures.</param>
/// <param name="Doubling">Makes two frames of each but the first before that; null: there remain as many.</param>
internal sealed record CausalUpsampleStage(string Name, PackedConv2d Weight, CausalMap? Doubling) : IStage
{
    public Tensor Forward(Tensor x) => (Doubling is null || x.Shape[0] == 1 ? x : Doubled(x)).UpsampleNearest2x().Conv2d(Weight, 1, Padding.All(1));

    public FeatureSize SizeAfter(FeatureSize x) => new(2 * x.Height, 2 * x.Width, Weight.Weight.Outputs);

    public long PeakElements(FeatureSize x) => (5 * x.Elements) + SizeAfter(x).Elements;

    // The first frame passes as it is and is no history of the others; each of those becomes two, the earlier in the first half of the channels.
    private Tensor Doubled(Tensor x)
    {
        var (later, channels) = (x.Shape[0] - 1, x.Shape[3]);
        using var pairs = Doubling!.Apply(x.Rows(1, later)); // [later, height, width, 2 · channels]
        var frames = pairs.Reshape([later, x.Shape[1] * x.Shape[2], 2, channels]).Permute(0, 2, 1, 3)
            .Reshape([2 * later, x.Shape[1], x.Shape[2], channels]);
        return Tensor.Concatenate([x.Rows(0, 1), frames], 0);
    }
}

/// <summary>Halves height and width, rounding down: a convolution with stride 2, padded by one pixel on the right and at the bottom only.</summary>
/// <param name="Name">Of the layer.</param>
/// <param name="Weight">Over pictures.</param>
/// <param name="Halving">Makes one frame of every two but the first, behind that; null: there remain as many.</param>
internal sealed record CausalDownsampleStage(string Name, PackedConv2d Weight, CausalMap? Halving) : IStage
{
    public Tensor Forward(Tensor x)
    {
        var small = x.Conv2d(Weight, 2, new Padding(0, 0, 1, 1));
        return Halving is null || small.Shape[0] < 3 ? small : Halved(small);
    }

    public FeatureSize SizeAfter(FeatureSize x) => new(x.Height / 2, x.Width / 2, Weight.Weight.Outputs);

    public long PeakElements(FeatureSize x) => x.Elements + (3 * SizeAfter(x).Elements);

    // Every second frame from the third on is made of itself and the two before it; the first passes as it is.
    private Tensor Halved(Tensor x)
    {
        using var all = Halving!.Apply(x);
        var kept = Enumerable.Range(1, (x.Shape[0] - 1) / 2).Select(i => all.Rows(2 * i, 1));
        return Tensor.Concatenate([x.Rows(0, 1), .. kept], 0);
    }
}

/// <summary>The last norm, SiLU and convolution.</summary>
internal sealed record CausalOutputStage(string Name, PixelNorm Norm, CausalConvolution Weight) : IStage
{
    public Tensor Forward(Tensor x)
    {
        using var normalised = Norm.Apply(x, Activation.Silu);
        return Weight.Apply(normalised);
    }

    public FeatureSize SizeAfter(FeatureSize x) => x with { Channels = Weight.Outputs };

    public long PeakElements(FeatureSize x) => (3 * x.Elements) + SizeAfter(x).Elements;
}
