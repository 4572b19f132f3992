using Augur.Tensors;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Tensors;

public sealed class PoolingTests
{
    [Theory]
    [InlineData(Pooling.Max, new float[] { 4, 4, 4, 4 })]
    [InlineData(Pooling.Mean, new float[] { 2.5f, 2.5f, 2.5f, 2.5f })]
    [InlineData(Pooling.MeanWithPadding, new float[] { 10 / 9f, 10 / 9f, 10 / 9f, 10 / 9f })]
    public void Padding_counts_in_one_of_the_means_only(Pooling pooling, float[] expected)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        var x = Tensor.From(backend, [1f, 2, 3, 4], [1, 2, 2, 1]);
        Assert.Equal(expected, x.Pool2d(pooling, new PoolWindow(3, 3, 1, Padding.All(1))).ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void The_largest_of_a_window_with_NaN_is_NaN(int place)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        var values = Enumerable.Range(0, 4 * 37).Select(i => (float)i).ToArray();
        values.AsSpan(place * 37, 37).Fill(float.NaN);
        var y = Tensor.From(backend, values, [1, 2, 2, 37]).Pool2d(Pooling.Max, new PoolWindow(2, 2, 1, default));
        Assert.All(y.ToArray(), v => Assert.True(float.IsNaN(v)));
    }

    [Fact]
    public void A_window_that_may_lie_in_the_padding_alone_is_refused()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var scope = TensorScope.Begin();
        var x = Tensor.Zeros(backend, [1, 4, 4, 1]);
        var error = Assert.Throws<ArgumentException>(() => x.Pool2d(Pooling.Max, new PoolWindow(2, 2, 1, Padding.All(2))));
        Assert.Contains("2x2", error.Message, StringComparison.Ordinal);
    }
}
