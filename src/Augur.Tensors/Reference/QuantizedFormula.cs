using System.Buffers.Binary;

namespace Augur.Tensors.Reference;

/// <summary>
/// The formulas of quantised numbers, one number at a time: the position of its bits in a block, and its value. The fast version is tested against
/// this.
/// </summary>
internal static class QuantizedFormula
{
    private static readonly sbyte[] s_fourBitValues = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    /// <summary>All numbers of a weight, row after row.</summary>
    public static float[] Values(QuantizedMatrix weight)
    {
        var values = new float[(long)weight.Rows * weight.Columns];
        var (elements, bytes) = (weight.Format.BlockElements(), weight.Format.BlockBytes());
        for (var i = 0; i < values.Length; i++)
        {
            var value = Value(weight.Format, weight.Bytes.Slice(i / elements * bytes, bytes), i % elements);
            values[i] = weight.Scales.Length == 0 ? value : value * weight.ScaleOf(i / weight.Columns);
        }

        return values;
    }

    /// <summary>Number <paramref name="i"/> of a block; each product and difference is rounded to single precision.</summary>
    public static float Value(QuantizedFormat format, ReadOnlySpan<byte> b, int i)
    {
        var half16 = i / 16 % 2; // for blocks of 32: the lower nibbles are the first 16 numbers, the upper ones the others
        return format switch
        {
            QuantizedFormat.Q4_0 => (Nibble(b[2 + (i % 16)], half16) - 8) * Half(b, 0),
            QuantizedFormat.Q4_1 => (float)(Nibble(b[4 + (i % 16)], half16) * Half(b, 0)) + Half(b, 2),
            QuantizedFormat.Q5_0 => ((Nibble(b[6 + (i % 16)], half16) | (Bit(b, 2, i) << 4)) - 16) * Half(b, 0),
            QuantizedFormat.Q5_1 => (float)((Nibble(b[8 + (i % 16)], half16) | (Bit(b, 4, i) << 4)) * Half(b, 0)) + Half(b, 2),
            QuantizedFormat.Q8_0 => (sbyte)b[2 + i] * Half(b, 0),
            QuantizedFormat.IQ4_NL => s_fourBitValues[Nibble(b[2 + (i % 16)], half16)] * Half(b, 0),
            QuantizedFormat.Q2_K => Q2K(b, i),
            QuantizedFormat.Q3_K => Q3K(b, i),
            QuantizedFormat.Q4_K => WithMinimum(b, i, Nibble(b[16 + (i / 64 * 32) + (i % 32)], i / 32 % 2)),
            QuantizedFormat.Q5_K => WithMinimum(
                b, i, Nibble(b[48 + (i / 64 * 32) + (i % 32)], i / 32 % 2) | (((b[16 + (i % 32)] >> (i / 32)) & 1) << 4)),
            QuantizedFormat.Q6_K => Q6K(b, i),
            QuantizedFormat.IQ4_XS => Iq4Xs(b, i),
            QuantizedFormat.Float8E4M3 => Float8(b[0]),
            QuantizedFormat.Float8E5M2 => (float)BitConverter.UInt16BitsToHalf((ushort)(b[0] << 8)),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "not a quantised format"),
        };
    }

    // scales[16], 2-bit numbers[64], d, dmin; a byte holds the numbers l, l + 32, l + 64 and l + 96 of its half of the block.
    private static float Q2K(ReadOnlySpan<byte> b, int i)
    {
        var q = (b[16 + (i / 128 * 32) + (i % 32)] >> (i / 32 % 4 * 2)) & 3;
        return (float)((float)(Half(b, 80) * (b[i / 16] & 15)) * q) - (float)(Half(b, 82) * (b[i / 16] >> 4));
    }

    // third bits[32], lower two bits[64], scales of 6 bits in 12 bytes, d.
    private static float Q3K(ReadOnlySpan<byte> b, int i)
    {
        var q = ((b[32 + (i / 128 * 32) + (i % 32)] >> (i / 32 % 4 * 2)) & 3) + (((b[i % 32] >> (i / 32)) & 1) * 4) - 4;
        var group = i / 16;
        var scales = b.Slice(96, 12);
        var scale = Nibble(scales[group % 8], group / 8) | (((scales[8 + (group % 4)] >> (group / 4 * 2)) & 3) << 4);
        return (float)(Half(b, 108) * (scale - 32)) * q;
    }

    // lower four bits[128], upper two bits[64], scales[16], d.
    private static float Q6K(ReadOnlySpan<byte> b, int i)
    {
        var (part, within) = (i / 32 % 4, i % 32);
        var low = Nibble(b[(i / 128 * 64) + (part % 2 * 32) + within], part / 2);
        var high = (b[128 + (i / 128 * 32) + within] >> (part * 2)) & 3;
        return (float)(Half(b, 208) * (sbyte)b[192 + (i / 16)]) * ((low | (high << 4)) - 32);
    }

    // d, upper two bits of the scales in 2 bytes, lower four in 4 bytes, numbers[128].
    private static float Iq4Xs(ReadOnlySpan<byte> b, int i)
    {
        var group = i / 32;
        var high = (BinaryPrimitives.ReadUInt16LittleEndian(b[2..]) >> (2 * group)) & 3;
        var scale = Nibble(b[4 + (group / 2)], group % 2) | (high << 4);
        return (float)(Half(b, 0) * (scale - 32)) * s_fourBitValues[Nibble(b[8 + (group * 16) + (i % 16)], i / 16 % 2)];
    }

    // d, dmin, and eight pairs of 6-bit scale and minimum in 12 bytes, as Q4_K and Q5_K begin.
    private static float WithMinimum(ReadOnlySpan<byte> b, int i, int q)
    {
        var j = i / 32;
        var s = b.Slice(4, 12);
        var (scale, minimum) = j < 4 ? (s[j] & 63, s[j + 4] & 63)
            : ((s[j + 4] & 15) | (s[j - 4] >> 6 << 4), (s[j + 4] >> 4) | (s[j] >> 6 << 4));
        return (float)((float)(Half(b, 0) * scale) * q) - (float)(Half(b, 2) * minimum);
    }

    private static float Float8(byte bits)
    {
        var (exponent, fraction) = ((bits >> 3) & 15, bits & 7);
        var magnitude = (bits & 0x7f) == 0x7f ? double.NaN
            : exponent == 0 ? fraction / 8.0 * Math.Pow(2, -6) : (1 + (fraction / 8.0)) * Math.Pow(2, exponent - 7);
        return (float)(bits > 127 ? -magnitude : magnitude);
    }

    private static int Nibble(byte value, int upper) => (value >> (4 * upper)) & 15;

    private static int Bit(ReadOnlySpan<byte> b, int at, int i) => (b[at + (i / 8)] >> (i % 8)) & 1;

    private static float Half(ReadOnlySpan<byte> b, int at) => (float)BinaryPrimitives.ReadHalfLittleEndian(b[at..]);
}
