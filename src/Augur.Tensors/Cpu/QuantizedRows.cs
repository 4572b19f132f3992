using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Quantised numbers to singles, 256 at a time: the bits of a block become small integers, sixteen by sixteen, and those are multiplied by their
/// scales. Equal, bit for bit, to the formulas in <see cref="Reference.QuantizedFormula"/> on every processor.
/// </summary>
internal static unsafe class QuantizedRows
{
    private const int Chunk = 256;
    private const int Group = 16; // numbers that share a scale at least

    private static readonly Vector128<sbyte> s_fourBitValues =
        Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /// <summary>Writes whole blocks' numbers.</summary>
    /// <param name="format">Format of the blocks.</param>
    /// <param name="blocks">The first block.</param>
    /// <param name="count">Numbers, a whole number of blocks.</param>
    /// <param name="factor">Factor on all numbers; for 8-bit floats only.</param>
    /// <param name="to">Receives the numbers.</param>
    public static void Widen(QuantizedFormat format, byte* blocks, int count, float factor, float* to)
    {
        if (format == QuantizedFormat.Float8E4M3)
        {
            WidenFloat8(blocks, count, factor, to);
            return;
        }

        var (elements, bytes) = (format.BlockElements(), format.BlockBytes());
        var block = new Unpacked();
        for (var done = 0; done < count; done += Chunk)
        {
            var here = Math.Min(Chunk, count - done);
            if (elements == Chunk)
            {
                Unpack256(format, blocks, ref block);
                blocks += bytes;
            }
            else
            {
                for (var i = 0; i < here; i += elements, blocks += bytes)
                {
                    Unpack32(format, blocks, ref block, i);
                }
            }

            if (HasMinimum(format))
            {
                ScaleWithMinimum(ref block, here, to + done);
            }
            else
            {
                Scale(ref block, here, to + done);
            }
        }
    }

    private static bool HasMinimum(QuantizedFormat format) =>
        format is QuantizedFormat.Q4_1 or QuantizedFormat.Q5_1 or QuantizedFormat.Q2_K or QuantizedFormat.Q4_K or QuantizedFormat.Q5_K;

    private static void Unpack32(QuantizedFormat format, byte* b, ref Unpacked to, int at)
    {
        Vector128<byte> low, high;
        float scale = Half(b), minimum = 0;
        switch (format)
        {
            case QuantizedFormat.Q4_0:
                (low, high) = Nibbles(b + 2);
                (low, high) = (low - Vector128.Create((byte)8), high - Vector128.Create((byte)8));
                break;
            case QuantizedFormat.Q4_1:
                (low, high) = Nibbles(b + 4);
                minimum = -Half(b + 2);
                break;
            case QuantizedFormat.Q5_0:
                (low, high) = Nibbles(b + 6);
                (low, high) = (low | Sixteens(b + 2), high | Sixteens(b + 4));
                (low, high) = (low - Vector128.Create((byte)16), high - Vector128.Create((byte)16));
                break;
            case QuantizedFormat.Q5_1:
                (low, high) = Nibbles(b + 8);
                (low, high) = (low | Sixteens(b + 4), high | Sixteens(b + 6));
                minimum = -Half(b + 2);
                break;
            case QuantizedFormat.Q8_0:
                (low, high) = (Vector128.Load(b + 2), Vector128.Load(b + 18));
                break;
            default:
                (low, high) = Nibbles(b + 2);
                (low, high) = (FourBitValues(low), FourBitValues(high));
                break;
        }

        fixed (sbyte* numbers = to.Numbers)
        {
            low.AsSByte().Store(numbers + at);
            high.AsSByte().Store(numbers + at + Group);
        }

        to.SetScale(at / Group, 2, scale, minimum);
    }

    private static void Unpack256(QuantizedFormat format, byte* b, ref Unpacked to)
    {
        fixed (sbyte* numbers = to.Numbers)
        {
            switch (format)
            {
                case QuantizedFormat.Q2_K:
                    UnpackQ2K(b, numbers, ref to);
                    break;
                case QuantizedFormat.Q3_K:
                    UnpackQ3K(b, numbers, ref to);
                    break;
                case QuantizedFormat.Q4_K:
                    UnpackQ4K(b, numbers, ref to);
                    break;
                case QuantizedFormat.Q5_K:
                    UnpackQ5K(b, numbers, ref to);
                    break;
                case QuantizedFormat.Q6_K:
                    UnpackQ6K(b, numbers, ref to);
                    break;
                default:
                    UnpackIq4Xs(b, numbers, ref to);
                    break;
            }
        }
    }

