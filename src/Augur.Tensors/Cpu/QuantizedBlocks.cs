using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Quantised numbers to small integers with their scales, at most 256 of a row at a time: value = number · scale − minimum, each product and
/// difference rounded, has the bits of the formulas in <see cref="Reference.QuantizedFormula"/> on every processor. Not for 8-bit floats.
/// </summary>
internal static unsafe class QuantizedBlocks
{
    /// <summary>Numbers of one call at most; blocks of 256 come one by one, blocks of 32 up to eight.</summary>
    public const int Chunk = 256;

    /// <summary>Scales of one call at most; room for so many is written.</summary>
    public const int ChunkScales = 16;

    private const int Short = 32; // numbers of the short blocks

    private static readonly Vector128<sbyte> s_fourBitValues =
        Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /// <summary>Whether numbers have a minimum beside their scale.</summary>
    public static bool HasMinimum(QuantizedFormat format) =>
        format is QuantizedFormat.Q4_1 or QuantizedFormat.Q5_1 or QuantizedFormat.Q2_K or QuantizedFormat.Q4_K or QuantizedFormat.Q5_K;

    /// <summary>Numbers that share a scale.</summary>
    public static int GroupElements(QuantizedFormat format) => format is QuantizedFormat.Q2_K or QuantizedFormat.Q3_K or QuantizedFormat.Q6_K ? 16 : 32;

    /// <summary>Unpacks the next whole blocks of a row.</summary>
    /// <param name="format">Format of the blocks.</param>
    /// <param name="b">The first block.</param>
    /// <param name="count">Numbers: 256, or of short blocks a smaller multiple of 32.</param>
    /// <param name="numbers">Receives the numbers.</param>
    /// <param name="scales">Receives the scale of each group.</param>
    /// <param name="minima">Receives the minimum of each group, where there are minima.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Unpack(QuantizedFormat format, byte* b, int count, sbyte* numbers, float* scales, float* minima)
    {
        switch (format)
        {
            case QuantizedFormat.Q2_K:
                UnpackQ2K(b, numbers, scales, minima);
                break;
            case QuantizedFormat.Q3_K:
                UnpackQ3K(b, numbers, scales);
                break;
            case QuantizedFormat.Q4_K:
                UnpackQ4K(b, numbers);
                SetScalesAndMinima(b, scales, minima);
                break;
            case QuantizedFormat.Q5_K:
                UnpackQ5K(b, numbers);
                SetScalesAndMinima(b, scales, minima);
                break;
            case QuantizedFormat.Q6_K:
                UnpackQ6K(b, numbers, scales);
                break;
            case QuantizedFormat.IQ4_XS:
                UnpackIq4Xs(b, numbers, scales);
                break;
            default:
                UnpackShort(format, b, count / Short, numbers, scales, minima);
                break;
        }
    }

