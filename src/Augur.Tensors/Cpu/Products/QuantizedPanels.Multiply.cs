using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <content>Products of few rows, without a panel in memory.</content>
internal static unsafe partial class QuantizedPanels
{
    /// <summary>Rows of which <see cref="Multiply"/> takes so many at most.</summary>
    public const int FewRows = 4;

    /// <summary>
    /// Products of at most <see cref="FewRows"/> rows with up to 256 inputs of sixteen outputs, widened on the way: so few rows do not make up for
    /// a panel in memory. Not for 8-bit floats. The sums have the bits of <see cref="Widen"/> followed by a micro-kernel.
    /// </summary>
    /// <param name="outputs">What is widened.</param>
    /// <param name="depth">Inputs, a whole number of blocks.</param>
    /// <param name="set">The kernels, for turning the scales.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="a">The rows, <see cref="MicroKernels.RowStride"/> floats apart.</param>
    /// <param name="rows">How many.</param>
    /// <param name="c">The sums, which grow.</param>
    /// <param name="stride">Floats between rows of sums.</param>
    /// <param name="bias">What the sums begin with; null: what they are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        in QuantizedOutputs outputs, int depth, in KernelSet set, float* scratch, float* a, int rows, float* c, nint stride, float* bias)
    {
        TurnBlocks(outputs, depth, set, scratch);
        var minima = Scales0(scratch) + Scales;
        if (!QuantizedBlocks.HasMinimum(outputs.Format))
        {
            new Span<float>(minima, Scales).Clear(); // taking zero away changes no bit
        }

        var group = QuantizedBlocks.GroupElements(outputs.Format);
        if (rows == 1)
        {
            MultiplyOne(Turned0(scratch), depth, group, Scales0(scratch), minima, a, c, bias);
        }
        else
        {
            MultiplyFew(Turned0(scratch), depth, group, Scales0(scratch), minima, a, rows, c, stride, bias);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyOne(sbyte* from, int depth, int group, float* scales, float* minima, float* a, float* c, float* bias)
    {
        var start = bias != null ? bias : c;
        var (c0, c1) = (Vector256.Load(start), Vector256.Load(start + 8));
        for (var end = a + depth; a < end; scales += Outputs, minima += Outputs)
        {
            var (s0, s1) = (Vector256.Load(scales), Vector256.Load(scales + 8));
            var (m0, m1) = (Vector256.Load(minima), Vector256.Load(minima + 8));
            for (var last = a + group; a < last; a++, from += Outputs)
            {
                var x = Vector256.Create(*a);
                c0 = Fma.MultiplyAdd(x, (QuantizedBlocks.Singles(from) * s0) - m0, c0);
                c1 = Fma.MultiplyAdd(x, (QuantizedBlocks.Singles(from + 8) * s1) - m1, c1);
            }
        }

        c0.Store(c);
        c1.Store(c + 8);
    }

    // Two to four rows; where there are fewer than four, the last ones repeat the first and are not written.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFew(
        sbyte* from, int depth, int group, float* scales, float* minima, float* a, int rows, float* c, nint stride, float* bias)
    {
        var (second, third, fourth) = (MicroKernels.RowStride, rows > 2 ? 2 * MicroKernels.RowStride : 0, rows > 3 ? 3 * MicroKernels.RowStride : 0);
        var start = bias != null ? bias : c;
        var step = bias != null ? 0 : stride;
        var (c00, c01) = (Vector256.Load(start), Vector256.Load(start + 8));
        var (c10, c11) = (Vector256.Load(start + step), Vector256.Load(start + step + 8));
        start += rows > 2 ? 2 * step : 0;
        var (c20, c21) = (Vector256.Load(start), Vector256.Load(start + 8));
        start += rows > 3 ? step : 0;
        var (c30, c31) = (Vector256.Load(start), Vector256.Load(start + 8));
        for (var end = a + depth; a < end; scales += Outputs, minima += Outputs)
        {
            for (var last = a + group; a < last; a++, from += Outputs)
            {
                var w0 = (QuantizedBlocks.Singles(from) * Vector256.Load(scales)) - Vector256.Load(minima);
                var w1 = (QuantizedBlocks.Singles(from + 8) * Vector256.Load(scales + 8)) - Vector256.Load(minima + 8);
                var x = Vector256.Create(*a);
                (c00, c01) = (Fma.MultiplyAdd(x, w0, c00), Fma.MultiplyAdd(x, w1, c01));
                x = Vector256.Create(a[second]);
                (c10, c11) = (Fma.MultiplyAdd(x, w0, c10), Fma.MultiplyAdd(x, w1, c11));
                x = Vector256.Create(a[third]);
                (c20, c21) = (Fma.MultiplyAdd(x, w0, c20), Fma.MultiplyAdd(x, w1, c21));
                x = Vector256.Create(a[fourth]);
                (c30, c31) = (Fma.MultiplyAdd(x, w0, c30), Fma.MultiplyAdd(x, w1, c31));
            }
        }

        c00.Store(c);
        c01.Store(c + 8);
        c10.Store(c + stride);
        c11.Store(c + stride + 8);
        if (rows > 2)
        {
            c20.Store(c + (2 * stride));
            c21.Store(c + (2 * stride) + 8);
        }

        if (rows > 3)
        {
            c30.Store(c + (3 * stride));
            c31.Store(c + (3 * stride) + 8);
        }
    }
}