    private static void UnpackQ2K(byte* b, sbyte* numbers, ref Unpacked to)
    {
        for (var part = 0; part < 4; part++) // half a row of 32 bytes in each half of the block
        {
            var pairs = Vector128.Load(b + 16 + (part * Group));
            var first = numbers + (part / 2 * 128) + (part % 2 * Group);
            for (var j = 0; j < 4; j++)
            {
                (ShiftRight(pairs, 2 * j) & Vector128.Create((byte)3)).AsSByte().Store(first + (32 * j));
            }
        }

        float scale = Half(b + 80), minimum = Half(b + 82);
        for (var i = 0; i < Chunk / Group; i++)
        {
            to.SetScale(i, 1, scale * (b[i] & 15), minimum * (b[i] >> 4));
        }
    }

    private static void UnpackQ3K(byte* b, sbyte* numbers, ref Unpacked to)
    {
        for (var part = 0; part < 4; part++)
        {
            var pairs = Vector128.Load(b + 32 + (part * Group));
            var thirds = Vector128.Load(b + (part % 2 * Group));
            var first = numbers + (part / 2 * 128) + (part % 2 * Group);
            for (var j = 0; j < 4; j++)
            {
                var q = ShiftRight(pairs, 2 * j) & Vector128.Create((byte)3);
                var isClear = Vector128.Equals(thirds & Vector128.Create((byte)(1 << ((part / 2 * 4) + j))), Vector128<byte>.Zero);
                (q - (isClear & Vector128.Create((byte)4))).AsSByte().Store(first + (32 * j));
            }
        }

        var scale = Half(b + 108);
        var scales = b + 96;
        for (var i = 0; i < Chunk / Group; i++)
        {
            var s = ((scales[i % 8] >> (i / 8 * 4)) & 15) | (((scales[8 + (i % 4)] >> (i / 4 * 2)) & 3) << 4);
            to.SetScale(i, 1, scale * (s - 32), 0);
        }
    }

    private static void UnpackQ4K(byte* b, sbyte* numbers, ref Unpacked to)
    {
        for (var part = 0; part < 8; part++)
        {
            var (low, high) = Nibbles(b + 16 + (part * Group));
            var first = numbers + (part / 2 * 64) + (part % 2 * Group);
            low.AsSByte().Store(first);
            high.AsSByte().Store(first + 32);
        }

        SetScalesAndMinima(b, ref to);
    }

    private static void UnpackQ5K(byte* b, sbyte* numbers, ref Unpacked to)
    {
        for (var part = 0; part < 8; part++)
        {
            var (low, high) = Nibbles(b + 48 + (part * Group));
            var fifths = Vector128.Load(b + 16 + (part % 2 * Group));
            var bit = part / 2 * 2;
            low |= Vector128.Create((byte)16) & ~Vector128.Equals(fifths & Vector128.Create((byte)(1 << bit)), Vector128<byte>.Zero);
            high |= Vector128.Create((byte)16) & ~Vector128.Equals(fifths & Vector128.Create((byte)(2 << bit)), Vector128<byte>.Zero);
            var first = numbers + (part / 2 * 64) + (part % 2 * Group);
            low.AsSByte().Store(first);
            high.AsSByte().Store(first + 32);
        }

        SetScalesAndMinima(b, ref to);
    }

    private static void SetScalesAndMinima(byte* b, ref Unpacked to)
    {
        float scale = Half(b), minimum = Half(b + 2);
        var s = b + 4;
        for (var j = 0; j < 8; j++)
        {
            var (sc, m) = j < 4 ? (s[j] & 63, s[j + 4] & 63) : ((s[j + 4] & 15) | (s[j - 4] >> 6 << 4), (s[j + 4] >> 4) | (s[j] >> 6 << 4));
            to.SetScale(2 * j, 2, scale * sc, minimum * m);
        }
    }

    private static void UnpackQ6K(byte* b, sbyte* numbers, ref Unpacked to)
    {
        for (var part = 0; part < 4; part++)
        {
            var (half, side) = (part / 2, part % 2 * Group);
            var (n0, n2) = Nibbles(b + (half * 64) + side);
            var (n1, n3) = Nibbles(b + (half * 64) + 32 + side);
            var pairs = Vector128.Load(b + 128 + (half * 32) + side);
            var first = numbers + (half * 128) + side;
            StoreSixBits(n0, pairs, 0, first);
            StoreSixBits(n1, pairs, 2, first + 32);
            StoreSixBits(n2, pairs, 4, first + 64);
            StoreSixBits(n3, pairs, 6, first + 96);
        }

        var scale = Half(b + 208);
        for (var i = 0; i < Chunk / Group; i++)
        {
            to.SetScale(i, 1, scale * (sbyte)b[192 + i], 0);
        }
    }

    private static void StoreSixBits(Vector128<byte> low, Vector128<byte> pairs, int shift, sbyte* to)
    {
        var two = ShiftRight(pairs, shift) & Vector128.Create((byte)3);
        var high = Vector128.ShiftLeft(two.AsUInt16(), 4).AsByte(); // at most 3: nothing crosses a byte
        ((low | high) - Vector128.Create((byte)32)).AsSByte().Store(to);
    }

