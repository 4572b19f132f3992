using System.Runtime.InteropServices;
using Augur.Tensors;

namespace Augur.Bench;

/// <summary>Operands with seeded values.</summary>
internal static class Values
{
    public static Tensor Tensor(IBackend backend, Shape shape, int seed, float magnitude = 1)
    {
        var random = new Random(seed);
        var values = new float[shape.ElementCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = magnitude * ((2 * random.NextSingle()) - 1);
        }

        return Tensors.Tensor.From(backend, values, shape);
    }

    public static Tensor Half(IBackend backend, Shape shape, int seed, DType type)
    {
        var values = Tensor(backend, shape, seed).ToArray();
        var bits = values.Select(v => type == DType.Float16 ? BitConverter.HalfToUInt16Bits((System.Half)v)
            : (ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)).ToArray();
        return Tensors.Tensor.Upload(backend, MemoryMarshal.AsBytes(bits.AsSpan()), shape, type);
    }
}
