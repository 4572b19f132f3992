using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Tests.Tensors;

/// <summary>How exact the vector functions are, and that an element's bits do not depend on its lane.</summary>
public sealed class VectorMathTests
{
    public static TheoryData<CpuPath> Paths => [.. OperationCase.Paths];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Exp_is_exact_to_3e7_over_the_normal_range(CpuPath path)
    {
        var x = Range(-87f, 88.7f, 40_000);
        var y = Apply(path, Activation.Exp, x);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.InRange(Math.Abs((y[i] / Math.Exp(x[i])) - 1), 0, 3e-7);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Exp_underflows_gradually_and_overflows_to_infinity(CpuPath path)
    {
        var y = Apply(path, Activation.Exp, [0, 89, 1e30f, float.PositiveInfinity, -88.5f, -104.5f, float.NegativeInfinity, float.NaN]);
        Assert.Equal([1, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity], y[..4]);
        Assert.InRange(y[4], 3.6e-39f, 3.8e-39f);
        Assert.Equal([0, 0, float.NaN], y[5..]);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Gelu_and_silu_are_exact_to_2e6(CpuPath path)
    {
        var x = Range(-12, 12, 40_000);
        foreach (var activation in new[] { Activation.GeluTanh, Activation.GeluErf, Activation.Silu })
        {
            var y = Apply(path, activation, x);
            for (var i = 0; i < x.Length; i++)
            {
                Assert.InRange(Math.Abs(y[i] - ReferenceBackend.Apply(activation, x[i])), 0, 2e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Tanh_is_exact_to_1e6_of_itself_and_ends_at_one(CpuPath path)
    {
        var x = Range(-12, 12, 40_000);
        var y = Apply(path, Activation.Tanh, x);
        for (var i = 0; i < x.Length; i++)
        {
            Assert.InRange(Math.Abs(y[i] - Math.Tanh(x[i])), 0, 1e-6 * Math.Abs(Math.Tanh(x[i])));
        }

        Assert.Equal([1, 1, -1, -1, float.NaN, 0], Apply(path, Activation.Tanh, [float.PositiveInfinity, 200, -200, -1e30f, float.NaN, 0]));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Activations_of_large_numbers_are_the_number_or_zero_and_NaN_stays(CpuPath path)
    {
        foreach (var activation in new[] { Activation.GeluTanh, Activation.GeluErf, Activation.Silu })
        {
            var y = Apply(path, activation, [1e30f, 200, -200, -1e30f, float.NaN]);
            Assert.Equal([1e30f, 200, float.NaN], [y[0], y[1], y[4]]);
            Assert.All(y[2..4], tail => Assert.InRange(tail, -1e-37f, 0)); // no subnormal arithmetic for the last digits of nothing
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void An_element_has_the_same_bits_wherever_it_stands(CpuPath path)
    {
        var x = Range(-5, 5, 83);
        foreach (var activation in Enum.GetValues<Activation>())
        {
            var together = Apply(path, activation, x);
            for (var i = 0; i < x.Length; i++)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(Apply(path, activation, [x[i]])[0]), BitConverter.SingleToInt32Bits(together[i]));
            }
        }
    }

    private static float[] Range(float from, float to, int count) =>
        [.. Enumerable.Range(0, count).Select(i => from + ((to - from) * i / (count - 1)))];

    private static float[] Apply(CpuPath path, Activation activation, float[] x)
    {
        using var backend = new CpuBackend(new CpuOptions { Path = path, Threads = 1 });
        using var scope = TensorScope.Begin();
        return Tensor.From(backend, x, [x.Length]).Activate(activation).ToArray();
    }
}