    private static void UnpackIq4Xs(byte* b, sbyte* numbers, ref Unpacked to)
    {
        var (scale, upper) = (Half(b), *(ushort*)(b + 2));
        for (var j = 0; j < 8; j++)
        {
            var (low, high) = Nibbles(b + 8 + (j * Group));
            FourBitValues(low).AsSByte().Store(numbers + (32 * j));
            FourBitValues(high).AsSByte().Store(numbers + (32 * j) + Group);
            var s = ((b[4 + (j / 2)] >> (j % 2 * 4)) & 15) | (((upper >> (2 * j)) & 3) << 4);
            to.SetScale(2 * j, 2, scale * (s - 32), 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Scale(ref Unpacked block, int count, float* to)
    {
        fixed (sbyte* numbers = block.Numbers)
        {
            for (var i = 0; i < count; i += Group)
            {
                var scale = Vector256.Create(block.Scales[i / Group]);
                (Singles(numbers + i) * scale).Store(to + i);
                (Singles(numbers + i + 8) * scale).Store(to + i + 8);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScaleWithMinimum(ref Unpacked block, int count, float* to)
    {
        fixed (sbyte* numbers = block.Numbers)
        {
            for (var i = 0; i < count; i += Group)
            {
                var (scale, minimum) = (Vector256.Create(block.Scales[i / Group]), Vector256.Create(block.Minima[i / Group]));
                ((Singles(numbers + i) * scale) - minimum).Store(to + i);
                ((Singles(numbers + i + 8) * scale) - minimum).Store(to + i + 8);
            }
        }
    }

    // A normal number's exponent moves from bias 7 to 127; a subnormal one is read as 2⁻⁶ · (1 + fraction) and has 2⁻⁶ taken away, which is exact.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void WidenFloat8(byte* x, int count, float factor, float* to)
    {
        var scale = Vector256.Create(factor);
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

            var bits = Integers(from);
            var magnitude = bits & Vector256.Create(0x7f);
            var shifted = magnitude << 20;
            var normal = shifted + Vector256.Create(120 << 23);
            var subnormal = (shifted + Vector256.Create(121 << 23)).AsSingle() - Vector256.Create(121 << 23).AsSingle();
            var value = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(8)), subnormal.AsInt32(), normal);
            value = Vector256.ConditionalSelect(Vector256.Equals(magnitude, Vector256.Create(0x7f)), Vector256.Create(0x7fc00000), value);
            var signed = (value | ((bits ^ magnitude) << 24)).AsSingle() * scale;
            if (inside == 8)
            {
                signed.Store(to + i);
                continue;
            }

            signed.Store(lanes);
            new ReadOnlySpan<float>(lanes, inside).CopyTo(new Span<float>(to + i, inside));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Integers(byte* x)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(x);
        }

        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)x).AsByte()));
        return Vector256.Create(low, high).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Singles(sbyte* x)
    {
        if (Avx2.IsSupported)
        {
            return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(x));
        }

        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)x).AsSByte()));
        return Vector256.ConvertToSingle(Vector256.Create(low, high));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Low, Vector128<byte> High) Nibbles(byte* x)
    {
        var both = Vector128.Load(x);
        return (both & Vector128.Create((byte)15), ShiftRight(both, 4) & Vector128.Create((byte)15));
    }

    // The caller masks the bits that come from the neighbouring byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> ShiftRight(Vector128<byte> x, int bits) => Vector128.ShiftRightLogical(x.AsUInt16(), bits).AsByte();

    // 16 where a bit is set, for the sixteen bits of two bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Sixteens(byte* bits)
    {
        const ulong EveryByte = 0x0101010101010101;
        var spread = Vector128.Create(bits[0] * EveryByte, bits[1] * EveryByte).AsByte();
        var places = Vector128.Create(0x8040201008040201ul).AsByte();
        return Vector128.Equals(spread & places, places) & Vector128.Create((byte)16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> FourBitValues(Vector128<byte> nibbles) => Vector128.Shuffle(s_fourBitValues, nibbles.AsSByte()).AsByte();

    private static float Half(byte* x) => (float)BitConverter.UInt16BitsToHalf(*(ushort*)x);

    /// <summary>A chunk between its two stages: small integers, and a scale and a minimum for each sixteen of them.</summary>
    private struct Unpacked
    {
        public fixed sbyte Numbers[Chunk];
        public fixed float Scales[Chunk / Group];
        public fixed float Minima[Chunk / Group];

        public void SetScale(int group, int groups, float scale, float minimum)
        {
            for (var i = group; i < group + groups; i++)
            {
                (Scales[i], Minima[i]) = (scale, minimum);
            }
        }
    }
}
