namespace Augur.Tests.Sampling;

/// <summary>Comparison of latents.</summary>
internal static class LatentComparison
{
    /// <summary>The largest difference is at most a share of the largest expected value.</summary>
    public static void AssertClose(float[] expected, float[] actual, double relative, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = expected.Max(Math.Abs);
        var difference = expected.Zip(actual, (e, a) => (double)Math.Abs(e - a)).Max();
        Assert.True(difference <= relative * scale, $"{what}: differs by {difference:G3}, {difference / scale:G3} of the largest value");
    }
}
