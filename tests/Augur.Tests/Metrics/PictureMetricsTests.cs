using Augur.Decoding;
using Augur.Metrics;

namespace Augur.Tests.Metrics;

public sealed class PictureMetricsTests
{
    [Fact]
    public void Identical_pictures_have_no_error()
    {
        var (image, _) = Pair(24, 16);
        Assert.Equal(double.PositiveInfinity, PixelError.Psnr(image, image));
        Assert.Equal(1, StructuralSimilarity.Of(image, image));
        Assert.Equal(0, PixelError.Largest(image, image));
        Assert.All(PixelError.Map(image, image, 8).Rgb.ToArray(), v => Assert.Equal(0, v));
    }

    [Fact]
    public void Psnr_and_largest_error_follow_the_formula()
    {
        RgbImage a = new(2, 1, [10, 20, 30, 40, 50, 60]), b = new(2, 1, [10, 20, 33, 40, 46, 60]);
        Assert.Equal(10 * Math.Log10(65025.0 / (25.0 / 6)), PixelError.Psnr(a, b), 12);
        Assert.Equal(PixelError.Psnr(a, b), PixelError.Psnr(b, a));
        Assert.Equal(4, PixelError.Largest(a, b));
        Assert.Equal([0, 0, 24, 0, 32, 0], PixelError.Map(a, b, 8).Rgb.ToArray());
    }

    [Fact]
    public void Black_against_white_is_the_worst_psnr_and_its_map_is_limited()
    {
        RgbImage black = new(1, 1, [0, 0, 0]), white = new(1, 1, [255, 255, 255]);
        Assert.Equal(0, PixelError.Psnr(black, white), 12);
        Assert.Equal([255, 255, 255], PixelError.Map(black, white, int.MaxValue).Rgb.ToArray());
    }

    // Constants from a separate program in another language: a two-dimensional window, variances from differences to the mean.
    [Theory]
    [InlineData(24, 16, 0.6060390115399645)]
    [InlineData(8, 8, 0.9032042485050489)]
    [InlineData(5, 20, 0.8639461196201355)]
    public void Ssim_equals_an_independent_calculation(int width, int height, double expected)
    {
        var (a, b) = Pair(width, height);
        Assert.Equal(expected, StructuralSimilarity.Of(a, b), 10);
        Assert.Equal(expected, StructuralSimilarity.Of(b, a), 10);
    }

    [Fact]
    public void Ssim_of_flat_pictures_is_its_luminance_term()
    {
        var (dark, light) = (Flat(100), Flat(150));
        var c1 = 2.55 * 2.55;
        Assert.Equal(((2 * 100 * 150) + c1) / ((100 * 100) + (150 * 150) + c1), StructuralSimilarity.Of(dark, light), 9);
    }

    [Fact]
    public void Pictures_of_different_sizes_are_refused_with_both()
    {
        RgbImage a = new(1, 2, new byte[6]), b = new(2, 1, new byte[6]);
        Assert.All<Action>(
            [() => PixelError.Psnr(a, b), () => PixelError.Largest(a, b), () => PixelError.Map(a, b, 1), () => StructuralSimilarity.Of(a, b)],
            compare => Assert.Contains("1x2 and 2x1", Assert.Throws<ArgumentException>(compare).Message));
    }

    [Fact]
    public void Relative_latent_error_is_the_ratio_of_norms()
    {
        Assert.Equal(0.1, LatentError.Relative([3, 4.5f], [3, 4]), 12);
        Assert.Equal(0, LatentError.Relative([0, 0], [0, 0]));
        Assert.Equal(double.PositiveInfinity, LatentError.Relative([1], [0]));
        Assert.Equal(double.NaN, LatentError.Relative([float.NaN], [1]));
        Assert.Contains("2 and 1 values", Assert.Throws<ArgumentException>(() => LatentError.Relative([1, 2], [1])).Message);
    }

    private static RgbImage Flat(byte grey) => new(12, 12, [.. Enumerable.Repeat(grey, 12 * 12 * 3)]);

    private static (RgbImage, RgbImage) Pair(int width, int height) => (
        Draw(width, height, (x, y) => ((37 * x) + (11 * y), (5 * x * y) + (13 * x), (x * x) + (7 * y * y))),
        Draw(width, height, (x, y) => ((37 * x) + (11 * y) + (x * y % 9 * 4), (5 * x * y) + (13 * x) + 20, (x * x) + (7 * y * y) + (3 * x))));

    private static RgbImage Draw(int width, int height, Func<int, int, (int R, int G, int B)> colour)
    {
        var rgb = new List<byte>();
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (r, g, b) = colour(x, y);
                rgb.AddRange([(byte)(r % 256), (byte)(g % 256), (byte)(b % 256)]);
            }
        }

        return new RgbImage(width, height, [.. rgb]);
    }
}
