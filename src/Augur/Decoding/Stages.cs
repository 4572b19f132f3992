using Augur.Tensors;

namespace Augur.Decoding;

/// <summary>Size of the features of one picture between two stages.</summary>
internal readonly record struct FeatureSize(int Height, int Width, int Channels)
{
    public long Elements => (long)Height * Width * Channels;
}

/// <summary>A layer of the encoder or decoder. Features are [batch, height, width, channels].</summary>
internal interface IStage
{
    /// <summary>The layer's name in its checkpoint.</summary>
    string Name { get; }

    /// <summary>Computes the stage; releases its own intermediate tensors as soon as possible.</summary>
    Tensor Forward(Tensor x);

    /// <summary>Size of the output for an input of a given size.</summary>
    FeatureSize SizeAfter(FeatureSize x);

    /// <summary>Largest number of elements in memory at once for one picture, input and output included.</summary>
    long PeakElements(FeatureSize x);
}

/// <summary>A 3x3 convolution that keeps the resolution.</summary>
internal sealed record ConvolutionStage(string Name, PackedConv2d Weight) : IStage
{
    public Tensor Forward(Tensor x) => x.Conv2d(Weight, 1, Padding.All(1));

    public FeatureSize SizeAfter(FeatureSize x) => x with { Channels = Weight.Weight.Outputs };

    public long PeakElements(FeatureSize x) => x.Elements + SizeAfter(x).Elements;
}

/// <summary>A linear map of each pixel's channels.</summary>
internal sealed record PointwiseStage(string Name, PackedLinear Weight) : IStage
{
    public Tensor Forward(Tensor x) => x.Linear(Weight);

    public FeatureSize SizeAfter(FeatureSize x) => x with { Channels = Weight.Outputs };

    public long PeakElements(FeatureSize x) => x.Elements + SizeAfter(x).Elements;
}

/// <summary>
/// Halves height and width, rounding down: a convolution with stride 2, padded by one pixel on the right and at the bottom only, as in training.
/// </summary>
internal sealed record DownsampleStage(string Name, PackedConv2d Weight) : IStage
{
    public Tensor Forward(Tensor x) => x.Conv2d(Weight, 2, new Padding(0, 0, 1, 1));

    public FeatureSize SizeAfter(FeatureSize x) => new(x.Height / 2, x.Width / 2, Weight.Weight.Outputs);

    public long PeakElements(FeatureSize x) => x.Elements + SizeAfter(x).Elements;
}

/// <summary>Doubles height and width by repeating pixels, then convolves.</summary>
internal sealed record UpsampleStage(string Name, PackedConv2d Weight) : IStage
{
    public Tensor Forward(Tensor x) => x.UpsampleNearest2x().Conv2d(Weight, 1, Padding.All(1));

    public FeatureSize SizeAfter(FeatureSize x) => new(2 * x.Height, 2 * x.Width, Weight.Weight.Outputs);

    public long PeakElements(FeatureSize x) => (5 * x.Elements) + SizeAfter(x).Elements;
}

/// <summary>
/// Residual block: two convolutions, each after a normalisation and SiLU, added to the input, which a 1x1 convolution maps if the number of channels
/// changes.
/// </summary>
internal sealed record ResidualStage(
    string Name, FeatureNorm Norm1, PackedConv2d Conv1, FeatureNorm Norm2, PackedConv2d Conv2, PackedLinear? Shortcut) : IStage
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

    public FeatureSize SizeAfter(FeatureSize x) => x with { Channels = Conv2.Weight.Outputs };

    public long PeakElements(FeatureSize x)
    {
        var (input, output) = (x.Elements, SizeAfter(x).Elements);
        return input + output + Math.Max(input, output);
    }

    private static Tensor Convolve(Tensor x, FeatureNorm norm, PackedConv2d convolution)
    {
        using var normalised = norm.Apply(x, Activation.Silu);
        return normalised.Conv2d(convolution, 1, Padding.All(1));
    }
}

/// <summary>Attention of every pixel to every pixel, one head, added to the input.</summary>
internal sealed record AttentionStage(
    string Name, FeatureNorm Norm, PackedLinear Query, PackedLinear Key, PackedLinear Value, PackedLinear Output) : IStage
{
    public Tensor Forward(Tensor x)
    {
        Shape tokens = [x.Shape[0], x.Shape[1] * x.Shape[2], x.Shape[3]];
        var normalised = Norm.Apply(x, Activation.None);
        var (q, k, v) = (normalised.Linear(Query), normalised.Linear(Key), normalised.Linear(Value));
        normalised.Dispose();
        var attended = q.Reshape(tokens).AttendTo(k.Reshape(tokens), v.Reshape(tokens), heads: 1);
        return attended.Linear(Output, new LinearEpilogue(Residual: x.Reshape(tokens))).Reshape(x.Shape);
    }

    public FeatureSize SizeAfter(FeatureSize x) => x;

    public long PeakElements(FeatureSize x) => 6 * x.Elements;
}

/// <summary>The last normalisation, SiLU and convolution.</summary>
internal sealed record OutputStage(string Name, FeatureNorm Norm, PackedConv2d Weight) : IStage
{
    public Tensor Forward(Tensor x) => Norm.Apply(x, Activation.Silu).Conv2d(Weight, 1, Padding.All(1));

    public FeatureSize SizeAfter(FeatureSize x) => x with { Channels = Weight.Weight.Outputs };

    public long PeakElements(FeatureSize x) => (2 * x.Elements) + SizeAfter(x).Elements;
}
