using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Tests.Tensors;

/// <summary>Products with quantised weights by integers, on every path of the processor, against the formula and against themselves.</summary>
public sealed class IntegerProductTests : IDisposable
{
    private static readonly CpuPath[] s_paths = [.. Enum.GetValues<CpuPath>().Where(CpuOptions.IsSupported)];

    private readonly TensorScope _scope = TensorScope.Begin();

    public static TheoryData<CpuPath> Paths => [.. s_paths];

    public static TheoryData<QuantizedFormat, CpuPath> FormatsOnPaths
    {
        get
        {
            var data = new TheoryData<QuantizedFormat, CpuPath>();
            foreach (var format in Enum.GetValues<QuantizedFormat>().Where(f => !f.IsFloat8()))
            {
                foreach (var path in s_paths)
                {
                    data.Add(format, path);
                }
            }

            return data;
        }
    }

    public void Dispose() => _scope.Dispose();

    [Theory]
    [MemberData(nameof(Paths))]
    public void Q8_0_has_the_bits_of_the_formula_for_every_shape(CpuPath path)
    {
        foreach (var threads in new[] { 1, 2 })
        {
            using var backend = Open(path, threads);
            foreach (var (rows, outputs, inputs) in new[]
            {
                (1, 1, 32), (1, 16, 256), (2, 17, 64), (5, 33, 288), (6, 15, 512), (7, 31, 96), (13, 32, 544), (14, 47, 256), (15, 100, 320),
                (61, 70, 800),
            })
            {
                var (x, bias) = (LinearContractTests.Values([rows, inputs], 1), LinearContractTests.Values([outputs], 3).Data);
                var bytes = QuantizedContractTests.Blocks(QuantizedFormat.Q8_0, outputs, inputs, rows);
                var expected = IntegerProductFormula.Linear(x.Data, new(QuantizedFormat.Q8_0, outputs, inputs, bytes), bias);
                Assert.Equal(expected, Product(backend, QuantizedFormat.Q8_0, bytes, outputs, x, bias));
            }
        }
    }

    [Theory]
    [MemberData(nameof(FormatsOnPaths))]
    public void A_product_equals_that_of_the_rounded_activations_and_the_weights_values(QuantizedFormat format, CpuPath path)
    {
        const int Outputs = 50, Inputs = 768, Rows = 19;
        using var backend = Open(path, 2);
        var bytes = QuantizedContractTests.Blocks(format, Outputs, Inputs, 1);
        var values = QuantizedFormula.Values(new QuantizedMatrix(format, Outputs, Inputs, bytes));
        var (x, bias) = (LinearContractTests.Values([Rows, Inputs], 5), LinearContractTests.Values([Outputs], 3).Data);
        var expected = new float[Rows * Outputs];
        for (var i = 0; i < expected.Length; i++)
        {
            var row = IntegerProductFormula.Rounded(x.Data.AsSpan(i / Outputs * Inputs, Inputs));
            expected[i] = (float)(bias[i % Outputs] + row.Select((a, k) => a * values[(i % Outputs * Inputs) + k]).Sum());
        }

        var actual = Product(backend, format, bytes, Outputs, x, bias);
        LinearContractTests.AssertNear(expected, actual, 2e-6f, $"{format} on {path}");
        using var portable = Open(CpuPath.Portable, 1);
        Assert.Equal(Product(portable, format, bytes, Outputs, x, bias), actual); // sums of integers and fused products have no second value
    }

    [Theory]
    [MemberData(nameof(FormatsOnPaths))]
    public void Rounding_costs_less_than_a_thirty_thousandth_of_the_products(QuantizedFormat format, CpuPath path)
    {
        const int Outputs = 40, Inputs = 1024, Rows = 9;
        using var exact = new CpuBackend(new CpuOptions { Path = path, Threads = 1 });
        using var backend = Open(path, 1);
        var bytes = QuantizedContractTests.Blocks(format, Outputs, Inputs, 1);
        var (x, bias) = (LinearContractTests.Values([Rows, Inputs], 5), new float[Outputs]);
        var (expected, actual) = (Product(exact, format, bytes, Outputs, x, bias), Product(backend, format, bytes, Outputs, x, bias));
        var error = Math.Sqrt(expected.Zip(actual, (e, a) => Math.Pow(e - a, 2)).Sum() / expected.Sum(e => e * (double)e));
        Assert.InRange(error, 1e-7, 1.0 / 30_000);
    }

