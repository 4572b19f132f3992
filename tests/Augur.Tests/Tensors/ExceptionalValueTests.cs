using Augur.Tensors;

namespace Augur.Tests.Tensors;

/// <summary>NaN and infinity: what cannot be judged must not look harmless.</summary>
public sealed class ExceptionalValueTests
{
    public static TheoryData<string> Backends => BackendTable.NamesAndReference;

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_error_over_a_NaN_is_NaN_and_the_other_entries_keep_theirs(string name)
    {
        using var backend = BackendTable.Open(name);
        foreach (var measure in Enum.GetValues<ErrorMeasure>())
        {
            foreach (var (inX, at) in new[] { (true, 0), (true, 39), (false, 7), (false, 38) })
            {
                using var scope = TensorScope.Begin();
                var (x, y) = (Values(80, 1), Values(80, 2));
                (inX ? x : y)[40 + at] = float.NaN;
                var errors = Tensor.From(backend, x, [2, 40]).ErrorsFrom(Tensor.From(backend, y, [2, 40]), measure);
                Assert.True(double.IsFinite(errors[0]));
                Assert.True(double.IsNaN(errors[1]), $"{measure} is {errors[1]}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void An_error_over_an_infinity_is_below_no_threshold(string name)
    {
        using var backend = BackendTable.Open(name);
        foreach (var measure in Enum.GetValues<ErrorMeasure>())
        {
            foreach (var (inX, inY) in new[] { (true, false), (false, true), (true, true) })
            {
                using var scope = TensorScope.Begin();
                var (x, y) = (Values(40, 1), Values(40, 2));
                (x[3], y[3]) = (inX ? float.NegativeInfinity : x[3], inY ? float.NegativeInfinity : y[3]);
                var error = Tensor.From(backend, x, [1, 40]).ErrorsFrom(Tensor.From(backend, y, [1, 40]), measure)[0];
                Assert.False(error < 1e300, $"{measure} is {error}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Clamp_keeps_NaN_and_limits_infinities(string name)
    {
        using var backend = BackendTable.Open(name);
        using var scope = TensorScope.Begin();
        var x = Enumerable.Range(0, 19).Select(
            i => (i % 4) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, _ => 0.5f });
        var expected = x.Select(v => float.IsNaN(v) ? v : Math.Clamp(v, -1, 1));
        Assert.Equal(expected, Tensor.From(backend, [.. x], [1, 19]).Clamp(-1, 1).ToArray());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void TopK_puts_NaN_before_infinity_and_ties_in_order_of_position(string name)
    {
        using var backend = BackendTable.Open(name);
        using var scope = TensorScope.Begin();
        var scores = Tensor.From(backend, [-0f, float.PositiveInfinity, 0f, float.NaN, float.NegativeInfinity, 3, -float.NaN, 3], [1, 8]);
        Assert.Equal([3, 6, 1, 5, 7, 0, 2, 4], scores.TopK(8).ToInt32Array());
        Assert.Equal([3, 6, 1, 5], scores.TopK(4).ToInt32Array());
        Assert.Empty(scores.TopK(0).ToInt32Array());
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void TopK_selects_from_sorted_equal_and_saw_shaped_scores(string name)
    {
        using var backend = BackendTable.Open(name);
        foreach (var shape in new Func<int, float>[] { i => i, i => -i, _ => 1, i => i % 7, i => Math.Abs(i - 250), i => -Math.Abs(i - 250) })
        {
            using var scope = TensorScope.Begin();
            var scores = Enumerable.Range(0, 500).Select(shape).ToArray();
            var expected = Enumerable.Range(0, 500).OrderByDescending(i => scores[i]).ThenBy(i => i).Take(77);
            Assert.Equal(expected, Tensor.From(backend, scores, [1, 500]).TopK(77).ToInt32Array());
        }
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void A_NaN_stays_in_its_own_row_and_group(string name)
    {
        using var backend = BackendTable.Open(name);
        using var scope = TensorScope.Begin();
        var values = Values(2 * 3 * 20, 1);
        values[20] = float.NaN;
        var rows = Tensor.From(backend, values, [2, 3, 20]).LayerNorm(1e-6f).ToArray();
        Assert.Equal(Enumerable.Range(20, 20), Enumerable.Range(0, rows.Length).Where(i => float.IsNaN(rows[i])));
        var ones = Tensor.Full(backend, [20], 1);
        var image = Tensor.From(backend, values, [2, 1, 3, 20]).GroupNorm(2, ones, ones, 1e-6f).ToArray();
        Assert.Equal(Enumerable.Range(0, 60).Where(i => i % 20 < 10), Enumerable.Range(0, image.Length).Where(i => float.IsNaN(image[i])));
    }

    [Theory]
    [MemberData(nameof(Backends))]
    public void Norms_of_rows_far_from_zero_keep_their_digits(string name)
    {
        using var backend = BackendTable.Open(name);
        using var scope = TensorScope.Begin();
        var values = Enumerable.Range(0, 64).Select(i => 1000f + (i % 2)).ToArray(); // mean 1000.5, deviation 0.5
        Assert.All(Tensor.From(backend, values, [1, 64]).LayerNorm(0).ToArray(), v => Assert.Equal(1, Math.Abs(v), 1e-5));
        var (weight, bias) = (Tensor.Full(backend, [4], 1), Tensor.Zeros(backend, [4]));
        Assert.All(Tensor.From(backend, values, [1, 4, 4, 4]).GroupNorm(1, weight, bias, 0).ToArray(), v => Assert.Equal(1, Math.Abs(v), 1e-5));
    }

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 4) - 2))];
    }
}
