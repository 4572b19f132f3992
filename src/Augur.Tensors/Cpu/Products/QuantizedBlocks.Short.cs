using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Augur.Tensors.Cpu;

/// <content>Blocks of 32 numbers.</content>
internal static unsafe partial class QuantizedBlocks
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackShort(QuantizedFormat format, byte* b, int blocks, sbyte* numbers, float* scales, float* minima)
    {
        switch (format)
        {
            case QuantizedFormat.Q8_0:
                UnpackQ8(b, blocks, numbers);
                break;
            case QuantizedFormat.Q4_0:
                UnpackFourBits(b + 2, 18, blocks, 8, numbers);
                break;
            case QuantizedFormat.Q4_1:
                UnpackFourBits(b + 4, 20, blocks, 0, numbers);
                break;
            case QuantizedFormat.Q5_0:
                UnpackFiveBits(b + 2, 22, blocks, 16, numbers);
                break;
            case QuantizedFormat.Q5_1:
                UnpackFiveBits(b + 4, 24, blocks, 0, numbers);
                break;
            default:
                UnpackValues(b + 2, 18, blocks, numbers);
                break;
        }

        var bytes = format.BlockBytes();
        Halves(b, bytes, blocks, scales, 0);
        if (HasMinimum(format))
        {
            Halves(b + 2, bytes, blocks, minima, 0x80000000); // they are added, not subtracted
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackQ8(byte* b, int blocks, sbyte* numbers)
    {
        for (var i = 0; i < blocks; i++, b += 34, numbers += Short)
        {
            Vector256.Load((sbyte*)b + 2).Store(numbers);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackFourBits(byte* nibbles, int stride, int blocks, byte centre, sbyte* numbers)
    {
        var zero = Vector256.Create(centre);
        for (var i = 0; i < blocks; i++, nibbles += stride, numbers += Short)
        {
            Store(Nibbles(nibbles) - zero, numbers);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackFiveBits(byte* bits, int stride, int blocks, byte centre, sbyte* numbers)
    {
        var zero = Vector256.Create(centre);
        for (var i = 0; i < blocks; i++, bits += stride, numbers += Short)
        {
            Store((Nibbles(bits + 4) | Sixteens(bits)) - zero, numbers);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void UnpackValues(byte* nibbles, int stride, int blocks, sbyte* numbers)
    {
        for (var i = 0; i < blocks; i++, nibbles += stride, numbers += Short)
        {
            Store(FourBitValues(Nibbles(nibbles)), numbers);
        }
    }

    // Half-precision numbers so many bytes apart, with the sign changed where asked.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halves(byte* b, int stride, int count, float* to, uint sign)
    {
        if (count == 8)
        {
            var all = Vector256.Create(
                At(b), At(b + stride), At(b + (2 * stride)), At(b + (3 * stride)), At(b + (4 * stride)), At(b + (5 * stride)), At(b + (6 * stride)),
                At(b + (7 * stride)));
            (FromHalf(all).AsUInt32() ^ Vector256.Create(sign)).Store((uint*)to);
            return;
        }

        for (var i = 0; i < count; i++)
        {
            ((uint*)to)[i] = FromHalf(Vector256.Create(At(b + (i * stride)))).AsUInt32()[0] ^ sign;
        }

        static int At(byte* half) => *(ushort*)half;
    }
}
