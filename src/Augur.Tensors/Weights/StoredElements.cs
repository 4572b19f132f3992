using System.Runtime.InteropServices;

namespace Augur.Tensors.Weights;

/// <summary>Conversions between stored element types.</summary>
internal static class StoredElements
{
    public static float[] ToSingles(ReadOnlySpan<byte> bytes, StoredType type)
    {
        if (type == StoredType.Float32)
        {
            return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
        }

        if (type.IsBlocks())
        {
            var format = type.Quantized()!.Value;
            var values = new float[checked(bytes.Length / format.BlockBytes() * format.BlockElements())];
            format.Widen(bytes, values);
            return values;
        }

        return type switch
        {
            StoredType.Float64 => Convert<double, float>(bytes, x => (float)x),
            StoredType.Float16 => Convert<Half, float>(bytes, x => (float)x),
            StoredType.BFloat16 => Convert<ushort, float>(bytes, x => BitConverter.UInt32BitsToSingle((uint)x << 16)),
            StoredType.Float8E5M2 => Convert<byte, float>(bytes, x => (float)HalfFromE5M2(x)),
            StoredType.Float8E4M3 => Convert<byte, float>(bytes, x => (float)HalfFromE4M3(x)),
            StoredType.UInt64 => Convert<ulong, float>(bytes, x => x),
            _ => Array.ConvertAll(ToInt64s(bytes, type), x => (float)x),
        };
    }

    /// <summary>Numbers in a floating-point type of 16 or 32 bits, rounded to nearest even.</summary>
    public static byte[] FromSingles(float[] values, StoredType type) => type switch
    {
        StoredType.Float32 => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
        StoredType.Float16 => MemoryMarshal.AsBytes(Array.ConvertAll(values, x => (Half)x).AsSpan()).ToArray(),
        StoredType.BFloat16 => MemoryMarshal.AsBytes(Array.ConvertAll(values, ToBFloat16).AsSpan()).ToArray(),
        _ => throw new ArgumentException($"{type} is no type of changed weights."),
    };

    public static double[] ToDoubles(ReadOnlySpan<byte> bytes, StoredType type) => type switch
    {
        StoredType.Float64 => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
        StoredType.UInt64 => Convert<ulong, double>(bytes, x => x),
        _ when type.IsInteger() => Array.ConvertAll(ToInt64s(bytes, type), x => (double)x),
        _ => Array.ConvertAll(ToSingles(bytes, type), x => (double)x),
    };

    /// <exception cref="OverflowException">An unsigned integer above 2^63 − 1.</exception>
    public static long[] ToInt64s(ReadOnlySpan<byte> bytes, StoredType type) => type switch
    {
        StoredType.Int64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
        StoredType.Int32 => Convert<int, long>(bytes, x => x),
        StoredType.Int16 => Convert<short, long>(bytes, x => x),
        StoredType.Int8 => Convert<sbyte, long>(bytes, x => x),
        StoredType.UInt64 => Convert<ulong, long>(bytes, x => checked((long)x)),
        StoredType.UInt32 => Convert<uint, long>(bytes, x => x),
        StoredType.UInt16 => Convert<ushort, long>(bytes, x => x),
        StoredType.UInt8 => Convert<byte, long>(bytes, x => x),
        StoredType.Bool => Convert<byte, long>(bytes, x => x != 0 ? 1 : 0),
        _ => throw new ArgumentException($"{type} is not an integer type."),
    };

    /// <summary>8-bit floats as the bytes of halves, exactly.</summary>
    public static byte[] WidenToHalf(ReadOnlySpan<byte> bytes, StoredType type)
    {
        var halves = Convert<byte, Half>(bytes, type == StoredType.Float8E5M2 ? HalfFromE5M2 : HalfFromE4M3);
        return MemoryMarshal.AsBytes<Half>(halves).ToArray();
    }

    private static ushort ToBFloat16(float x)
    {
        var bits = BitConverter.SingleToUInt32Bits(x);
        return float.IsNaN(x) ? (ushort)((bits >> 16) | 0x40) : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static Half HalfFromE5M2(byte bits) => BitConverter.UInt16BitsToHalf((ushort)(bits << 8));

    // Exponent bias 7, no infinities; all ones is NaN. The scaled integer is exact in single precision and again in half.
    private static Half HalfFromE4M3(byte bits)
    {
        int exponent = (bits >> 3) & 15, mantissa = bits & 7;
        if (exponent == 15 && mantissa == 7)
        {
            return Half.NaN;
        }

        var magnitude = exponent == 0 ? MathF.ScaleB(mantissa, -9) : MathF.ScaleB(8 + mantissa, exponent - 10);
        return (Half)(bits < 128 ? magnitude : -magnitude);
    }

    private static TTo[] Convert<TFrom, TTo>(ReadOnlySpan<byte> bytes, Func<TFrom, TTo> convert)
        where TFrom : unmanaged
    {
        var from = MemoryMarshal.Cast<byte, TFrom>(bytes);
        var to = new TTo[from.Length];
        for (var i = 0; i < to.Length; i++)
        {
            to[i] = convert(from[i]);
        }

        return to;
    }
}
