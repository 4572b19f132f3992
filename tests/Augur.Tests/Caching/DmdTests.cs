using System.Numerics;
using Augur.Caching.Forecasting;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tests.TextNetworks;

namespace Augur.Tests.Caching;

/// <summary>docs/methods/forecasters.md, dmd: features of several numbers that change together.</summary>
public sealed class DmdTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });

    public void Dispose()
    {
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void A_straight_line_is_carried_on_forwards_exactly()
    {
        Func<double, double[]> line = c => [5 + (2 * c), -1 - (0.5 * c), 3, 0.25 * c];
        Assert.Equal(line(11), Forecast(line, 11, 0, 2, 4, 6, 8), Near(1e-5));
        Assert.Equal(line(17), Forecast(line, 17, 0, 4, 8, 12), Near(1e-5));
    }

    // Two modes: one decays, a pair of numbers turns and shrinks.
    private static double[] Spiral(double c) =>
    [
        2 + (3 * Math.Pow(0.9, c)), Math.Pow(0.97, c) * Math.Cos(0.3 * c), 1 + (Math.Pow(0.97, c) * Math.Sin(0.3 * c)), -Math.Pow(0.9, c),
    ];

    [Theory]
    [InlineData(9)]
    [InlineData(10)] // between the gaps as well
    [InlineData(12)]
    [InlineData(14)]
    public void Modes_that_decay_and_turn_are_followed_between_the_gaps_and_behind(int call) =>
        Assert.Equal(Spiral(call), Forecast(Spiral, call, 0, 2, 4, 6, 8), Near(1e-3));

    [Fact]
    public void Fewer_than_four_features_or_uneven_gaps_give_the_line_through_the_last_two()
    {
        Func<double, double[]> curve = c => [c * c, 1 - c];
        Assert.Equal([10, -3], Forecast(curve, 4, 0, 1, 2), Near(1e-5));
        Assert.Equal([41, -6], Forecast(curve, 7, 0, 1, 2, 3, 5), Near(1e-4));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_not_finite_is_never_extrapolated(double broken)
    {
        Func<double, double[]> curve = c => [c == 2 ? broken : 1 + c, 7];
        Assert.Equal(7, Forecast(curve, 6, 0, 1, 2, 3, 4)[1], 1e-6);
        Assert.Equal([1, 0, 0, 0, 0], Weights(curve, 6, 0, 1, 2, 3, 4));
    }

    [Fact]
    public void A_function_of_a_matrix_is_that_of_its_eigenvalues()
    {
        foreach (var count in new[] { 1, 2, 3, 5, 8 })
        {
            var matrix = new Complex[count, count];
            for (var i = 0; i < count * count; i++)
            {
                matrix[i / count, i % count] = Math.Sin((i * 12.9898) + count);
            }

            var x = Enumerable.Range(0, count).Select(i => new Complex(1 + i, 0)).ToArray();
            var expected = Times(matrix, Times(matrix, Times(matrix, x)));
            var actual = TriangularForm.Of((Complex[,])matrix.Clone())!.Apply(eigenvalue => eigenvalue * eigenvalue * eigenvalue, x);
            Assert.Equal(0, expected.Zip(actual).Max(pair => Complex.Abs(pair.First - pair.Second)), 1e-9);
        }
    }

    [Theory]
    [InlineData("taylorseer(draft=dmd)")]
    [InlineData("augur(4,draft=dmd)")]
    [InlineData("speca(draft=dmd)")]
    [InlineData("teacache(draft=dmd(history=4))")]
    [InlineData("cg-taylor(gate=dmd)")]
    public async Task On_a_diffusion_it_is_refused_in_a_sentence(string policy)
    {
        using (var model = SmallDit.Load(_backend))
        {
            var error = await Assert.ThrowsAsync<ArgumentException>(
                () => new GenerationPipeline(model).GenerateAsync(model.Request(3, 5) with { Cache = PolicyCatalog.Parse(policy) }));
            Assert.Equal(
                "Draft dmd is for rectified flows, and this run is none: on diffusions it was measured to end many times further from the uncached "
                + "pictures than taylor.",
                error.Message);
        }
    }

    [Fact]
    public async Task On_a_rectified_flow_it_forecasts()
    {
        using (var model = SmallFlux2.Load(_backend))
        {
            var request = model.Request(SmallFlux2.Text(7), 5) with { Cache = PolicyCatalog.Parse("taylorseer(interval=2,warmup=1,draft=dmd)") };
            Assert.Equal(6, (await new GenerationPipeline(model).GenerateAsync(request)).Report.Drafted);
        }
    }

    private static Func<double[], double[], bool> Near(double tolerance) => (expected, actual) =>
        expected.Zip(actual).All(pair => Math.Abs(pair.First - pair.Second) <= tolerance);

    private static Complex[] Times(Complex[,] a, Complex[] x) =>
        [.. Enumerable.Range(0, x.Length).Select(i => Enumerable.Range(0, x.Length).Aggregate(Complex.Zero, (sum, j) => sum + (a[i, j] * x[j])))];

    private double[] Forecast(Func<double, double[]> feature, int call, params int[] computed)
    {
        using var memory = Observed(feature, computed);
        using var scope = TensorScope.Begin();
        var formed = Tensor.Empty(_backend, [1, 1, feature(0).Length]);
        memory.Forecast(call).WriteTo(formed);
        return [.. formed.ToArray().Select(value => (double)value)];
    }

    private float[] Weights(Func<double, double[]> feature, int call, params int[] computed)
    {
        using var memory = Observed(feature, computed);
        return memory.Forecast(call).Coefficients.ToArray();
    }

    private IFeatureMemory Observed(Func<double, double[]> feature, int[] computed)
    {
        var memory = new DmdForecaster().Remember(6, DType.Float32);
        using var scope = TensorScope.Begin();
        foreach (var call in computed)
        {
            var values = feature(call);
            memory.Observe(Tensor.From(_backend, [.. values.Select(value => (float)value)], [1, 1, values.Length]), call, forgets: false);
        }

        return memory;
    }
}
