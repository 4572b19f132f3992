using System.Runtime.InteropServices;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

public sealed class FiniteCheckTests
{
    [Fact]
    public void The_first_element_that_is_not_finite_is_found_wherever_it_stands()
    {
        for (var length = 1; length < 150; length++)
        {
            for (var at = Math.Max(0, length - 3); at < length; at++)
            {
                var halves = new Half[length];
                var singles = new float[length];
                Array.Fill(halves, Half.MaxValue);
                Array.Fill(singles, -float.MaxValue);
                Assert.Equal(-1, Find<Half>(halves, StoredType.Float16));
                Assert.Equal(-1, Find<float>(singles, StoredType.Float32));
                (halves[at], singles[at]) = (Half.NegativeInfinity, float.NaN);
                Assert.Equal(at, Find<Half>(halves, StoredType.Float16));
                Assert.Equal(at, Find<float>(singles, StoredType.Float32));
            }
        }
    }

    [Theory]
    [InlineData(StoredType.BFloat16, new byte[] { 0x7f, 0x7f, 0x80, 0x7f }, 1)] // the largest number, infinity
    [InlineData(StoredType.BFloat16, new byte[] { 0x7f, 0x7f, 0x7f, 0xff }, -1)]
    [InlineData(StoredType.Float8E5M2, new byte[] { 0x7b, 0xfb, 0x7c }, 2)]
    [InlineData(StoredType.Float8E4M3, new byte[] { 0x7e, 0xfe, 0xff }, 2)]
    [InlineData(StoredType.Int16, new byte[] { 0xff, 0x7f, 0xff, 0xff }, -1)]
    public void Every_type_has_its_own_bits(StoredType type, byte[] bytes, int index) =>
        Assert.Equal(index, FiniteCheck.IndexOfNonFinite(bytes, type));

    [Fact]
    public void A_double_that_single_precision_cannot_hold_is_found()
    {
        Assert.Equal(1, Find<double>([1e38, 1e39], StoredType.Float64));
        Assert.Equal(0, Find<double>([double.NaN], StoredType.Float64));
    }

    private static int Find<T>(ReadOnlySpan<T> elements, StoredType type)
        where T : unmanaged => FiniteCheck.IndexOfNonFinite(MemoryMarshal.AsBytes(elements), type);
}
