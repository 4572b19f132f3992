using Augur.Tensors;

namespace Augur.Decoding.Causal;

/// <summary>
/// A convolution over three frames, the current one and the two before it, of which there are none before the first: three convolutions of pictures,
/// one for each frame that is read. A single picture needs the last.
/// </summary>
/// <param name="BeforeLast">Of the frame two before.</param>
/// <param name="Before">Of the frame before.</param>
/// <param name="Current">Of the frame itself, with the bias.</param>
internal sealed record CausalConvolution(PackedConv2d BeforeLast, PackedConv2d Before, PackedConv2d Current)
{
    /// <summary>Channels of the result.</summary>
    public int Outputs => Current.Weight.Outputs;

    /// <summary>[frames, height, width, channels] → [frames, height, width, outputs].</summary>
    public Tensor Apply(Tensor x)
    {
        var y = x.Conv2d(Current, 1, Padding.All(1));
        AddEarlier(x, y, 1, part => part.Conv2d(Before, 1, Padding.All(1)));
        AddEarlier(x, y, 2, part => part.Conv2d(BeforeLast, 1, Padding.All(1)));
        return y;
    }

    /// <summary>Adds to each frame what a map makes of an earlier one.</summary>
    public static void AddEarlier(Tensor x, Tensor y, int back, Func<Tensor, Tensor> map)
    {
        var frames = x.Shape[0];
        if (frames > back)
        {
            using var earlier = map(x.Rows(0, frames - back));
            var later = y.Rows(back, frames - back);
            later.CombineInPlace([later, earlier], [1, 1]);
        }
    }
}

/// <summary>A map over three frames of each pixel: as <see cref="CausalConvolution"/>, without neighbours.</summary>
internal sealed record CausalMap(PackedLinear BeforeLast, PackedLinear Before, PackedLinear Current)
{
    /// <summary>[frames, height, width, channels] → [frames, height, width, outputs], of nothing before the first frame.</summary>
    public Tensor Apply(Tensor x)
    {
        var y = x.Linear(Current);
        CausalConvolution.AddEarlier(x, y, 1, part => part.Linear(Before));
        CausalConvolution.AddEarlier(x, y, 2, part => part.Linear(BeforeLast));
        return y;
    }
}

/// <summary>x / ‖x‖ · √channels · weight, of each pixel.</summary>
/// <param name="Weight">[channels].</param>
internal sealed record PixelNorm(Tensor Weight)
{
    // The length is at least 1e-12 in the original: only pixels that are 0 throughout notice.
    private const float Epsilon = 1e-30f;

    public Tensor Apply(Tensor x, Activation activation)
    {
        var normed = x.RmsNorm(Weight, Epsilon);
        if (activation == Activation.None)
        {
            return normed;
        }

        using (normed)
        {
            return normed.Activate(activation);
        }
    }
}
