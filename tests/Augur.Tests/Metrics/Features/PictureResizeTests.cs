using Augur.Decoding;
using Augur.Metrics.Features;
using Augur.Tensors.Reference;

namespace Augur.Tests.Metrics.Features;

public sealed class PictureResizeTests
{
    // 3 by 1 pixels, grey.
    private static readonly RgbImage s_picture = new(3, 1, [0, 0, 0, 102, 102, 102, 255, 255, 255]);

    [Fact]
    public void By_area_a_new_pixel_is_the_mean_of_what_it_covers() => AssertLevels([34, 204, 34, 204], PictureResize.ByArea(2));

    [Fact]
    public void By_area_an_enlarged_picture_repeats_its_pixels() =>
        AssertLevels([0, 0, 102, 102, 255, 255], PictureResize.ByArea(6), first: 6);

    [Fact]
    public void Bilinear_reads_two_pixels_at_half_integer_centres() => AssertLevels([25.5, 216.75, 25.5, 216.75], PictureResize.Bilinear(2));

    [Fact]
    public void At_its_own_size_a_picture_stays_as_it_is()
    {
        var picture = HashedNumbers.Picture("same", 7, 7);
        double[] levels = [.. picture.Rgb.ToArray().Select(v => (double)v)];
        Assert.Equal(levels, Levels(picture, PictureResize.ByArea(7)), (a, b) => Math.Abs(a - b) < 1e-4);
        Assert.Equal(levels, Levels(picture, PictureResize.Bilinear(7)), (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private static void AssertLevels(double[] expected, PictureResize resize, int? first = null)
    {
        double[] red = [.. Levels(s_picture, resize).Where((_, i) => i % 3 == 0).Take(first ?? int.MaxValue)];
        Assert.Equal(expected, red, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    private static double[] Levels(RgbImage image, PictureResize resize)
    {
        using var backend = new ReferenceBackend();
        using var pixels = resize.ToTensor(backend, [image]);
        return Array.ConvertAll(pixels.ToArray(), v => (v + 1) * 127.5);
    }
}