    [Theory]
    [MemberData(nameof(FormatsOnPaths))]
    public void A_rows_bits_do_not_depend_on_the_other_rows_or_on_threads(QuantizedFormat format, CpuPath path)
    {
        const int Rows = 131, Outputs = 200, Inputs = 512;
        var (x, bias) = (LinearContractTests.Values([Rows, Inputs], 1), LinearContractTests.Values([Outputs], 3).Data);
        var bytes = QuantizedContractTests.Blocks(format, Outputs, Inputs, 2);
        float[]? all = null;
        foreach (var threads in new[] { 1, 2, 3 })
        {
            using var backend = Open(path, threads);
            var now = Product(backend, format, bytes, Outputs, x, bias);
            Assert.Equal(all ??= now, now);
            foreach (var (first, count) in new[] { (0, 1), (130, 1), (17, 2), (50, 14), (9, 15), (40, 40), (1, 130) })
            {
                var part = (new Shape(count, Inputs), x.Data.AsSpan(first * Inputs, count * Inputs).ToArray());
                Assert.Equal(all.AsSpan(first * Outputs, count * Outputs).ToArray(), Product(backend, format, bytes, Outputs, part, bias));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Views_slices_and_epilogues_are_those_of_other_products(CpuPath path)
    {
        using var backend = Open(path, 2);
        var bytes = QuantizedContractTests.Blocks(QuantizedFormat.Q4_K, 96, 512, 1);
        var bias = Tensor.From(backend, LinearContractTests.Values([96], 3).Data, [96]);
        Assert.False(backend.HasIntegerWeights);
        using var whole = backend.Pack(new QuantizedMatrix(QuantizedFormat.Q4_K, 96, 512, bytes), bias);
        Assert.True(backend.HasIntegerWeights);
        using var part = whole.Slice(32, 64)!;
        var wide = Tensor.From(backend, LinearContractTests.Values([37, 600], 1).Data, [37, 600]).Columns(30, 512);
        var plain = wide.Copy().Linear(whole);
        var target = Tensor.Full(backend, [37, 70], 7);
        backend.Linear(wide, part, default, target.Columns(2, 64));
        Assert.Equal(plain.Columns(32, 64).ToArray(), target.Columns(2, 64).ToArray());
        Assert.All(target.Columns(0, 2).ToArray().Concat(target.Columns(66, 4).ToArray()), value => Assert.Equal(7, value));
        Assert.Equal(plain.Activate(Activation.GeluTanh).ToArray(), wide.Linear(whole, Activation.GeluTanh).ToArray());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Huge_tiny_and_no_activations_keep_their_size(CpuPath path)
    {
        using var backend = Open(path, 1);
        var bytes = QuantizedContractTests.Blocks(QuantizedFormat.Q8_0, 20, 32, 1);
        var one = LinearContractTests.Values([1, 32], 1).Data;
        var plain = Product(backend, QuantizedFormat.Q8_0, bytes, 20, (new Shape(1, 32), one), new float[20]);
        foreach (var power in new[] { 120, 90, 0, -90, -100, -115 })
        {
            var scale = MathF.ScaleB(1, power);
            var x = Array.ConvertAll(one, v => v * scale);
            var y = Product(backend, QuantizedFormat.Q8_0, bytes, 20, (new Shape(1, 32), x), new float[20]);
            Assert.Equal(IntegerProductFormula.Linear(x, new(QuantizedFormat.Q8_0, 20, 32, bytes), new float[20]), y);
            for (var i = 0; i < y.Length; i++)
            {
                Assert.Equal(1, y[i] / scale / plain[i], 1e-4);
            }
        }

        Assert.All(Product(backend, QuantizedFormat.Q8_0, bytes, 20, (new Shape(1, 32), new float[32]), new float[20]), v => Assert.Equal(0, v));
    }

    [Theory]
    [MemberData(nameof(FormatsOnPaths))]
    public void An_activation_that_is_not_finite_makes_its_row_NaN_and_no_other(QuantizedFormat format, CpuPath path)
    {
        using var backend = Open(path, 1);
        var bytes = QuantizedContractTests.Blocks(format, 33, 512, 1);
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var x = LinearContractTests.Values([16, 512], 1);
            var clean = Product(backend, format, bytes, 33, x, new float[33]);
            x.Data[(5 * 512) + 300] = value;
            var y = Product(backend, format, bytes, 33, x, new float[33]);
            Assert.All(y[(5 * 33)..(6 * 33)], v => Assert.True(float.IsNaN(v)));
            Assert.Equal(clean[..(5 * 33)], y[..(5 * 33)]);
            Assert.Equal(clean[(6 * 33)..], y[(6 * 33)..]);
        }
    }

    [Fact]
    public void Other_weights_are_multiplied_as_without_the_option()
    {
        using var exact = new CpuBackend(new CpuOptions { Threads = 1 });
        using var backend = Open(CpuOptions.Widest, 1);
        var bytes = QuantizedContractTests.Blocks(QuantizedFormat.Float8E4M3, 20, 64, 1);
        var (x, bias) = (LinearContractTests.Values([3, 64], 1), new float[20]);
        Assert.Equal(
            Product(exact, QuantizedFormat.Float8E4M3, bytes, 20, x, bias), Product(backend, QuantizedFormat.Float8E4M3, bytes, 20, x, bias));
    }

    [Fact]
    public void The_name_says_so() =>
        Assert.Equal(
            "cpu (Portable, 1 thread, Int16 products with quantised weights)",
            Named(new CpuOptions { Path = CpuPath.Portable, Threads = 1, IntegerProducts = true }));

    private static string Named(CpuOptions options)
    {
        using var backend = new CpuBackend(options);
        return backend.Name;
    }

    private static CpuBackend Open(CpuPath path, int threads) => new(new CpuOptions { Path = path, Threads = threads, IntegerProducts = true });

    private static float[] Product(
        CpuBackend backend, QuantizedFormat format, byte[] bytes, int outputs, (Shape Shape, float[] Data) x, float[] bias)
    {
        using var scope = TensorScope.Begin();
        using var packed = backend.Pack(new QuantizedMatrix(format, outputs, x.Shape[1], bytes), Tensor.From(backend, bias, [outputs]));
        return Tensor.From(backend, x.Data, x.Shape).Linear(packed).ToArray();
    }
}
