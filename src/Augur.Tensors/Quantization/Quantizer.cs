using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Augur.Tensors;

/// <summary>
/// Makes quantised blocks from numbers. Scales are searched for: several are tried around the one that the largest magnitude asks for, each is
/// replaced by the best one for the numbers that it leads to (least squares), and what remains after the scales themselves are rounded decides.
/// </summary>
public static unsafe class Quantizer
{
    private const int Long = 256;
    private const float LargestHalf = 65504;

    /// <summary>Whether numbers can be brought into a format; the others can only be read.</summary>
    public static bool CanMake(QuantizedFormat format) => format is QuantizedFormat.Q4_0 or QuantizedFormat.Q5_0 or QuantizedFormat.Q8_0
        or QuantizedFormat.Q4_K or QuantizedFormat.Q5_K or QuantizedFormat.Q6_K;

    /// <summary>Quantises a row, or several that follow each other.</summary>
    /// <param name="format">One that <see cref="CanMake"/>.</param>
    /// <param name="values">Finite numbers, whole blocks of them.</param>
    /// <param name="blocks">Receives the blocks.</param>
    /// <exception cref="ArgumentException">Another format, or lengths that do not match.</exception>
    public static void Quantize(QuantizedFormat format, ReadOnlySpan<float> values, Span<byte> blocks)
    {
        if (!CanMake(format))
        {
            throw new ArgumentException($"Quantize: {format} can be read but not made.", nameof(format));
        }

        if (blocks.Length != format.RowBytes(values.Length))
        {
            throw new ArgumentException($"Quantize: {values.Length} numbers do not fill {blocks.Length} bytes of {format} blocks.", nameof(blocks));
        }

        var (elements, bytes) = (format.BlockElements(), format.BlockBytes());
        fixed (float* x = values)
        {
            for (var i = 0; i < values.Length / elements; i++)
            {
                var block = blocks.Slice(i * bytes, bytes);
                block.Clear();
                switch (format)
                {
                    case QuantizedFormat.Q8_0:
                        MakeQ8(x + (i * elements), block);
                        break;
                    case QuantizedFormat.Q4_0 or QuantizedFormat.Q5_0:
                        MakeShort(x + (i * elements), format == QuantizedFormat.Q4_0 ? 4 : 5, block);
                        break;
                    case QuantizedFormat.Q6_K:
                        MakeQ6K(x + (i * elements), block);
                        break;
                    default:
                        MakeWithMinima(x + (i * elements), format == QuantizedFormat.Q4_K ? 4 : 5, block);
                        break;
                }
            }
        }
    }

    private static void MakeQ8(float* x, Span<byte> block)
    {
        var scale = WriteHalf(block, GroupFit.Magnitude(x, 32) / 127);
        GroupFit.Numbers(x, 32, GroupFit.Inverse(scale), 0, -127, 127, MemoryMarshal.Cast<byte, sbyte>(block[2..]));
    }

