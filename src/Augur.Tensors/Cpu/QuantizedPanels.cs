using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Quantised rows to a panel of singles, sixteen outputs at a time: the blocks become bytes, the bytes change from rows to columns, and then become
/// singles, so that what is turned is a quarter as wide as the result. For processors with AVX2; equal to <see cref="QuantizedRows"/> bit for bit.
/// </summary>
internal static unsafe class QuantizedPanels
{
    /// <summary>Outputs of one call.</summary>
    public const int Outputs = 16;

    /// <summary>Working memory of one call, in floats, at an address that is a multiple of 64 bytes.</summary>
    public const int ScratchFloats = (2 * Numbers / sizeof(float)) + (4 * Outputs * QuantizedBlocks.ChunkScales) + (Outputs * Turned / sizeof(float));

    private const int Depth = QuantizedBlocks.Chunk;
    private const int Numbers = Outputs * Depth; // bytes
    private const int Turned = 32; // bytes of a row that are turned at once

    /// <summary>Whether this processor can.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Widens up to 256 inputs of sixteen outputs.</summary>
    /// <param name="format">Format of the blocks.</param>
    /// <param name="blocks">The first block of the first output.</param>
    /// <param name="rowBytes">Bytes between outputs.</param>
    /// <param name="outputs">Outputs that there are; the others become zero.</param>
    /// <param name="factors">Factors of the outputs, of 8-bit floats only; null: 1.</param>
    /// <param name="depth">Inputs, a whole number of blocks.</param>
    /// <param name="set">The kernels, for turning the scales.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="to">The panel at the first output.</param>
    /// <param name="columns">Floats between inputs in the panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(
        QuantizedFormat format, byte* blocks, long rowBytes, int outputs, float* factors, int depth, in KernelSet set, float* scratch, float* to,
        int columns)
    {
        const int Scales = Outputs * QuantizedBlocks.ChunkScales;
        var numbers = (sbyte*)scratch;
        var turned = numbers + Numbers;
        var scales = (float*)(turned + Numbers);
        var minima = scales + Scales;
        var turnedScales = minima + Scales;
        var turnedMinima = turnedScales + Scales;
        var half = (byte*)(scales + (4 * Scales));
        if (outputs < Outputs)
        {
            new Span<byte>(scratch, ScratchFloats * sizeof(float)).Clear();
        }

        if (format.IsFloat8())
        {
            for (var i = 0; i < outputs; i++, blocks += rowBytes)
            {
                Buffer.MemoryCopy(blocks, numbers + (i * Depth), depth, depth);
                turnedScales[i] = factors == null ? 1 : factors[i];
            }

            Turn((byte*)numbers, depth, half, (byte*)turned);
            SpreadFloat8(format == QuantizedFormat.Float8E5M2, (byte*)turned, depth, turnedScales, to, columns);
            return;
        }

        for (var i = 0; i < outputs; i++, blocks += rowBytes)
        {
            var scale = i * QuantizedBlocks.ChunkScales;
            QuantizedBlocks.Unpack(format, blocks, depth, numbers + (i * Depth), scales + scale, minima + scale);
        }

        var (group, hasMinimum) = (QuantizedBlocks.GroupElements(format), QuantizedBlocks.HasMinimum(format));
        Turn((byte*)numbers, depth, half, (byte*)turned);
        TurnScales(set, scales, turnedScales);
        if (hasMinimum)
        {
            TurnScales(set, minima, turnedMinima);
        }

        for (var k = 0; k < depth; k += group)
        {
            var at = k / group * Outputs;
            var from = turned + (k * Outputs);
            var panel = to + ((long)k * columns);
            if (set.Lanes == Outputs)
            {
                Spread512(from, group, turnedScales + at, hasMinimum ? turnedMinima + at : null, panel, columns);
            }
            else if (hasMinimum)
            {
                SpreadWithMinimum(from, group, turnedScales + at, turnedMinima + at, panel, columns);
            }
            else
            {
                Spread(from, group, turnedScales + at, panel, columns);
            }
        }
    }

    private static void TurnScales(in KernelSet set, float* from, float* to)
    {
        for (var i = 0; i < Outputs; i += set.Lanes)
        {
            for (var j = 0; j < QuantizedBlocks.ChunkScales; j += set.Lanes)
            {
                set.Transpose(from + (i * QuantizedBlocks.ChunkScales) + j, QuantizedBlocks.ChunkScales, to + (j * Outputs) + i, Outputs);
            }
        }
    }

    // Sixteen rows of bytes to columns, 32 bytes at a time in two independent lanes. Interleaving the bytes of rows i and i + 8 to rows 2i and 2i + 1
    // moves the highest bit of a byte's row number to the lowest place of its column number and the columns' highest to the rows' lowest; after four
    // rounds the two numbers have changed places. Two rounds are done at once on four rows.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Turn(byte* rows, int depth, byte* half, byte* to)
    {
        for (var k = 0; k < depth; k += Turned, to += Turned * Outputs)
        {
            for (var i = 0; i < 4; i++)
            {
                var from = rows + (i * Depth) + k;
                var (a, b, c, d) = Interleave(from, 4 * Depth);
                var there = half + (4 * i * Turned);
                a.Store(there);
                b.Store(there + Turned);
                c.Store(there + (2 * Turned));
                d.Store(there + (3 * Turned));
            }

            for (var i = 0; i < 4; i++)
            {
                var (a, b, c, d) = Interleave(half + (i * Turned), 4 * Turned);
                var there = to + (4 * i * Outputs);
                StoreLanes(a, there);
                StoreLanes(b, there + Outputs);
                StoreLanes(c, there + (2 * Outputs));
                StoreLanes(d, there + (3 * Outputs));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<byte> A, Vector256<byte> B, Vector256<byte> C, Vector256<byte> D) Interleave(byte* from, int stride)
    {
        var (r0, r1) = (Vector256.Load(from), Vector256.Load(from + stride));
        var (r2, r3) = (Vector256.Load(from + (2 * stride)), Vector256.Load(from + (3 * stride)));
        var (p0, p1) = (Avx2.UnpackLow(r0, r2), Avx2.UnpackHigh(r0, r2));
        var (p8, p9) = (Avx2.UnpackLow(r1, r3), Avx2.UnpackHigh(r1, r3));
        return (Avx2.UnpackLow(p0, p8), Avx2.UnpackHigh(p0, p8), Avx2.UnpackLow(p1, p9), Avx2.UnpackHigh(p1, p9));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes(Vector256<byte> x, byte* to)
    {
        x.GetLower().Store(to);
        x.GetUpper().Store(to + (Outputs * Outputs));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(sbyte* from, int count, float* scales, float* to, int columns)
    {
        var (s0, s1) = (Vector256.Load(scales), Vector256.Load(scales + 8));
        for (var end = from + (count * Outputs); from < end; from += Outputs, to += columns)
        {
            (QuantizedBlocks.Singles(from) * s0).Store(to);
            (QuantizedBlocks.Singles(from + 8) * s1).Store(to + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SpreadWithMinimum(sbyte* from, int count, float* scales, float* minima, float* to, int columns)
    {
        var (s0, s1) = (Vector256.Load(scales), Vector256.Load(scales + 8));
        var (m0, m1) = (Vector256.Load(minima), Vector256.Load(minima + 8));
        for (var end = from + (count * Outputs); from < end; from += Outputs, to += columns)
        {
            ((QuantizedBlocks.Singles(from) * s0) - m0).Store(to);
            ((QuantizedBlocks.Singles(from + 8) * s1) - m1).Store(to + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread512(sbyte* from, int count, float* scales, float* minima, float* to, int columns)
    {
        var s = Vector512.Load(scales);
        if (minima == null)
        {
            for (var end = from + (count * Outputs); from < end; from += Outputs, to += columns)
            {
                Avx512F.Multiply(Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(from))), s).Store(to);
            }

            return;
        }

        var m = Vector512.Load(minima);
        for (var end = from + (count * Outputs); from < end; from += Outputs, to += columns)
        {
            var product = Avx512F.Multiply(Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(from))), s);
            Avx512F.Subtract(product, m).Store(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SpreadFloat8(bool isHalf, byte* from, int count, float* factors, float* to, int columns)
    {
        var (s0, s1) = (Vector256.Load(factors), Vector256.Load(factors + 8));
        for (var end = from + (count * Outputs); from < end; from += Outputs, to += columns)
        {
            (QuantizedRows.Float8(isHalf, QuantizedBlocks.Integers(from)) * s0).Store(to);
            (QuantizedRows.Float8(isHalf, QuantizedBlocks.Integers(from + 8)) * s1).Store(to + 8);
        }
    }
}
