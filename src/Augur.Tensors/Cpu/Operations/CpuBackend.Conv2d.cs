namespace Augur.Tensors.Cpu;

/// <content>Convolution as a product over patches.</content>
public sealed unsafe partial class CpuBackend
{
    private const long PatchBytes = 8 << 20; // of one block of patches: enough rows for the product, whatever the image's size

    /// <inheritdoc/>
    /// <remarks>
    /// A block of output pixels at a time has its patches laid out as rows, which the product of Linear multiplies; as a row's product does not
    /// depend on the other rows, neither does a pixel on how the blocks fall. A 1x1 kernel of stride 1 needs no patches.
    /// </remarks>
    public override void Conv2d(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y)
    {
        if (weight.KernelHeight == 1 && weight.KernelWidth == 1 && stride == 1 && padding == default)
        {
            Linear(x, weight.Weight, default, y);
            return;
        }

        if (x.Type.IsHalf() || y.Type.IsHalf())
        {
            Conv2dOfHalves(x, weight, stride, padding, y);
            return;
        }

        var pixels = checked((int)y.Shape.Rows);
        if (y.Shape.ElementCount == 0)
        {
            return;
        }

        var packed = Own(weight.Weight);
        var blockPixels = (int)Math.Clamp(PatchBytes / sizeof(float) / packed.Inputs, 1, pixels);
        using var patches = new Scratch(this, (long)blockPixels * packed.Inputs * sizeof(float));
        var kernel = new PatchKernel(x, weight, stride, padding, y, (float*)patches.Pointer);
        for (var first = 0; first < pixels; first += blockPixels)
        {
            var count = Math.Min(blockPixels, pixels - first);
            kernel.FirstPixel = first;
            kernel.Walk = RowWalk.ByRow([count, packed.Inputs]);
            RunPlain(kernel, kernel.Walk.Tiles);
            var product = new LinearProduct(packed)
            {
                X = (float*)patches.Pointer,
                XStride = packed.Inputs,
                Y = (float*)Address(y) + ((long)first * packed.Outputs),
                YStride = packed.Outputs,
                Rows = count,
            };
            RunLinear(ref product);
        }

        GC.KeepAlive(x);
        GC.KeepAlive(weight);
        GC.KeepAlive(y);
    }

    // Apart, so that the other way allocates no closure.
    private void Conv2dOfHalves(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y) =>
        InSingles([x], y, (wide, to) => Conv2d(wide[0], weight, stride, padding, to));

    /// <summary>Copies the patch under each of a range of output pixels, zero outside the image.</summary>
    private struct PatchKernel(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y, float* patches) : IPlainTileKernel
    {
        private readonly float* _x = (float*)Address(x);
        private readonly int _height = x.Shape[1];
        private readonly int _width = x.Shape[2];
        private readonly int _channels = weight.Channels;
        private readonly int _kernelHeight = weight.KernelHeight;
        private readonly int _kernelWidth = weight.KernelWidth;
        private readonly int _outHeight = y.Shape[1];
        private readonly int _outWidth = y.Shape[2];

        public RowWalk Walk { get; set; }

        public long FirstPixel { get; set; }

        public readonly void Run(int tile)
        {
            var (row, end) = Walk.Tile(tile);
            var patch = patches + (row * _kernelHeight * _kernelWidth * _channels);
            for (; row < end; row++)
            {
                var (line, outColumn) = Math.DivRem(FirstPixel + row, _outWidth);
                var (image, outRow) = Math.DivRem(line, _outHeight);
                var top = (outRow * stride) - padding.Top;
                var left = (outColumn * stride) - padding.Left;
                for (var ky = 0; ky < _kernelHeight; ky++)
                {
                    CopyLine(image, top + ky, left, new Span<float>(patch, _kernelWidth * _channels));
                    patch += _kernelWidth * _channels;
                }
            }
        }

        private readonly void CopyLine(long image, long row, long left, Span<float> to)
        {
            var begin = (int)Math.Clamp(-left, 0, _kernelWidth); // columns of the patch before the image,
            var end = (int)Math.Clamp(_width - left, begin, _kernelWidth); // and up to its end
            if (row < 0 || row >= _height || begin == end)
            {
                to.Clear();
                return;
            }

            var from = _x + (((((image * _height) + row) * _width) + left + begin) * _channels);
            to[..(begin * _channels)].Clear();
            new ReadOnlySpan<float>(from, (end - begin) * _channels).CopyTo(to[(begin * _channels)..]);
            to[(end * _channels)..].Clear();
        }
    }
}