    // The extreme on the side of larger magnitude takes the lowest number, of which there is one more than of the others.
    private static void MakeShort(float* x, int bits, Span<byte> block)
    {
        var low = -(1 << (bits - 1));
        var scale = WriteHalf(block, GroupFit.Scale(x, 32, low, -low - 1));
        Span<sbyte> numbers = stackalloc sbyte[32];
        GroupFit.Numbers(x, 32, GroupFit.Inverse(scale), 0, low, -low - 1, numbers);
        var nibbles = block[^16..];
        var upper = 0u;
        for (var i = 0; i < 32; i++)
        {
            var number = numbers[i] - low;
            nibbles[i % 16] |= (byte)((number & 15) << (i / 16 * 4));
            upper |= (uint)(number >> 4) << i;
        }

        if (bits == 5)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[2..], upper);
        }
    }

    // Sixteen groups of 16 with scales of 8 bits.
    private static void MakeQ6K(float* x, Span<byte> block)
    {
        const int Group = 16, Low = -32, High = 31;
        Span<float> scales = stackalloc float[Group];
        var largest = 0f;
        for (var g = 0; g < Group; g++)
        {
            scales[g] = GroupFit.Scale(x + (g * Group), Group, Low, High);
            largest = Math.Abs(scales[g]) > Math.Abs(largest) ? scales[g] : largest;
        }

        var d = WriteHalf(block[208..], largest / 127);
        Span<sbyte> numbers = stackalloc sbyte[Long];
        for (var g = 0; g < Group; g++)
        {
            var from = x + (g * Group);
            var (best, error) = (0, double.PositiveInfinity);
            var near = (int)Math.Clamp(MathF.Round(scales[g] * GroupFit.Inverse(d)), -127, 127);
            for (var s = Math.Max(-128, near - 1); s <= Math.Min(127, near + 1); s++)
            {
                var found = GroupFit.Error(from, Group, d * s, 0, Low, High);
                (best, error) = found < error ? (s, found) : (best, error);
            }

            block[192 + g] = (byte)(sbyte)best;
            GroupFit.Numbers(from, Group, GroupFit.Inverse(d * best), 0, Low, High, numbers[(g * Group)..]);
        }

        for (var i = 0; i < Long; i++)
        {
            var (number, part) = (numbers[i] - Low, i / 32 % 4);
            block[(i / 128 * 64) + (part % 2 * 32) + (i % 32)] |= (byte)((number & 15) << (part / 2 * 4));
            block[128 + (i / 128 * 32) + (i % 32)] |= (byte)((number >> 4) << (part * 2));
        }
    }

    // Eight groups of 32 with scales and minima of 6 bits.
    private static void MakeWithMinima(float* x, int bits, Span<byte> block)
    {
        const int Groups = 8, Group = 32, MostScale = 63;
        var high = (1 << bits) - 1;
        Span<(float Scale, float Minimum)> fits = stackalloc (float, float)[Groups];
        float scale = 0, minimum = 0;
        for (var g = 0; g < Groups; g++)
        {
            fits[g] = GroupFit.ScaleAndMinimum(x + (g * Group), Group, high);
            (scale, minimum) = (Math.Max(scale, fits[g].Scale), Math.Max(minimum, fits[g].Minimum));
        }

        var d = WriteHalf(block, scale / MostScale);
        var dmin = WriteHalf(block[2..], minimum / MostScale);
        Span<sbyte> numbers = stackalloc sbyte[Group];
        for (var g = 0; g < Groups; g++)
        {
            var from = x + (g * Group);
            var (s, m) = Nearest(from, fits[g], d, dmin, high);
            WriteSixBits(block[4..], g, s, m);
            GroupFit.Numbers(from, Group, GroupFit.Inverse(d * s), dmin * m, 0, high, numbers);
            for (var i = 0; i < Group; i++)
            {
                block[(bits == 4 ? 16 : 48) + (g / 2 * 32) + i] |= (byte)((numbers[i] & 15) << (g % 2 * 4));
                if (bits == 5)
                {
                    block[16 + i] |= (byte)((numbers[i] >> 4) << g);
                }
            }
        }
    }

    // The pair of small numbers, near the rounded ones, that leaves the least error.
    private static (int Scale, int Minimum) Nearest(float* x, (float Scale, float Minimum) fit, float d, float dmin, int high)
    {
        const int Most = 63;
        var scale = (int)Math.Min(Most, MathF.Round(fit.Scale * GroupFit.Inverse(d)));
        var minimum = (int)Math.Min(Most, MathF.Round(fit.Minimum * GroupFit.Inverse(dmin)));
        var (best, error) = ((scale, minimum), double.PositiveInfinity);
        for (var s = Math.Max(0, scale - 1); s <= Math.Min(Most, scale + 1); s++)
        {
            for (var m = Math.Max(0, minimum - 1); m <= Math.Min(Most, minimum + 1); m++)
            {
                var found = GroupFit.Error(x, 32, d * s, dmin * m, 0, high);
                (best, error) = found < error ? ((s, m), found) : (best, error);
            }
        }

        return best;
    }

    private static void WriteSixBits(Span<byte> packed, int group, int scale, int minimum)
    {
        if (group < 4)
        {
            packed[group] |= (byte)scale;
            packed[group + 4] |= (byte)minimum;
            return;
        }

        packed[group + 4] = (byte)((scale & 15) | ((minimum & 15) << 4));
        packed[group - 4] |= (byte)((scale >> 4) << 6);
        packed[group] |= (byte)((minimum >> 4) << 6);
    }

    /// <summary>Writes a scale in half precision and gives back what it has become.</summary>
    private static float WriteHalf(Span<byte> to, float value)
    {
        var half = (Half)Math.Clamp(value, -LargestHalf, LargestHalf);
        BinaryPrimitives.WriteHalfLittleEndian(to, half);
        return (float)half;
    }
}
