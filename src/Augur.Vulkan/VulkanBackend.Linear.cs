using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <content>Products with packed weights, and convolutions as products over patches.</content>
public sealed partial class VulkanBackend
{
    private enum Products
    {
        Plain,
        Matrix,
        Convolution,
        MatrixConvolution,
    }

    // 32 where it can be had: matrix units of several vendors work in that size only.
    private uint MatrixSubgroup =>
        Device.Properties.LeastSubgroup <= 32 && Device.Properties.LargestSubgroup >= 32 ? 32 : Device.Properties.SubgroupSize;

    private uint SharedBytes => Device.Properties.Limits.MaxComputeSharedMemorySize;

    /// <inheritdoc/>
    /// <remarks>The sums of an output run over the inputs in one order, whatever the number of rows.</remarks>
    /// <exception cref="ArgumentException">The weight is another backend's, or the output is an operand.</exception>
    public void Linear(Tensor x, PackedLinear weight, LinearEpilogue epilogue, Tensor y)
    {
        const string Operation = nameof(Linear);
        var packed = Own(weight, Operation);
        var (from, to) = (View(x, Operation), Output(y, Operation));
        var (gate, residual) = (ViewOptional(epilogue.Gate, Operation), ViewOptional(epilogue.Residual, Operation));
        if (to.Address == from.Address || to.Address == residual?.Address)
        {
            throw new ArgumentException($"Linear: the output {y} is one of the operands.");
        }

        var arguments = new LinearArguments
        {
            Finish = (gate?.TypeCode ?? 0) | ((residual?.TypeCode ?? 0) << 4) | (Flag(gate is not null) << 9) | (Flag(residual is not null) << 10),
            Gate = gate?.Address ?? 0,
            Residual = residual?.Address ?? 0,
            ResidualStride = residual?.Stride ?? 0,
            GateStride = gate?.Stride ?? 0,
            RowsPerEntry = RowsPerEntry(y),
        };
        Product(UsesMatrixUnit ? Products.Matrix : Products.Plain, from, packed, epilogue.Activation, arguments, to, from.Rows,
            [from.Range, gate?.Range ?? default, residual?.Range ?? default]);
    }

    /// <inheritdoc/>
    public void Conv2d(Tensor x, PackedConv2d weight, int stride, Padding padding, Tensor y)
    {
        const string Operation = nameof(Conv2d);
        var packed = Own(weight.Weight, Operation);
        var (from, to) = (View(x, Operation), Output(y, Operation));
        if (Math.Max(padding.Top, padding.Left) > ushort.MaxValue)
        {
            throw new NotSupportedException($"Conv2d: {padding} is more than {ushort.MaxValue} pixels.");
        }

        var arguments = new LinearArguments
        {
            ConvHeight = (uint)x.Shape[1],
            ConvWidth = (uint)x.Shape[2],
            ConvChannels = (uint)x.Shape[3],
            ConvOutWidth = (uint)y.Shape[2],
            ConvOutHeight = (uint)y.Shape[1],
            ConvKernelWidth = (uint)weight.KernelWidth,
            ConvStride = (uint)stride,
            ConvPadding = ((uint)padding.Top << 16) | (uint)padding.Left,
        };
        Product(UsesMatrixUnit ? Products.MatrixConvolution : Products.Convolution, from, packed, Activation.None, arguments, to, to.Rows,
            [from.Range]);
    }

    private void Product(Products kind, Operand x, VulkanWeight weight, Activation activation, LinearArguments arguments, Operand y, uint rows,
        DeviceRange[] reads)
    {
        if (rows > 0)
        {
            WithWeight(weight, values => Product(kind, x, weight, values, activation, arguments, y, rows, reads));
        }
    }

    private void Product(Products kind, Operand x, VulkanWeight weight, WeightView values, Activation activation, LinearArguments arguments,
        Operand y, uint rows, DeviceRange[] reads)
    {
        var (outputs, inputs) = ((uint)weight.Outputs, (uint)weight.Inputs);
        var stored = weight.Stored;
        arguments.X = x.Address;
        arguments.W = values.Address;
        arguments.Scales = stored.Scales is { } scales ? scales.Address + (weight.First * sizeof(float)) : 0;
        arguments.Bias = stored.Bias is { } bias ? bias.Address + (weight.First * sizeof(float)) : 0;
        arguments.Y = y.Address;
        (arguments.M, arguments.N, arguments.K) = (rows, outputs, inputs);
        (arguments.XStride, arguments.YStride, arguments.FirstOutput) = (x.Stride, y.Stride, values.FirstOutput);
        arguments.Finish |= Flag(stored.Bias is not null) << 8;

        var (isMatrix, isConvolution) = (IsMatrix(kind), kind is Products.Convolution or Products.MatrixConvolution);
        var vector = isMatrix ? 8u : 4;
        var isDense = weight.Format is null;
        var alignedW = isDense && inputs % vector == 0 && values.Address % Math.Min(16, vector * (uint)weight.Type.Size()) == 0;
        var alignedX = isConvolution ? arguments.ConvChannels % vector == 0 && x.Address % 16 == 0
            : inputs % vector == 0 && x.Stride % vector == 0 && x.Address % Math.Min(16, vector * (uint)x.Type.Size()) == 0;
        var (name, subgroup, threads, bm, bn, tm, tn) = Tile(kind, rows, outputs);
        var pipeline = Device.Kernels.Get(
            name, subgroup, threads, bm, bn, tm, tn, weight.FormatCode, x.TypeCode, y.TypeCode, Flag(alignedX), Flag(alignedW),
            (uint)activation);
        DeviceRange[] all = [.. reads, values.Span.Range, stored.Bias?.Range ?? default, stored.Scales?.Range ?? default];
        _queue.Dispatch(pipeline, arguments, (Groups(outputs, bn), Groups(rows, bm), 1), all, [y.Range],
            2.0 * rows * outputs * inputs * (isMatrix ? 1 : PlainFactor));
    }

