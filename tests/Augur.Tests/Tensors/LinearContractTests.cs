using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Tests.Tensors;

/// <summary>Products with packed weights on every backend of the table, against plain loops and against themselves.</summary>
public sealed class LinearContractTests : IDisposable
{
    private static readonly ReferenceBackend s_plain = new();

    private readonly TensorScope _scope = TensorScope.Begin();

    public static TheoryData<string, DType> BackendsAndTypes
    {
        get
        {
            var data = new TheoryData<string, DType>();
            foreach (var (name, _) in BackendTable.All)
            {
                data.Add(name, DType.Float32);
                data.Add(name, DType.Float16);
                data.Add(name, DType.BFloat16);
            }

            return data;
        }
    }

    public static TheoryData<string> Backends => BackendTable.Names;

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(BackendsAndTypes))]
    public void Equals_plain_loops_for_every_shape(string name, DType type)
    {
        using var backend = BackendTable.Open(name, 2);
        foreach (var (rows, outputs, inputs) in new[]
        {
            (1, 1, 1), (1, 7, 300), (2, 33, 1), (3, 33, 17), (5, 64, 256), (14, 32, 257), (15, 40, 513), (29, 100, 300), (64, 96, 64), (300, 50, 20),
        })
        {
            var (x, w, bias) = (Values([rows, inputs], 1), Values([outputs, inputs], 2), Values([outputs], 3));
            var actual = Product(backend, x, w, type, bias, default);
            var expected = Product(s_plain, x, w, type, bias, default);
            AssertNear(expected, actual, 1e-5f, $"{name} {type} {rows}x{outputs}x{inputs}");
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Equals_plain_loops_for_every_epilogue(string name)
    {
        using var backend = BackendTable.Open(name, 3);
        const int Batch = 3, Tokens = 11, Outputs = 45, Inputs = 270;
        var (x, w, bias) = (Values([Batch, Tokens, Inputs], 1), Values([Outputs, Inputs], 2), Values([Outputs], 3));
        w = (w.Shape, [.. w.Data.Select(value => 0.1f * value)]); // sums of a few units, as the exponential multiplies their errors
        foreach (var activation in Enum.GetValues<Activation>())
        {
            foreach (var (gated, added) in new[] { (false, false), (true, false), (false, true), (true, true) })
            {
                float[] Run(IBackend b)
                {
                    using var scope = TensorScope.Begin();
                    var gate = Tensor.From(b, Values([2 * Batch, Outputs], 4).Data, [Batch, 2 * Outputs]).Columns(3, Outputs); // a view
                    var residual = Tensor.From(b, Values([Batch, Tokens, Outputs + 5], 5).Data, [Batch, Tokens, Outputs + 5]).Columns(5, Outputs);
                    return Product(b, x, w, DType.Float32, bias, new LinearEpilogue(activation, gated ? gate : null, added ? residual : null));
                }

                AssertNear(Run(s_plain), Run(backend), 1e-5f, $"{name} {activation} gate {gated} residual {added}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Reads_and_writes_views_and_nothing_beside_them(string name)
    {
        using var backend = BackendTable.Open(name, 2);
        var wide = Tensor.From(backend, Values([37, 100], 1).Data, [37, 100]);
        using var weight = backend.Pack(Tensor.From(backend, Values([21, 60], 2).Data, [21, 60]), null);
        var dense = wide.Columns(30, 60).Copy().Linear(weight).ToArray();
        var target = Tensor.Full(backend, [37, 25], 7);
        backend.Linear(wide.Columns(30, 60), weight, default, target.Columns(2, 21));
        Assert.Equal(dense, target.Columns(2, 21).ToArray());
        Assert.All(target.Columns(0, 2).ToArray().Concat(target.Columns(23, 2).ToArray()), value => Assert.Equal(7, value));
    }

    [Theory]
    [MemberData(nameof(BackendsAndTypes))]
    public void A_rows_bits_do_not_depend_on_the_other_rows_or_on_threads(string name, DType type)
    {
        const int Rows = 531, Outputs = 200, Inputs = 300;
        var (x, w, bias) = (Values([Rows, Inputs], 1), Values([Outputs, Inputs], 2), Values([Outputs], 3));
        var epilogue = new LinearEpilogue(Activation.GeluTanh);
        float[]? all = null;
        foreach (var threads in BackendTable.ThreadCounts(name))
        {
            using var backend = BackendTable.Open(name, threads);
            var now = Product(backend, x, w, type, bias, epilogue);
            Assert.Equal(all ??= now, now);
            foreach (var (first, count) in new[] { (0, 1), (530, 1), (17, 2), (100, 5), (200, 13), (9, 14), (9, 15), (40, 40), (3, 255), (1, 530) })
            {
                var part = (new Shape(count, Inputs), x.Data.AsSpan(first * Inputs, count * Inputs).ToArray());
                Assert.Equal(all.AsSpan(first * Outputs, count * Outputs).ToArray(), Product(backend, part, w, type, bias, epilogue));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Half_weights_give_the_bits_of_the_same_values_in_single_precision(string name)
    {
        using var backend = BackendTable.Open(name, 1);
        const int Outputs = 64, Inputs = 1024;
        foreach (var type in new[] { DType.Float16, DType.BFloat16 })
        {
            // Every finite half, subnormal ones and both zeros among them.
            var bits = Enumerable.Range(0, Outputs * Inputs).Select(i => (ushort)((i & 0x7c00) == 0x7c00 ? i & 0x83ff : i)).ToArray();
            var half = Tensor.Upload(backend, System.Runtime.InteropServices.MemoryMarshal.AsBytes(bits.AsSpan()), [Outputs, Inputs], type);
            var wideValues = bits.Select(
                b => type == DType.Float16 ? (float)BitConverter.UInt16BitsToHalf(b) : BitConverter.UInt32BitsToSingle((uint)b << 16));
            var wide = Tensor.From(backend, wideValues.ToArray(), [Outputs, Inputs]);
            using var packedHalf = backend.Pack(half, null);
            using var packedWide = backend.Pack(wide, null);
            Assert.Equal(type, packedHalf.Type);
            foreach (var rows in new[] { 3, 60 })
            {
                var x = Tensor.From(backend, Values([rows, Inputs], 5).Data, [rows, Inputs]);
                Assert.Equal(x.Linear(packedWide).ToArray(), x.Linear(packedHalf).ToArray());
            }
        }
    }

    [Fact]
    public void Half_weights_that_are_not_finite_keep_their_meaning()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        Half[] values = [Half.PositiveInfinity, (Half)1];
        using var packed = backend.Pack(
            Tensor.Upload(backend, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()), [2, 1], DType.Float16), null);
        Assert.Equal([float.PositiveInfinity, 2], Tensor.From(backend, [2f], [1, 1]).Linear(packed).ToArray());
    }

    [Fact]
    public void Not_a_number_reaches_only_its_own_row()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var packed = backend.Pack(Tensor.Full(backend, [40, 3], 1), null);
        var y = Tensor.From(backend, [1f, 2, 3, 4, float.NaN, 6], [2, 3]).Linear(packed, Activation.GeluErf).ToArray();
        Assert.All(y[..40], value => Assert.Equal(6, value, 1e-4f));
        Assert.All(y[40..], value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void No_rows_are_no_work()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var packed = backend.Pack(Tensor.Full(backend, [4, 3], 1), null);
        Assert.Empty(Tensor.Empty(backend, [0, 3]).Linear(packed).ToArray());
    }

    [Fact]
    public void A_weight_of_another_backend_is_named()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1, Path = CpuPath.Portable });
        using var plain = s_plain.Pack(Tensor.Full(s_plain, [4, 3], 1), null);
        var error = Assert.Throws<ArgumentException>(() => Tensor.Full(backend, [2, 3], 1).Linear(plain));
        Assert.Equal("Linear: a weight [4, 3] packed by another kind of backend was given to cpu (Portable, 1 thread).", error.Message);
    }

    [Fact]
    public void A_released_weight_is_an_error_and_its_bytes_are_given_back()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        var x = Tensor.Full(backend, [2, 3], 1);
        PackedLinear packed;
        using (var source = Tensor.Full(backend, [4, 3], 1))
        {
            packed = backend.Pack(source, null);
        }

        var held = backend.BytesInUse;
        packed.Dispose();
        Assert.True(backend.BytesInUse < held);
        Assert.Throws<ObjectDisposedException>(() => x.Linear(packed));
    }

    [Fact]
    public unsafe void Repeated_calls_allocate_nothing()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        var x = Tensor.From(backend, Values([256, 300], 1).Data, [256, 300]);
        var y = Tensor.Empty(backend, [256, 400]);
        using var packed = backend.Pack(Tensor.From(backend, Values([400, 300], 2).Data, [400, 300]), null);
        void Call() => backend.Linear(x, packed, new LinearEpilogue(Activation.Silu), y);
        Call();
        ThreadScratch.Floats(1); // on a busy machine the workers may take every tile of the first call
        var (bytes, system) = (GC.GetAllocatedBytesForCurrentThread(), backend.SystemAllocations);
        for (var i = 0; i < 100; i++)
        {
            Call();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - bytes);
        Assert.Equal(system, backend.SystemAllocations);
    }

    [Fact]
    public void Calls_from_several_threads_at_once_do_not_meet()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var packed = backend.Pack(Tensor.From(backend, Values([300, 300], 2).Data, [300, 300]), null);
        var inputs = Enumerable.Range(0, 3).Select(i => Tensor.From(backend, Values([256, 300], i).Data, [256, 300])).ToArray();
        var expected = inputs.Select(x => x.Linear(packed).ToArray()).ToArray();
        Parallel.For(0, inputs.Length, i =>
        {
            for (var round = 0; round < 20; round++)
            {
                using var scope = TensorScope.Begin();
                Assert.Equal(expected[i], inputs[i].Linear(packed).ToArray());
            }
        });
    }

    internal static (Shape Shape, float[] Data) Values(Shape shape, int seed)
    {
        var random = new Random(seed);
        var data = new float[shape.ElementCount];
        for (var i = 0; i < data.Length; i++)
        {
            data[i] = (random.NextSingle() * 2) - 1;
        }

        return (shape, data);
    }

    /// <summary>Asserts that no element is farther from the expected one than a fraction of the largest expected magnitude (or of 1).</summary>
    internal static void AssertNear(float[] expected, float[] actual, float tolerance, string what)
    {
        var limit = tolerance * Math.Max(1, expected.Max(MathF.Abs));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= limit, $"{what}: element {i} is {actual[i]}, not {expected[i]} (limit {limit}).");
        }
    }

    private static float[] Product(
        IBackend backend, (Shape Shape, float[] Data) x, (Shape Shape, float[] Data) w, DType type,
        (Shape Shape, float[] Data) bias, LinearEpilogue epilogue)
    {
        using var scope = TensorScope.Begin();
        var weight = Tensor.Upload(backend, Narrow(w.Data, type), w.Shape, type);
        using var packed = backend.Pack(weight, Tensor.From(backend, bias.Data, bias.Shape));
        return Tensor.From(backend, x.Data, x.Shape).Linear(packed, epilogue).ToArray();
    }

    private static byte[] Narrow(float[] values, DType type) => type switch
    {
        DType.Float16 => [.. values.SelectMany(v => BitConverter.GetBytes((Half)v))],
        DType.BFloat16 => [.. values.SelectMany(v => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(v) >> 16)))],
        _ => [.. values.SelectMany(BitConverter.GetBytes)],
    };
}
