using Augur.Sampling;

namespace Augur.Tests.Sampling;

public sealed class GivenNoiseTests
{
    [Fact]
    public void Numbers_come_in_order_and_running_out_is_named()
    {
        var source = new GivenNoise(new float[] { 1, 2, 3, 4, 5 });
        var taken = new float[3];
        source.Fill(taken);
        Assert.Equal([1f, 2, 3], taken);
        var error = Assert.Throws<InvalidOperationException>(() => source.Fill(taken));
        Assert.Equal("The given noise has 5 numbers, of which 3 are used; a further 3 were asked for.", error.Message);
        Assert.Equal(2, source.Remaining);
    }
}
