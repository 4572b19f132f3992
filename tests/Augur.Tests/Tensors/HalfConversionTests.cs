using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

public sealed class HalfConversionTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void Every_Float16_widens_to_its_value()
    {
        var halves = Enumerable.Range(0, 65536).Select(i => BitConverter.UInt16BitsToHalf((ushort)i)).ToArray();
        using var scope = TensorScope.Begin();
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(halves.AsSpan());
        var widened = Tensor.Upload(_backend, bytes, [halves.Length], DType.Float16).As(DType.Float32).ToArray();
        Assert.Equal(halves.Select(h => (float)h), widened);
    }

    [Fact]
    public void Singles_narrow_to_the_nearest_half_with_ties_to_even_and_NaN_stays()
    {
        var random = new Random(5);
        var halves = Enumerable.Range(0, 0x7c00).Select(i => (float)BitConverter.UInt16BitsToHalf((ushort)i)).ToArray();
        float[] singles =
        [
            .. halves.Zip(halves[1..], (a, b) => (a + b) / 2), // ties
            .. halves.Select(h => -MathF.BitIncrement(h)),
            .. Enumerable.Range(0, 50_001).Select(_ => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))),
            65519, 65520, 1e-8f, 2.98e-8f, float.MaxValue, float.Epsilon, -0f, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
            BitConverter.Int32BitsToSingle(0x7f800001), BitConverter.Int32BitsToSingle(0x7fffffff), BitConverter.Int32BitsToSingle(-1),
        ];
        using var scope = TensorScope.Begin();
        var x = Tensor.From(_backend, singles, [singles.Length]);
        var narrowed = Download(x.As(DType.Float16));
        var truncated = Download(x.As(DType.BFloat16));
        for (var i = 0; i < singles.Length; i++)
        {
            var half = BitConverter.UInt16BitsToHalf(narrowed[i]);
            Assert.True(
                float.IsNaN(singles[i]) ? Half.IsNaN(half) : BitConverter.HalfToUInt16Bits((Half)singles[i]) == narrowed[i],
                $"{singles[i]:R} became {half}.");
            var brain = BitConverter.Int32BitsToSingle(truncated[i] << 16);
            Assert.True(float.IsNaN(singles[i]) ? float.IsNaN(brain) : NearestBFloat16(singles[i]) == brain, $"{singles[i]:R} became {brain:R}.");
        }
    }

    [Fact]
    public void An_index_table_does_not_become_numbers()
    {
        using var scope = TensorScope.Begin();
        var table = Tensor.From(_backend, [1, 2], [1, 2]);
        Assert.Equal([1, 2], table.Copy().ToInt32Array());
        Assert.Equal("As: Int32 [1, 2] cannot become Float32.", Assert.Throws<ArgumentException>(() => table.As(DType.Float32)).Message);
        Assert.Throws<ArgumentException>(() => _backend.Fill(table, 1));
    }

    // In double precision: of the two neighbours with 8 significant bits, the nearer; of two equally near, the one whose last bit is 0.
    private static float NearestBFloat16(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var toZero = BitConverter.Int32BitsToSingle(bits & ~0xffff);
        var away = BitConverter.Int32BitsToSingle((bits & ~0xffff) + 0x10000);
        if (float.IsInfinity(value))
        {
            return value;
        }

        var end = float.IsInfinity(away) ? Math.CopySign(Math.Pow(2, 128), value) : away;
        var (below, above) = (Math.Abs((double)value - toZero), Math.Abs(end - value));
        return below < above || (below == above && (bits & 0x10000) == 0) ? toZero : away;
    }

    private static ushort[] Download(Tensor x)
    {
        var values = new ushort[x.Shape.ElementCount];
        x.Backend.Download([x], System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
