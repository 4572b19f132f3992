using System.Numerics;
using System.Runtime.InteropServices;

namespace Augur.Tensors.Weights;

/// <summary>Finds NaN and infinity in stored elements by their exponent bits, in one pass.</summary>
internal static class FiniteCheck
{
    /// <summary>
    /// Index of the first element that is NaN or infinite, or that overflows single precision; -1 if there is none. Of blocks, the index of the
    /// first element of a block with a scale that is not finite: then some of its elements are not, and with finite scales all are.
    /// </summary>
    public static int IndexOfNonFinite(ReadOnlySpan<byte> bytes, StoredType type) => type switch
    {
        StoredType.Float32 => IndexOf<uint>(bytes, 0x7f80_0000),
        StoredType.Float16 => IndexOf<ushort>(bytes, 0x7c00),
        StoredType.BFloat16 => IndexOf<ushort>(bytes, 0x7f80),
        StoredType.Float8E5M2 => IndexOf<byte>(bytes, 0x7c),
        StoredType.Float8E4M3 => IndexOf<byte>(bytes, 0x7f), // has no infinity, and one NaN
        StoredType.Float64 => IndexOfBeyondSingle(MemoryMarshal.Cast<byte, double>(bytes)),
        _ when type.IsBlocks() => IndexOfBlock(bytes, type.Quantized()!.Value),
        _ => -1,
    };

    private static int IndexOf<T>(ReadOnlySpan<byte> bytes, T exponent)
        where T : unmanaged, IBinaryInteger<T>
    {
        var elements = MemoryMarshal.Cast<byte, T>(bytes);
        var (mask, width) = (new Vector<T>(exponent), Vector<T>.Count);
        var i = 0;
        for (; i <= elements.Length - width; i += width)
        {
            if (Vector.EqualsAny(new Vector<T>(elements.Slice(i, width)) & mask, mask))
            {
                break;
            }
        }

        for (; i < elements.Length; i++)
        {
            if ((elements[i] & exponent) == exponent)
            {
                return i;
            }
        }

        return -1;
    }

    private static int IndexOfBlock(ReadOnlySpan<byte> bytes, QuantizedFormat format)
    {
        var size = format.BlockBytes();
        var places = format.ScaleOffsets();
        for (var block = 0; block < bytes.Length; block += size)
        {
            foreach (var place in places)
            {
                if ((bytes[block + place + 1] & 0x7c) == 0x7c)
                {
                    return block / size * format.BlockElements();
                }
            }
        }

        return -1;
    }

    private static int IndexOfBeyondSingle(ReadOnlySpan<double> elements)
    {
        for (var i = 0; i < elements.Length; i++)
        {
            if (!float.IsFinite((float)elements[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
