using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Augur.Tensors.Cpu;

/// <summary>
/// Quantised numbers to small integers with their scales, at most 256 of a row at a time: value = number · scale − minimum, each product and
/// difference rounded, has the bits of the formulas in <see cref="Reference.QuantizedFormula"/> on every processor. Not for 8-bit floats.
/// </summary>
internal static unsafe partial class QuantizedBlocks
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
    public static int GroupElements(QuantizedFormat format) =>
        format is QuantizedFormat.Q2_K or QuantizedFormat.Q3_K or QuantizedFormat.Q6_K ? 16 : 32;

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

    /// <summary>Half-precision numbers, in the lower half of each lane, as singles.</summary>
    // A subnormal one is read as 2⁻¹⁴ · (1 + fraction) and has 2⁻¹⁴ taken away: no step works on a subnormal single, which is slow.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> FromHalf(Vector256<int> half)
    {
        var magnitude = half & Vector256.Create(0x7fff);
        var shifted = magnitude << 13;
        var normal = shifted + Vector256.Create(112 << 23);
        var subnormal = ((shifted + Vector256.Create(113 << 23)).AsSingle() - Vector256.Create(113 << 23).AsSingle()).AsInt32();
        var value = Vector256.ConditionalSelect(Vector256.LessThan(magnitude, Vector256.Create(0x400)), subnormal, normal);
        var special = Vector256.GreaterThan(magnitude, Vector256.Create(0x7bff)) & Vector256.Create(0x7f800000);
        return (value | special | ((half ^ magnitude) << 16)).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackQ2K(byte* b, sbyte* numbers, float* scales, float* minima)
    {
        for (var half = 0; half < 2; half++, numbers += 128)
        {
            var pairs = Vector256.Load(b + 16 + (32 * half));
            for (var j = 0; j < 4; j++, pairs = ShiftRight(pairs, 2))
            {
                Store(pairs & Vector256.Create((byte)3), numbers + (32 * j));
            }
        }

        var both = Vector128.Load(b);
        Scale16(both & Vector128.Create((byte)15), Half(b + 80), scales);
        Scale16(Vector128.ShiftRightLogical(both.AsUInt16(), 4).AsByte() & Vector128.Create((byte)15), Half(b + 82), minima);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackQ3K(byte* b, sbyte* numbers, float* scales)
    {
        var thirds = Vector256.Load(b);
        for (var half = 0; half < 2; half++, numbers += 128)
        {
            var pairs = Vector256.Load(b + 32 + (32 * half));
            for (var j = 0; j < 4; j++, pairs = ShiftRight(pairs, 2), thirds = ShiftRight(thirds, 1))
            {
                var low = pairs & Vector256.Create((byte)3);
                Store((low | ShiftLeft(thirds & Vector256<byte>.One, 2)) - Vector256.Create((byte)4), numbers + (32 * j));
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackQ4K(byte* b, sbyte* numbers)
    {
        for (var part = 0; part < 4; part++)
        {
            var both = Vector256.Load(b + 16 + (32 * part));
            Store(both & Vector256.Create((byte)15), numbers + (64 * part));
            Store(ShiftRight(both, 4) & Vector256.Create((byte)15), numbers + (64 * part) + 32);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackQ5K(byte* b, sbyte* numbers)
    {
        var fifths = Vector256.Load(b + 16);
        for (var part = 0; part < 4; part++, fifths = ShiftRight(fifths, 2))
        {
            var both = Vector256.Load(b + 48 + (32 * part));
            var (low, high) = (fifths & Vector256<byte>.One, fifths & Vector256.Create((byte)2));
            Store((both & Vector256.Create((byte)15)) | ShiftLeft(low, 4), numbers + (64 * part));
            Store((ShiftRight(both, 4) & Vector256.Create((byte)15)) | ShiftLeft(high, 3), numbers + (64 * part) + 32);
        }
    }

    // Eight pairs of a 6-bit scale and minimum in 12 bytes: all bits of the first four pairs, then the lower four of the others, whose upper two
    // stand in the first eight bytes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SetScalesAndMinima(byte* b, float* scales, float* minima)
    {
        const uint Six = 0x3f3f3f3f, Four = 0x0f0f0f0f, Two = 0x03030303;
        var (first, second, third) = (*(uint*)(b + 4), *(uint*)(b + 8), *(uint*)(b + 12));
        var scale = (first & Six) | ((ulong)((third & Four) | (((first >> 6) & Two) << 4)) << 32);
        var minimum = (second & Six) | ((ulong)(((third >> 4) & Four) | (((second >> 6) & Two) << 4)) << 32);
        (Vector256.ConvertToSingle(Integers((byte*)&scale)) * Vector256.Create(Half(b))).Store(scales);
        (Vector256.ConvertToSingle(Integers((byte*)&minimum)) * Vector256.Create(Half(b + 2))).Store(minima);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackQ6K(byte* b, sbyte* numbers, float* scales)
    {
        var two = Vector256.Create((byte)0x30);
        for (var half = 0; half < 2; half++, numbers += 128)
        {
            var (first, second) = (Vector256.Load(b + (64 * half)), Vector256.Load(b + (64 * half) + 32));
            var pairs = Vector256.Load(b + 128 + (32 * half));
            StoreSixBits(first & Vector256.Create((byte)15), ShiftLeft(pairs, 4) & two, numbers);
            StoreSixBits(second & Vector256.Create((byte)15), ShiftLeft(pairs, 2) & two, numbers + 32);
            StoreSixBits(ShiftRight(first, 4) & Vector256.Create((byte)15), pairs & two, numbers + 64);
            StoreSixBits(ShiftRight(second, 4) & Vector256.Create((byte)15), ShiftRight(pairs, 2) & two, numbers + 96);
        }

        SignedScale16(Vector128.Load((sbyte*)b + 192), Half(b + 208), scales);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreSixBits(Vector256<byte> low, Vector256<byte> high, sbyte* to) => Store((low | high) - Vector256.Create((byte)32), to);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackIq4Xs(byte* b, sbyte* numbers, float* scales)
    {
        UnpackValues(b + 8, 16, 8, numbers);
        var (scale, upper) = (Half(b), *(ushort*)(b + 2));
        if (Avx2.IsSupported)
        {
            var four = Avx2.ShiftRightLogicalVariable(Vector256.Create(*(uint*)(b + 4)), Vector256.Create(0u, 4, 8, 12, 16, 20, 24, 28));
            var two = Avx2.ShiftRightLogicalVariable(Vector256.Create((uint)upper), Vector256.Create(0u, 2, 4, 6, 8, 10, 12, 14));
            var all = (four & Vector256.Create(15u)) | ((two & Vector256.Create(3u)) << 4);
            (Vector256.ConvertToSingle(all.AsInt32() - Vector256.Create(32)) * Vector256.Create(scale)).Store(scales);
            return;
        }

        for (var j = 0; j < 8; j++)
        {
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale16(Vector128<byte> numbers, float scale, float* to)
    {
        var factor = Vector256.Create(scale);
        var wide = Vector256.Create(Vector128.WidenLower(numbers), Vector128.WidenUpper(numbers)).AsInt16();
        (Vector256.ConvertToSingle(Vector256.WidenLower(wide)) * factor).Store(to);
        (Vector256.ConvertToSingle(Vector256.WidenUpper(wide)) * factor).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SignedScale16(Vector128<sbyte> numbers, float scale, float* to)
    {
        var factor = Vector256.Create(scale);
        var wide = Vector256.Create(Vector128.WidenLower(numbers), Vector128.WidenUpper(numbers));
        (Vector256.ConvertToSingle(Vector256.WidenLower(wide)) * factor).Store(to);
        (Vector256.ConvertToSingle(Vector256.WidenUpper(wide)) * factor).Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<byte> numbers, sbyte* to) => numbers.AsSByte().Store(to);

    // The lower nibbles of sixteen bytes, then the upper ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Nibbles(byte* x)
    {
        var both = Vector128.Load(x);
        return Vector256.Create(both, Vector128.ShiftRightLogical(both.AsUInt16(), 4).AsByte()) & Vector256.Create((byte)15);
    }

    // The caller masks the bits that come from the neighbouring byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> ShiftRight(Vector256<byte> x, int bits) => Vector256.ShiftRightLogical(x.AsUInt16(), bits).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> ShiftLeft(Vector256<byte> x, int bits) => Vector256.ShiftLeft(x.AsUInt16(), bits).AsByte();

    // 16 where a bit is set, for the 32 bits of four bytes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Sixteens(byte* bits)
    {
        const ulong EveryByte = 0x0101010101010101;
        var spread = Avx2.IsSupported
            ? Avx2.Shuffle(
                Vector256.Create(*(uint*)bits).AsByte(), Vector256.Create(0, EveryByte, 2 * EveryByte, 3 * EveryByte).AsByte())
            : Vector256.Create(bits[0] * EveryByte, bits[1] * EveryByte, bits[2] * EveryByte, bits[3] * EveryByte).AsByte();
        var places = Vector256.Create(0x8040201008040201ul).AsByte();
        return Vector256.Equals(spread & places, places) & Vector256.Create((byte)16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> FourBitValues(Vector256<byte> nibbles) => Avx2.IsSupported
        ? Avx2.Shuffle(Vector256.Create(s_fourBitValues, s_fourBitValues), nibbles.AsSByte()).AsByte()
        : Vector256.Create(
            Vector128.Shuffle(s_fourBitValues, nibbles.GetLower().AsSByte()),
            Vector128.Shuffle(s_fourBitValues, nibbles.GetUpper().AsSByte())).AsByte();

    private static float Half(byte* x) => (float)BitConverter.UInt16BitsToHalf(*(ushort*)x);
}