    private static void UnpackShort(QuantizedFormat format, byte* b, int blocks, sbyte* numbers, float* scales, float* minima)
    {
        var bytes = format.BlockBytes();
        for (var i = 0; i < blocks; i++)
        {
            UnpackShort(format, b + (i * bytes), numbers + (i * Short));
        }

        Halves(b, bytes, blocks, scales, 0);
        if (HasMinimum(format))
        {
            Halves(b + 2, bytes, blocks, minima, 0x80000000); // they are added, not subtracted
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UnpackShort(QuantizedFormat format, byte* b, sbyte* numbers)
    {
        Vector128<byte> low, high;
        switch (format)
        {
            case QuantizedFormat.Q4_0:
                (low, high) = Nibbles(b + 2);
                (low, high) = (low - Vector128.Create((byte)8), high - Vector128.Create((byte)8));
                break;
            case QuantizedFormat.Q4_1:
                (low, high) = Nibbles(b + 4);
                break;
            case QuantizedFormat.Q5_0:
                (low, high) = Nibbles(b + 6);
                (low, high) = (low | Sixteens(b + 2), high | Sixteens(b + 4));
                (low, high) = (low - Vector128.Create((byte)16), high - Vector128.Create((byte)16));
                break;
            case QuantizedFormat.Q5_1:
                (low, high) = Nibbles(b + 8);
                (low, high) = (low | Sixteens(b + 4), high | Sixteens(b + 6));
                break;
            case QuantizedFormat.Q8_0:
                (low, high) = (Vector128.Load(b + 2), Vector128.Load(b + 18));
                break;
            default:
                (low, high) = Nibbles(b + 2);
                (low, high) = (FourBitValues(low), FourBitValues(high));
                break;
        }

        low.AsSByte().Store(numbers);
        high.AsSByte().Store(numbers + 16);
    }

    // Half-precision numbers so many bytes apart, with the sign changed where asked.
    private static void Halves(byte* b, int stride, int count, float* to, uint sign)
    {
        var bits = (uint*)to;
        for (var i = 0; i < count; i++)
        {
            bits[i] = *(ushort*)(b + (i * stride));
        }

        (SimdHalf.WidenFloat16(Vector256.Load(bits)) ^ Vector256.Create(sign)).Store(bits);
    }

    private static void UnpackQ2K(byte* b, sbyte* numbers, float* scales, float* minima)
    {
        for (var half = 0; half < 2; half++, numbers += 128)
        {
            var pairs = Vector256.Load(b + 16 + (32 * half));
            for (var j = 0; j < 4; j++)
            {
                Store(ShiftRight(pairs, 2 * j) & Vector256.Create((byte)3), numbers + (32 * j));
            }
        }

        var both = Vector128.Load(b);
        Scale16(both & Vector128.Create((byte)15), Half(b + 80), scales);
        Scale16(Vector128.ShiftRightLogical(both.AsUInt16(), 4).AsByte() & Vector128.Create((byte)15), Half(b + 82), minima);
    }

    private static void UnpackQ3K(byte* b, sbyte* numbers, float* scales)
    {
        var thirds = Vector256.Load(b);
        for (var half = 0; half < 2; half++, numbers += 128)
        {
            var pairs = Vector256.Load(b + 32 + (32 * half));
            for (var j = 0; j < 4; j++)
            {
                var low = ShiftRight(pairs, 2 * j) & Vector256.Create((byte)3);
                Store((low | Bit(thirds, (4 * half) + j, 2)) - Vector256.Create((byte)4), numbers + (32 * j));
            }
        }

        const ulong Low = 0x0f0f0f0f0f0f0f0f;
        const uint Two = 0x03030303;
        var (nibbles, upper) = (*(ulong*)(b + 96), *(uint*)(b + 104));
        var first = (nibbles & Low) | ((ulong)((upper & Two) << 4)) | ((ulong)(((upper >> 2) & Two) << 4) << 32);
        var second = ((nibbles >> 4) & Low) | (ulong)(((upper >> 4) & Two) << 4) | ((ulong)(((upper >> 6) & Two) << 4) << 32);
        var centred = Vector128.Create(first, second).AsSByte() - Vector128.Create((sbyte)32);
        SignedScale16(centred, Half(b + 108), scales);
    }

    private static void UnpackQ4K(byte* b, sbyte* numbers)
    {
        for (var part = 0; part < 4; part++)
        {
            var both = Vector256.Load(b + 16 + (32 * part));
            Store(both & Vector256.Create((byte)15), numbers + (64 * part));
            Store(ShiftRight(both, 4) & Vector256.Create((byte)15), numbers + (64 * part) + 32);
        }
    }

    private static void UnpackQ5K(byte* b, sbyte* numbers)
    {
        var fifths = Vector256.Load(b + 16);
        for (var part = 0; part < 4; part++)
        {
            var both = Vector256.Load(b + 48 + (32 * part));
            Store((both & Vector256.Create((byte)15)) | Bit(fifths, 2 * part, 4), numbers + (64 * part));
            Store((ShiftRight(both, 4) & Vector256.Create((byte)15)) | Bit(fifths, (2 * part) + 1, 4), numbers + (64 * part) + 32);
        }
    }

    // Eight pairs of a 6-bit scale and minimum in 12 bytes: the lower six bits of the first four pairs, then the lower four of the others, whose upper
    // two stand in the first eight bytes.
    private static void SetScalesAndMinima(byte* b, float* scales, float* minima)
    {
        const uint Six = 0x3f3f3f3f, Four = 0x0f0f0f0f, Two = 0x03030303;
        var (first, second, third) = (*(uint*)(b + 4), *(uint*)(b + 8), *(uint*)(b + 12));
        var scale = (first & Six) | ((ulong)((third & Four) | (((first >> 6) & Two) << 4)) << 32);
        var minimum = (second & Six) | ((ulong)(((third >> 4) & Four) | (((second >> 6) & Two) << 4)) << 32);
        (Vector256.ConvertToSingle(Integers((byte*)&scale)) * Vector256.Create(Half(b))).Store(scales);
        (Vector256.ConvertToSingle(Integers((byte*)&minimum)) * Vector256.Create(Half(b + 2))).Store(minima);
    }

    private static void UnpackQ6K(byte* b, sbyte* numbers, float* scales)
    {
        var two = Vector256.Create((byte)0x30);
        for (var half = 0; half < 2; half++, numbers += 128)
        {
            var (first, second, pairs) = (Vector256.Load(b + (64 * half)), Vector256.Load(b + (64 * half) + 32), Vector256.Load(b + 128 + (32 * half)));
            StoreSixBits(first & Vector256.Create((byte)15), ShiftLeft(pairs, 4) & two, numbers);
            StoreSixBits(second & Vector256.Create((byte)15), ShiftLeft(pairs, 2) & two, numbers + 32);
            StoreSixBits(ShiftRight(first, 4) & Vector256.Create((byte)15), pairs & two, numbers + 64);
            StoreSixBits(ShiftRight(second, 4) & Vector256.Create((byte)15), ShiftRight(pairs, 2) & two, numbers + 96);
        }

        SignedScale16(Vector128.Load((sbyte*)b + 192), Half(b + 208), scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSixBits(Vector256<byte> low, Vector256<byte> high, sbyte* to) => Store((low | high) - Vector256.Create((byte)32), to);

    private static void UnpackIq4Xs(byte* b, sbyte* numbers, float* scales)
    {
        var (scale, upper) = (Half(b), *(ushort*)(b + 2));
        for (var j = 0; j < 8; j++)
        {
            var (low, high) = Nibbles(b + 8 + (16 * j));
            FourBitValues(low).AsSByte().Store(numbers + (32 * j));
            FourBitValues(high).AsSByte().Store(numbers + (32 * j) + 16);
            var s = ((b[4 + (j / 2)] >> (j % 2 * 4)) & 15) | (((upper >> (2 * j)) & 3) << 4);
            scales[j] = scale * (s - 32);
        }
    }

    /// <summary>Eight bytes as integers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Integers(byte* x)
    {
        if (Avx2.IsSupported)
        {
            return Avx2.ConvertToVector256Int32(x);
        }

        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)x).AsByte()));
        return Vector256.Create(low, high).AsInt32();
    }

