using Augur.Catalogs;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Catalogs;

public sealed class NoiseCatalogTests : IDisposable
{
    private static readonly Shape s_latent = [4, 8, 8];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_picture_gets_its_entry_and_the_noise_of_its_steps()
    {
        var source = NoiseCatalog.Parse($"file:{Save([2, 3, 4, 8, 8])}", s_latent, 2);
        var values = new float[256];
        var noise = source(0, 1);
        for (var draw = 0; draw < 3; draw++)
        {
            noise.Fill(values);
            Assert.Equal([(3 + draw) * 256f, ((3 + draw) * 256f) + 255], [values[0], values[255]]);
        }

        var error = Assert.Throws<InvalidOperationException>(() => noise.Fill(values));
        var name = $"The noise of picture 1 in {_folder.File("noise.safetensors")}";
        Assert.Equal($"{name} has 768 numbers, of which 768 are used; a further 256 were asked for.", error.Message);
    }

    [Theory]
    [InlineData("[1, 4, 16, 16]", 1, 1, 4, 16, 16)]
    [InlineData("[2, 4, 4, 16]", 2, 2, 4, 4, 16)]
    [InlineData("[2, 256]", 2, 2, 256)]
    [InlineData("[2, 0, 4, 8, 8]", 2, 2, 0, 4, 8, 8)]
    [InlineData("[2, 4, 8, 8]", 3, 2, 4, 8, 8)]
    [InlineData("[4, 8, 8]", 1, 4, 8, 8)]
    public void Noise_of_another_shape_or_for_fewer_pictures_is_named_with_both_shapes(string written, int count, params int[] shape)
    {
        var path = Save(new Shape(shape));
        var error = Assert.Throws<WeightFileException>(() => NoiseCatalog.Parse($"file:{path}", s_latent, count));
        Assert.Equal(
            $"{path}: tensor 'latents' is {written}; the noise of {count} {(count == 1 ? "picture" : "pictures")} is [{count}, 4, 8, 8], "
            + $"or with the noise of the steps [{count}, draws, 4, 8, 8].",
            error.Message);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    public void Noise_that_is_not_finite_is_refused_when_it_is_read(float value, string written)
    {
        var path = Save([2, 4, 8, 8], (256 + 17, value));
        var error = Assert.Throws<WeightFileException>(() => NoiseCatalog.Parse($"file:{path}", s_latent, 1));
        Assert.Equal($"{path}: tensor 'latents' has {written} in the noise of picture 1 (number 17); noise is finite.", error.Message);
    }

    [Theory]
    [InlineData("cuda", -1, ulong.MaxValue)]
    [InlineData("cuda", long.MinValue, 1UL << 63)]
    [InlineData("torch", -2, ulong.MaxValue - 1)]
    public void A_seed_of_64_bits_is_read_as_unsigned(string kind, long seed, ulong unsigned)
    {
        float[] expected = new float[64], actual = new float[64], halved = new float[64];
        New(unsigned).Fill(expected);
        New(unsigned >> 1).Fill(halved);
        NoiseCatalog.Parse(kind, s_latent, 1)(seed, 0).Fill(actual);
        Assert.Equal(expected, actual);
        Assert.NotEqual(halved, actual);

        INoiseSource New(ulong bits) => kind == "cuda" ? new TorchCudaNoise(bits) : new TorchCpuNoise(bits);
    }

    private string Save(Shape shape, params ReadOnlySpan<(int At, float Value)> changed)
    {
        float[] values = [.. Enumerable.Range(0, (int)shape.ElementCount).Select(i => (float)i)];
        foreach (var (at, value) in changed)
        {
            values[at] = value;
        }

        var path = _folder.File("noise.safetensors");
        new SafetensorsWriter().Add("latents", values, shape).Save(path);
        return path;
    }
}
