using Augur.Sampling;

namespace Augur.Tests.Sampling;

public sealed class TorchCudaNoiseTests
{
    [Fact]
    public void Seed_0_gives_the_twelve_numbers_that_cuda_is_known_for()
    {
        // torch.manual_seed(0); torch.randn((3, 4), device="cuda")
        float[] expected =
        [
            -0.92466259f, -0.42534415f, -2.6438457f, 0.14518388f, -0.12086647f, -0.57972564f,
            -0.62285122f, -0.32838709f, -1.07454231f, -0.36314407f, -1.67105067f, 2.26550497f,
        ];
        var actual = new float[12];
        new TorchCudaNoise(0).Fill(actual);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 2e-6f);
        }
    }

    [Fact]
    public void Numbers_beyond_the_first_grid_are_the_further_draws_of_its_threads()
    {
        // One multiprocessor of 256 threads: number 256·k + i is draw k of thread i; the fifth draw takes the next counter.
        var large = new float[1100];
        new TorchCudaNoise(5, 1, 256).Fill(large);
        var wide = new float[1100];
        var source = new TorchCudaNoise(5);
        source.Fill(wide);
        Assert.Equal(wide[..256], large[..256]);
        Assert.NotEqual(wide[256..], large[256..]);
        source.Fill(wide);
        Assert.Equal(wide[..76], large[1024..]);
    }

    [Fact]
    public void Later_rounds_continue_each_thread_where_two_calls_would()
    {
        var both = new float[2048];
        new TorchCudaNoise(9, 1, 256).Fill(both);
        var source = new TorchCudaNoise(9, 1, 256);
        var halves = new float[1024];
        source.Fill(halves);
        Assert.Equal(both[..1024], halves);
        source.Fill(halves);
        Assert.Equal(both[1024..], halves);
    }

    [Fact]
    public void A_device_that_cannot_be_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new TorchCudaNoise(0, 0));
        Assert.Equal("TorchCudaNoise: 0 multiprocessors with 2048 threads; 1 to 1024 and 256 to 4096 are possible.", error.Message);
    }

    [Fact]
    public void The_numbers_are_unit_gaussian()
    {
        var values = new float[1 << 16];
        new TorchCudaNoise(3).Fill(values);
        Assert.Equal(0, values.Average(), 0.02);
        Assert.Equal(1, values.Average(v => v * v), 0.02);
    }
}
