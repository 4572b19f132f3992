using Augur.Catalogs;
using Augur.Decoding;
using Augur.Metrics;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors.Cpu;

namespace Augur.Tests.Metrics;

public sealed class BrokenImageTests
{
    private const int Side = 32;

    [Fact]
    public async Task Pictures_of_the_built_in_model_are_whole()
    {
        using var backend = new CpuBackend();
        using var model = ModelCatalog.LoadBuiltIn(backend);
        string[] names = ["rabbit face", "zebra", "snowman", "dolphin"];
        var requests = names.Select(name => model.Request(name, seed: 11) with { Steps = 10 });
        var results = await new GenerationPipeline(model).GenerateAsync([.. requests]);
        Assert.All(results, result => Assert.Equal(Breakage.None, BrokenImage.Find(result)));
    }

    [Fact]
    public void Pictures_on_the_sample_sheet_are_whole_and_far_from_the_limits()
    {
        var tiles = SampleTiles();
        Assert.Equal(72, tiles.Count);
        Assert.All(tiles, tile => Assert.Equal(Breakage.None, BrokenImage.Find(tile)));
        Assert.All(tiles, tile =>
            Assert.InRange(BrokenImage.Correlation(tile, BrokenImage.ChannelMeans(tile), 1, 0), 2 * BrokenImage.MostNoiseCorrelation, 1.1));
    }

    [Theory]
    [InlineData(8, 8)]
    [InlineData(32, 32)]
    [InlineData(64, 9)]
    public void White_noise_is_found(int width, int height)
    {
        var random = new Random(5);
        for (var i = 0; i < 50; i++)
        {
            var (colour, grey) = (new byte[3 * width * height], new byte[3 * width * height]);
            random.NextBytes(colour);
            for (var j = 0; j < grey.Length; j++)
            {
                grey[j] = colour[j / 3];
            }

            Assert.Equal(Breakage.Noise, BrokenImage.Find(new RgbImage(width, height, colour)));
            if (width >= Side)
            {
                Assert.Equal(Breakage.Noise, BrokenImage.Find(new RgbImage(width, height, grey)));
            }
        }
    }

    [Fact]
    public void Gaussian_noise_that_was_never_denoised_is_found()
    {
        var noise = new TorchCpuNoise(3);
        var values = new float[3 * Side * Side];
        noise.Fill(values);
        Assert.Equal(
            Breakage.Noise, BrokenImage.Find(new RgbImage(Side, Side, Array.ConvertAll(values, v => (byte)Math.Clamp((v + 1) * 127.5f, 0, 255)))));
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(255, 255, 255)]
    [InlineData(12, 200, 77)]
    public void One_colour_is_constant(byte red, byte green, byte blue)
    {
        Assert.Equal(Breakage.Constant, BrokenImage.Find(Draw((_, _) => (red, green, blue))));
        Assert.Equal(Breakage.Constant, BrokenImage.Find(new RgbImage(1, 1, [red, green, blue])));
    }

    [Fact]
    public void A_colour_with_a_trace_of_grain_is_nearly_constant()
    {
        var random = new Random(1);
        Assert.Equal(Breakage.NearConstant, BrokenImage.Find(Draw((_, _) => ((byte)random.Next(100, 103), 50, 60))));
        Assert.Equal(Breakage.NearConstant,
            BrokenImage.Find(Draw((x, y) => (x, y) == (3, 4) ? ((byte)130, (byte)100, (byte)100) : ((byte)100, (byte)100, (byte)100))));
    }

    [Fact]
    public void Pictures_with_structure_are_whole()
    {
        Assert.Equal(Breakage.None, BrokenImage.Find(Draw((x, y) => ((byte)(8 * x), (byte)(8 * y), 128))));
        Assert.Equal(Breakage.None, BrokenImage.Find(
            Draw((x, y) => (x - 9, y - 9) is ( >= 0 and < 5, >= 0 and < 5) ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255))));
        Assert.Equal(
            Breakage.None, BrokenImage.Find(Draw((x, y) => ((x + y) % 2 == 0) ? ((byte)0, (byte)0, (byte)0) : ((byte)255, (byte)255, (byte)255))));
        var random = new Random(1);
        Assert.Equal(Breakage.None, BrokenImage.Find(Draw((_, _) => ((byte)random.Next(90, 110), 50, 60))));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_latent_that_is_not_finite_is_found(float value)
    {
        Assert.Equal(Breakage.NotFinite, BrokenImage.Find([0, 1, value, 2]));
        Assert.Equal(Breakage.None, BrokenImage.Find([0, 1, float.MaxValue]));
    }

    [Fact]
    public async Task The_latent_of_a_result_is_looked_at_before_its_picture()
    {
        using var backend = new CpuBackend();
        using var model = ModelCatalog.LoadBuiltIn(backend);
        var result = await new GenerationPipeline(model).GenerateAsync(model.Request("red apple", seed: 1) with { Steps = 1 });
        Assert.Equal(Breakage.NotFinite, BrokenImage.Find(result with { Latent = [float.NaN], Output = new Picture(Draw((_, _) => (0, 0, 0))) }));
        Assert.Equal(Breakage.Constant, BrokenImage.Find(result with { Output = new Picture(Draw((_, _) => (0, 0, 0))) }));
    }

    private static RgbImage Draw(Func<int, int, (byte R, byte G, byte B)> colour)
    {
        var pixels = from y in Enumerable.Range(0, Side) from x in Enumerable.Range(0, Side) select colour(x, y);
        return new RgbImage(Side, Side, [.. pixels.SelectMany(p => new[] { p.R, p.G, p.B })]);
    }

    // Nine columns of eight, each picture enlarged twice and two pixels of padding around: every second pixel is the picture's own.
    private static List<RgbImage> SampleTiles()
    {
        var sheet = RgbImage.LoadPng(Path.Combine(Fixtures.Path(""), "..", "..", "models", "emoji", "samples.png"));
        List<RgbImage> tiles = [];
        for (var top = 2; top + (2 * Side) <= sheet.Height; top += (2 * Side) + 2)
        {
            for (var left = 2; left + (2 * Side) <= sheet.Width; left += (2 * Side) + 2)
            {
                var (x0, y0) = (left, top);
                tiles.Add(Draw((x, y) =>
                {
                    var at = 3 * (((y0 + (2 * y)) * sheet.Width) + x0 + (2 * x));
                    return (sheet.Rgb[at], sheet.Rgb[at + 1], sheet.Rgb[at + 2]);
                }));
            }
        }

        return tiles;
    }
}
