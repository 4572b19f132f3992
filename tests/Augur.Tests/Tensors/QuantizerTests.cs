using Augur.Tensors;

namespace Augur.Tests.Tensors;

public sealed class QuantizerTests
{
    public static TheoryData<QuantizedFormat> Formats => [.. Enum.GetValues<QuantizedFormat>().Where(Quantizer.CanMake)];

    [Theory]
    [InlineData(QuantizedFormat.Q8_0, 0.006)]
    [InlineData(QuantizedFormat.Q6_K, 0.019)]
    [InlineData(QuantizedFormat.Q5_K, 0.036)]
    [InlineData(QuantizedFormat.Q5_0, 0.041)]
    [InlineData(QuantizedFormat.Q4_K, 0.074)]
    [InlineData(QuantizedFormat.Q4_0, 0.085)]
    public void Normal_numbers_lose_no_more_than_the_format_costs(QuantizedFormat format, double most) =>
        Assert.InRange(Error(Normal(1, 64 * 256), RoundTrip(format, Normal(1, 64 * 256))), 0.2 * most, most);

    [Theory]
    [MemberData(nameof(Formats))]
    public void The_search_leaves_less_error_than_scales_from_the_extremes(QuantizedFormat format)
    {
        foreach (var (name, values) in new[]
        {
            ("normal", Normal(2, 16384)), ("cubed", Array.ConvertAll(Normal(3, 16384), x => x * x * x)),
            ("one-sided", Array.ConvertAll(Normal(4, 16384), Math.Abs)), ("shifted", Array.ConvertAll(Normal(5, 16384), x => x + 1.5f)),
        })
        {
            var (ours, plain) = (Error(values, RoundTrip(format, values)), Error(values, FromExtremes(format, values)));
            Assert.True(ours <= (format == QuantizedFormat.Q8_0 ? 1.0001 : 0.99) * plain, $"{format}, {name}: {ours} against {plain}");
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Numbers_that_no_scale_helps_stay_finite(QuantizedFormat format)
    {
        foreach (var magnitude in new[] { 0f, 1e-30f, 6e-8f, 1e-4f, 1e5f, 1e30f, float.MaxValue })
        {
            var values = Array.ConvertAll(Normal(6, 256), x => Math.Clamp(x, -1, 1) * magnitude);
            Assert.All(RoundTrip(format, values), x => Assert.True(float.IsFinite(x)));
        }

        Assert.All(RoundTrip(format, new float[256]), x => Assert.Equal(0, x));
        Assert.All(RoundTrip(format, [.. Enumerable.Repeat(0.75f, 256)]), x => Assert.InRange(x, 0.73f, 0.77f));
    }

    [Fact]
    public void A_format_that_can_only_be_read_is_refused() => Assert.StartsWith(
        "Quantize: Q2_K can be read but not made.",
        Assert.Throws<ArgumentException>(() => Quantizer.Quantize(QuantizedFormat.Q2_K, new float[256], new byte[84])).Message,
        StringComparison.Ordinal);

    private static float[] Normal(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
            (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
    }

    private static float[] RoundTrip(QuantizedFormat format, float[] values)
    {
        var blocks = new byte[format.RowBytes(values.Length)];
        Quantizer.Quantize(format, values, blocks);
        var back = new float[values.Length];
        format.Widen(blocks, back);
        return back;
    }

    private static double Error(float[] values, float[] back) =>
        Math.Sqrt(values.Zip(back, (x, y) => Math.Pow(x - (double)y, 2)).Sum() / values.Sum(x => (double)x * x));

    // What the format can hold, with each scale and minimum straight from a group's extremes.
    private static float[] FromExtremes(QuantizedFormat format, float[] values)
    {
        var (group, isLong) = (format == QuantizedFormat.Q6_K ? 16 : 32, format.BlockElements() == 256);
        var hasMinimum = format is QuantizedFormat.Q4_K or QuantizedFormat.Q5_K;
        var high = format switch
        {
            QuantizedFormat.Q4_0 => 7,
            QuantizedFormat.Q5_0 => 15,
            QuantizedFormat.Q8_0 => 127,
            QuantizedFormat.Q6_K => 31,
            QuantizedFormat.Q4_K => 15,
            _ => 31,
        };
        return [.. values.Chunk(isLong ? 256 : 32).SelectMany(block =>
        {
            var fits = block.Chunk(group).Select(g => hasMinimum
                ? (Scale: (Math.Max(0, g.Max()) - Math.Min(0, g.Min())) / high, Minimum: -Math.Min(0, g.Min()))
                : (Scale: g.Max(Math.Abs) / high, Minimum: 0f)).ToArray();
            var levels = format == QuantizedFormat.Q6_K ? 127 : 63;
            var d = (float)(Half)(fits.Max(f => f.Scale) / (isLong ? levels : 1));
            var m = (float)(Half)(fits.Max(f => f.Minimum) / levels);
            return block.Chunk(group).SelectMany((g, i) =>
            {
                var scale = isLong ? d * MathF.Round(fits[i].Scale / d) : d;
                var minimum = m > 0 ? m * MathF.Round(fits[i].Minimum / m) : 0;
                return g.Select(x => (scale * Math.Clamp(MathF.Round((x + minimum) / scale), hasMinimum ? 0 : -high - 1, high)) - minimum);
            });
        })];
    }
}
