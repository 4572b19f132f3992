using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Quantised rows to a panel of singles, sixteen outputs at a time: the blocks become bytes, the bytes change from rows to columns, and then become
/// singles, so that what is turned is a quarter as wide as the result. For processors with AVX2; equal to <see cref="QuantizedRows"/> bit for bit.
/// </summary>
internal static unsafe partial class QuantizedPanels
{
    /// <summary>Outputs of one call.</summary>
    public const int Outputs = 16;

    /// <summary>Working memory of one call, in floats, at an address that is a multiple of 64 bytes.</summary>
    public const int ScratchFloats = (2 * Numbers / sizeof(float)) + (4 * Outputs * QuantizedBlocks.ChunkScales) + (Outputs * Turned / sizeof(float));

    private const int Depth = QuantizedBlocks.Chunk;
    private const int Numbers = Outputs * Depth; // bytes
    private const int Turned = 32; // bytes of a row that are turned at once
    private const int Scales = Outputs * QuantizedBlocks.ChunkScales; // floats

    /// <summary>Whether this processor can.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    /// <summary>Widens up to 256 inputs of sixteen outputs.</summary>
    /// <param name="rows">What is widened.</param>
    /// <param name="depth">Inputs, a whole number of blocks.</param>
    /// <param name="set">The kernels, for turning the scales.</param>
    /// <param name="scratch">Working memory.</param>
    /// <param name="to">The panel at the first output.</param>
    /// <param name="columns">Floats between inputs in the panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(in QuantizedOutputs rows, int depth, in KernelSet set, float* scratch, float* to, int columns)
    {
        var format = rows.Format;
        var turned = Turned0(scratch);
        var scales = Scales0(scratch);
        var minima = scales + Scales;
        if (format.IsFloat8())
        {
            TurnFloat8(rows, depth, scratch);
            SpreadFloat8(format == QuantizedFormat.Float8E5M2, (byte*)turned, depth, scales, to, columns);
            return;
        }

        TurnBlocks(rows, depth, set, scratch);
        var (group, hasMinimum) = (QuantizedBlocks.GroupElements(format), QuantizedBlocks.HasMinimum(format));
        for (var k = 0; k < depth; k += group)
        {
            var at = k / group * Outputs;
            var from = turned + (k * Outputs);
            var panel = to + ((long)k * columns);
            if (set.Lanes == Outputs)
            {
                Spread512(from, group, scales + at, hasMinimum ? minima + at : null, panel, columns);
            }
            else if (hasMinimum)
            {
                SpreadWithMinimum(from, group, scales + at, minima + at, panel, columns);
            }
            else
            {
                Spread(from, group, scales + at, panel, columns);
            }
        }
    }

    // The next outputs' blocks, which lie in short pieces far apart; beyond the end nothing happens.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(byte* blocks, long count)
    {
        for (long i = 0; i < count; i += 64)
        {
            Sse.Prefetch0(blocks + i);
        }
    }

    private static sbyte* Turned0(float* scratch) => (sbyte*)scratch + Numbers;

    private static float* Scales0(float* scratch) => (float*)((byte*)scratch + (2 * Numbers));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnFloat8(in QuantizedOutputs rows, int depth, float* scratch)
    {
        var blocks = rows.Blocks;
        var numbers = (byte*)scratch;
        var scales = Scales0(scratch);
        for (var i = 0; i < Outputs; i++, blocks += rows.RowBytes, numbers += Depth)
        {
            Fetch(blocks + (Outputs * rows.RowBytes), depth);
            var isThere = i < rows.Count;
            var length = isThere ? depth : 0;
            new ReadOnlySpan<byte>(blocks, length).CopyTo(new Span<byte>(numbers, Depth));
            new Span<byte>(numbers + length, Depth - length).Clear();
            scales[i] = !isThere ? 0 : rows.Factors == null ? 1 : rows.Factors[i];
        }

        Turn((byte*)scratch, depth, (byte*)(scales + (4 * Scales)), (byte*)Turned0(scratch));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TurnBlocks(in QuantizedOutputs rows, int depth, in KernelSet set, float* scratch)
    {
        if (rows.Count < Outputs)
        {
            new Span<byte>(scratch, ScratchFloats * sizeof(float)).Clear();
        }

        var blocks = rows.Blocks;
        var numbers = (sbyte*)scratch;
        var turnedScales = Scales0(scratch);
        var scales = turnedScales + (2 * Scales);
        var chunk = rows.Format.RowBytes(depth);
        for (var i = 0; i < rows.Count; i++, blocks += rows.RowBytes)
        {
            Fetch(blocks + (Outputs * rows.RowBytes), chunk);
            var at = i * QuantizedBlocks.ChunkScales;
            QuantizedBlocks.Unpack(rows.Format, blocks, depth, numbers + (i * Depth), scales + at, scales + Scales + at);
        }

        Turn((byte*)numbers, depth, (byte*)(turnedScales + (4 * Scales)), (byte*)Turned0(scratch));
        TurnScales(set, scales, turnedScales);
        if (QuantizedBlocks.HasMinimum(rows.Format))
        {
            TurnScales(set, scales + Scales, turnedScales + Scales);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
                Interleave(rows + (i * Depth) + k, 4 * Depth, half + (4 * i * Turned), Turned, inHalves: false);
            }

            for (var i = 0; i < 4; i++)
            {
                Interleave(half + (i * Turned), 4 * Turned, to + (4 * i * Outputs), Outputs, inHalves: true);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Interleave(byte* from, int stride, byte* to, int toStride, bool inHalves)
    {
        var r0 = Vector256.Load(from);
        var r1 = Vector256.Load(from + stride);
        var r2 = Vector256.Load(from + (2 * stride));
        var r3 = Vector256.Load(from + (3 * stride));
        var p0 = Avx2.UnpackLow(r0, r2);
        var p1 = Avx2.UnpackHigh(r0, r2);
        var p8 = Avx2.UnpackLow(r1, r3);
        var p9 = Avx2.UnpackHigh(r1, r3);
        Store(Avx2.UnpackLow(p0, p8), to, inHalves);
        Store(Avx2.UnpackHigh(p0, p8), to + toStride, inHalves);
        Store(Avx2.UnpackLow(p1, p9), to + (2 * toStride), inHalves);
        Store(Avx2.UnpackHigh(p1, p9), to + (3 * toStride), inHalves);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<byte> x, byte* to, bool inHalves)
    {
        if (!inHalves)
        {
            x.Store(to);
            return;
        }

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