    /// <summary>Eight signed bytes as singles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Singles(sbyte* x)
    {
        if (Avx2.IsSupported)
        {
            return Avx.ConvertToVector256Single(Avx2.ConvertToVector256Int32(x));
        }

        var (low, high) = Vector128.Widen(Vector128.WidenLower(Vector128.CreateScalar(*(ulong*)x).AsSByte()));
        return Vector256.ConvertToSingle(Vector256.Create(low, high));
    }

    private static void Scale16(Vector128<byte> numbers, float scale, float* to)
    {
        var bytes = stackalloc byte[16];
        numbers.Store(bytes);
        (Vector256.ConvertToSingle(Integers(bytes)) * Vector256.Create(scale)).Store(to);
        (Vector256.ConvertToSingle(Integers(bytes + 8)) * Vector256.Create(scale)).Store(to + 8);
    }

    private static void SignedScale16(Vector128<sbyte> numbers, float scale, float* to)
    {
        var bytes = stackalloc sbyte[16];
        numbers.Store(bytes);
        (Singles(bytes) * Vector256.Create(scale)).Store(to);
        (Singles(bytes + 8) * Vector256.Create(scale)).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<byte> numbers, sbyte* to) => numbers.AsSByte().Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<byte> Low, Vector128<byte> High) Nibbles(byte* x)
    {
        var both = Vector128.Load(x);
        return (both & Vector128.Create((byte)15), Vector128.ShiftRightLogical(both.AsUInt16(), 4).AsByte() & Vector128.Create((byte)15));
    }

    // The caller masks the bits that come from the neighbouring byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> ShiftRight(Vector256<byte> x, int bits) => Vector256.ShiftRightLogical(x.AsUInt16(), bits).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> ShiftLeft(Vector256<byte> x, int bits) => Vector256.ShiftLeft(x.AsUInt16(), bits).AsByte();

    // One bit of each byte, moved to another place.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Bit(Vector256<byte> x, int from, int to) =>
        (from < to ? ShiftLeft(x, to - from) : ShiftRight(x, from - to)) & Vector256.Create((byte)(1 << to));

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
    private static Vector128<byte> FourBitValues(Vector128<byte> nibbles) =>
        Vector128.ShuffleNative(s_fourBitValues, nibbles.AsSByte()).AsByte();

    private static float Half(byte* x) => (float)BitConverter.UInt16BitsToHalf(*(ushort*)x);
}
