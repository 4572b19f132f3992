using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Augur.Tensors.Cpu;

/// <summary>Quantised numbers to singles along a row. Equal, bit for bit, to the formulas in <see cref="Reference.QuantizedFormula"/>.</summary>
internal static unsafe class QuantizedRows
{
    /// <summary>Writes whole blocks' numbers.</summary>
    /// <param name="format">Format of the blocks.</param>
    /// <param name="blocks">The first block.</param>
    /// <param name="count">Numbers, a whole number of blocks.</param>
    /// <param name="factor">Factor on all numbers; for 8-bit floats only.</param>
    /// <param name="to">Receives the numbers.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(QuantizedFormat format, byte* blocks, int count, float factor, float* to)
    {
        if (format.IsFloat8())
        {
            WidenFloat8(format, blocks, count, factor, to);
            return;
        }

        var numbers = stackalloc sbyte[QuantizedBlocks.Chunk];
        var scales = stackalloc float[2 * QuantizedBlocks.ChunkScales];
        var minima = scales + QuantizedBlocks.ChunkScales;
        var (hasMinimum, group) = (QuantizedBlocks.HasMinimum(format), QuantizedBlocks.GroupElements(format));
        for (var done = 0; done < count; done += QuantizedBlocks.Chunk)
        {
            var here = Math.Min(QuantizedBlocks.Chunk, count - done);
            QuantizedBlocks.Unpack(format, blocks, here, numbers, scales, minima);
            blocks += format.RowBytes(here);
            for (var i = 0; i < here; i += 8)
            {
                var value = QuantizedBlocks.Singles(numbers + i) * Vector256.Create(scales[i / group]);
                (hasMinimum ? value - Vector256.Create(minima[i / group]) : value).Store(to + done + i);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WidenFloat8(QuantizedFormat format, byte* x, int count, float factor, float* to)
    {
        var scale = Vector256.Create(factor);
        var isHalf = format == QuantizedFormat.Float8E5M2;
        var last = stackalloc byte[8];
        var lanes = stackalloc float[8];
        for (var i = 0; i < count; i += 8)
        {
            var inside = Math.Min(8, count - i);
            var from = x + i;
            if (inside < 8)
            {
                new ReadOnlySpan<byte>(x + i, inside).CopyTo(new Span<byte>(last, 8));
                from = last;
            }

            var value = Float8(isHalf, QuantizedBlocks.Integers(from)) * scale;
            if (inside == 8)
            {
                value.Store(to + i);
                continue;
            }

            value.Store(lanes);
            new ReadOnlySpan<float>(lanes, inside).CopyTo(new Span<float>(to + i, inside));
        }
    }

    /// <summary>8-bit floats, one in each lane, as singles: with 5 bits of exponent (the upper byte of a half), or with 4.</summary>
    // A normal number's exponent moves from bias 7 to 127; a subnormal one is read as 2⁻⁶ · (1 + fraction) and has 2⁻⁶ taken away, which is exact.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Float8(bool isHalf, Vector256<int> bits)
    {
        if (isHalf)
        {
            return QuantizedBlocks.FromHalf(bits << 8);
        }

        var magnitude = bits & Vector256.Create(0x7f);
        var shifted = magnitude << 20;
        var normal = shifted + Vector256.Create(120 << 23);
        var subnormal = (shifted + Vector256.Create(121 << 23)).AsSingle() - Vector256.Create(121 << 23).AsSingle();
        var value = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(8)), subnormal.AsInt32(), normal);
        value = Vector256.ConditionalSelect(Vector256.Equals(magnitude, Vector256.Create(0x7f)), Vector256.Create(0x7fc00000), value);
        return (value | ((bits ^ magnitude) << 24)).AsSingle();
    }
}
