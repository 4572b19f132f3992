using System.Runtime.InteropServices;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;
using Augur.Tensors.Weights;

namespace Augur.Tests.Tensors;

/// <summary>Quantised weights: their values against ggml's, and products with them against products with those values.</summary>
public sealed class QuantizedContractTests : IDisposable
{
    private readonly TensorScope _scope = TensorScope.Begin();

    public static TheoryData<QuantizedFormat> Formats => [.. Enum.GetValues<QuantizedFormat>().Where(f => !f.IsFloat8())];

    public static TheoryData<QuantizedFormat, string> FormatsOnBackends
    {
        get
        {
            var rows = new TheoryData<QuantizedFormat, string>();
            foreach (var format in Enum.GetValues<QuantizedFormat>())
            {
                foreach (var backend in BackendTable.All)
                {
                    rows.Add(format, backend.Name);
                }
            }

            return rows;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Formats))]
    public void Values_are_bit_for_bit_those_of_ggml(QuantizedFormat format)
    {
        using var fixture = Checkpoint.Open(Fixtures.Path("quantised/blocks.safetensors"));
        foreach (var made in new[] { "quantised", "packed" })
        {
            var blocks = fixture.Tensors[$"{format}.{made}"].Bytes;
            var expected = fixture.Tensors[$"{format}.{made}.values"].ToSingles();
            var fast = new float[expected.Length];
            format.Widen(blocks, fast);
            Assert.Equal(Bits(expected), Bits(fast));
            Assert.Equal(Bits(expected), Bits(QuantizedFormula.Values(new QuantizedMatrix(format, expected.Length / 256, 256, blocks))));
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Random_blocks_have_the_values_of_the_formula(QuantizedFormat format)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var bytes = Blocks(format, 1, 1024, seed);
            var fast = new float[1024];
            format.Widen(bytes, fast);
            Assert.Equal(Bits(QuantizedFormula.Values(new QuantizedMatrix(format, 1, 1024, bytes))), Bits(fast));
        }
    }

    [Fact]
    public void Every_8_bit_float_has_its_value()
    {
        byte[] bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        var fast = new float[256];
        QuantizedFormat.Float8E4M3.Widen(bytes, fast);
        Assert.Equal(Bits(QuantizedFormula.Values(new QuantizedMatrix(QuantizedFormat.Float8E4M3, 1, 256, bytes))), Bits(fast));
        Assert.Equal((0f, 1f, 448f, 1f / 512, -448f), (fast[0], fast[0x38], fast[0x7e], fast[1], fast[0xfe]));
        Assert.Equal([0x7f, 0xff], Enumerable.Range(0, 256).Where(i => float.IsNaN(fast[i])));
    }

    [Theory]
    [MemberData(nameof(FormatsOnBackends))]
    public void A_product_with_blocks_has_the_bits_of_the_product_with_their_values(QuantizedFormat format, string on)
    {
        foreach (var threads in BackendTable.ThreadCounts(on).Where(t => t != 2).Distinct())
        {
            using var backend = BackendTable.Open(on, threads);
            using var scope = TensorScope.Begin();
            foreach (var (outputs, inputs) in new[] { (1, 256), (33, 512), (100, 768) })
            {
                var bytes = Blocks(format, outputs, inputs, outputs);
                var values = QuantizedFormula.Values(new QuantizedMatrix(format, outputs, inputs, bytes));
                var bias = Tensor.From(backend, LinearContractTests.Values([outputs], 3).Data, [outputs]);
                using var packed = backend.Pack(new QuantizedMatrix(format, outputs, inputs, bytes), bias);
                using var wide = backend.Pack(Tensor.From(backend, values, [outputs, inputs]), bias);
                Assert.Equal((format, DType.Float32, outputs, inputs), (packed.Format, packed.Type, packed.Outputs, packed.Inputs));
                foreach (var rows in new[] { 1, 5, 64, 300 })
                {
                    var x = Tensor.From(backend, LinearContractTests.Values([rows, inputs], 5).Data, [rows, inputs]);
                    Assert.Equal(Bits(x.Linear(wide, Activation.Silu).ToArray()), Bits(x.Linear(packed, Activation.Silu).ToArray()));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormatsOnBackends))]
    public void A_product_with_blocks_equals_plain_loops(QuantizedFormat format, string on)
    {
        using var plain = new ReferenceBackend();
        using var backend = BackendTable.Open(on, 2);
        var bytes = Blocks(format, 40, 512, 1);
        float[] Run(IBackend b)
        {
            using var scope = TensorScope.Begin();
            using var weight = b.Pack(new QuantizedMatrix(format, 40, 512, bytes), null);
            return Tensor.From(b, LinearContractTests.Values([9, 512], 5).Data, [9, 512]).Linear(weight).ToArray();
        }

        LinearContractTests.AssertNear(Run(plain), Run(backend), 1e-5f, $"{format} on {on}");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void An_8_bit_float_weight_is_scaled_as_a_whole_or_row_by_row_and_has_rows_of_any_length(int scaleCount)
    {
        using var plain = new ReferenceBackend();
        foreach (var factory in BackendTable.All)
        {
            using var backend = factory.Open(2);
            var bytes = Blocks(QuantizedFormat.Float8E4M3, 40, 277, 1);
            float[] scales = [.. Enumerable.Range(0, scaleCount).Select(i => 0.03f * (i + 1))];
            float[] Run(IBackend b, int rows)
            {
                using var scope = TensorScope.Begin();
                using var weight = b.Pack(new QuantizedMatrix(QuantizedFormat.Float8E4M3, 40, 277, bytes, scales), null);
                return Tensor.From(b, LinearContractTests.Values([rows, 277], 5).Data, [rows, 277]).Linear(weight).ToArray();
            }

            LinearContractTests.AssertNear(Run(plain, 3), Run(backend, 3), 1e-5f, factory.Name);
            LinearContractTests.AssertNear(Run(plain, 65), Run(backend, 65), 1e-5f, factory.Name);
        }
    }

    [Fact]
    public void A_slice_of_a_quantised_weight_gives_the_bits_of_the_whole_and_its_memory_is_that_of_the_blocks()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using (TensorScope.Begin())
        {
            var bytes = Blocks(QuantizedFormat.Q4_K, 96, 512, 1);
            var bias = Tensor.From(backend, LinearContractTests.Values([96], 3).Data, [96]);
            var before = backend.BytesInUse;
            using var whole = backend.Pack(new QuantizedMatrix(QuantizedFormat.Q4_K, 96, 512, bytes), bias);
            Assert.InRange(backend.BytesInUse - before, bytes.Length, bytes.Length * 1.25);
            using var part = whole.Slice(32, 64)!;
            var x = Tensor.From(backend, LinearContractTests.Values([70, 512], 5).Data, [70, 512]);
            Assert.Equal(x.Linear(whole).Columns(32, 64).ToArray(), x.Linear(part).ToArray());
        }

        Assert.Equal(0, backend.BytesInUse);
    }

    [Fact]
    public void Blocks_that_do_not_fit_are_named()
    {
        static void Expect(string message, Action act) => Assert.Equal(message, Assert.Throws<ArgumentException>(act).Message);
        Expect(
            "QuantizedMatrix: 34 bytes are not a weight [2, 32] in Q8_0 blocks of 32 numbers and 34 bytes.",
            () => _ = new QuantizedMatrix(QuantizedFormat.Q8_0, 2, 32, new byte[34]));
        Expect(
            "QuantizedMatrix: 144 bytes are not a weight [1, 128] in Q4_K blocks of 256 numbers and 144 bytes.",
            () => _ = new QuantizedMatrix(QuantizedFormat.Q4_K, 1, 128, new byte[144]));
        Expect(
            "QuantizedMatrix: 1 scales beside a Q8_0 weight [1, 32].",
            () => _ = new QuantizedMatrix(QuantizedFormat.Q8_0, 1, 32, new byte[34], [2f]));
        Expect(
            "33 bytes are not 32 numbers in Q8_0 blocks of 34 bytes.",
            () => QuantizedFormat.Q8_0.Widen(new byte[33], new float[32]));
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        Expect(
            "Pack: a weight [2, 32] needs a bias [2], not Float32 [3].",
            () => backend.Pack(new QuantizedMatrix(QuantizedFormat.Q8_0, 2, 32, new byte[68]), Tensor.Zeros(backend, [3])));
    }

    // Random bits, with the half-precision scales of each block replaced by moderate ones.
    internal static byte[] Blocks(QuantizedFormat format, int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var bytes = new byte[rows * format.RowBytes(columns)];
        random.NextBytes(bytes);
        if (format.IsFloat8())
        {
            return [.. bytes.Select(b => (byte)(b & 0xbf))]; // of 2 at most, and no NaN
        }

        int[] places = format switch
        {
            QuantizedFormat.Q4_1 or QuantizedFormat.Q5_1 or QuantizedFormat.Q4_K or QuantizedFormat.Q5_K => [0, 2],
            QuantizedFormat.Q2_K => [80, 82],
            QuantizedFormat.Q3_K => [108],
            QuantizedFormat.Q6_K => [208],
            _ => [0],
        };
        for (var block = 0; block < bytes.Length; block += format.BlockBytes())
        {
            foreach (var place in places)
            {
                var scale = (Half)((random.NextDouble() - 0.5) * 0.01);
                MemoryMarshal.Write(bytes.AsSpan(block + place), in scale);
            }
        }

        return bytes;
    }

    // A NaN is a NaN, whatever its bits.
    private static int[] Bits(float[] values) =>
        Array.ConvertAll(values, value => float.IsNaN(value) ? int.MaxValue : BitConverter.SingleToInt32Bits(value));
}