    // Rows and columns of a workgroup's outputs, and of a thread's or, on the matrix unit, a subgroup's. What does not fit into shared memory is not
    // refused by every driver, but wrong; so sizes are counted: two tiles, and on the matrix unit a place for the sums of each subgroup.
    private (string Name, uint Subgroup, uint Threads, uint Bm, uint Bn, uint Tm, uint Tn) Tile(Products kind, uint rows, uint outputs)
    {
        if (IsMatrix(kind))
        {
            var subgroup = MatrixSubgroup;
            var isLarge = rows > 64 && outputs > 64 && MatrixBytes(128, 128, 64, 32) <= SharedBytes && 8 * subgroup <= MostThreads;
            var (bm, bn, wm, wn) = isLarge ? (128u, 128u, 64u, 32u) : (64u, 64u, 32u, 32u);
            var matrix = (kind == Products.Matrix ? "linear" : "conv") + (Device.Unit == MatrixUnit.Emulated ? "_emulated" : "_mma");
            return (matrix, subgroup, bm / wm * (bn / wn) * subgroup, bm, bn, wm, wn);
        }

        var name = kind == Products.Convolution ? "conv" : "linear";
        if (rows <= 16)
        {
            return (name, 0u, 64u, 16u, 64u, 4u, 4u);
        }

        // Eight by eight sums per thread pay on devices with many registers.
        return Device.Properties.SubgroupSize > 8 && rows > 64 && outputs > 64
            ? (name, 0u, 256u, 128u, 128u, 8u, 8u) : (name, 0u, 256u, 64u, 64u, 4u, 4u);

        static uint MatrixBytes(uint bm, uint bn, uint wm, uint wn) => (2 * (bm + bn) * 5 * 16) + (bm / wm * (bn / wn) * 1024);
    }

    private static bool IsMatrix(Products kind) => kind is Products.Matrix or Products.MatrixConvolution;

    // A device whose rate was learned on its matrix unit takes longer for the same number of operations without it.
    private double PlainFactor => UsesMatrixUnit ? 10 : 1;

    private uint MostThreads => Device.Properties.Limits.MaxComputeWorkGroupInvocations;

    // One layout for linear maps and convolutions: what follows Finish is either's.
    [StructLayout(LayoutKind.Explicit, Size = 116)]
    private struct LinearArguments
    {
        [FieldOffset(0)]
        public ulong X;
        [FieldOffset(8)]
        public ulong W;
        [FieldOffset(16)]
        public ulong Scales;
        [FieldOffset(24)]
        public ulong Bias;
        [FieldOffset(32)]
        public ulong Y;
        [FieldOffset(40)]
        public ulong Gate;
        [FieldOffset(48)]
        public ulong Residual;
        [FieldOffset(56)]
        public uint M;
        [FieldOffset(60)]
        public uint N;
        [FieldOffset(64)]
        public uint K;
        [FieldOffset(68)]
        public uint XStride;
        [FieldOffset(72)]
        public uint YStride;
        [FieldOffset(76)]
        public uint FirstOutput;
        [FieldOffset(80)]
        public uint Finish;
        [FieldOffset(84)]
        public uint ResidualStride;
        [FieldOffset(88)]
        public uint GateStride;
        [FieldOffset(92)]
        public uint RowsPerEntry;
        [FieldOffset(84)]
        public uint ConvHeight;
        [FieldOffset(88)]
        public uint ConvWidth;
        [FieldOffset(92)]
        public uint ConvChannels;
        [FieldOffset(96)]
        public uint ConvOutWidth;
        [FieldOffset(100)]
        public uint ConvOutHeight;
        [FieldOffset(104)]
        public uint ConvKernelWidth;
        [FieldOffset(108)]
        public uint ConvStride;
        [FieldOffset(112)]
        public uint ConvPadding;
    }
}
