using Augur.Tensors.Weights;

namespace Augur.Tests.Metrics.Features;

/// <summary>Compares with what another framework computed.</summary>
internal static class Closeness
{
    /// <summary>The largest difference, relative to the largest expected value.</summary>
    public static void AssertRelative(StoredTensor expected, IEnumerable<float> actual, double tolerance)
    {
        var (wanted, found) = (expected.ToSingles(), actual.ToArray());
        Assert.Equal(wanted.Length, found.Length);
        var worst = wanted.Zip(found, (w, f) => Math.Abs((double)w - f)).Max() / wanted.Max(Math.Abs);
        Assert.True(worst <= tolerance, $"{expected.Name}: {worst:e2} from the largest value, more than {tolerance:e2}");
    }
}
