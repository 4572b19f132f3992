using System.Text;
using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Reference;

namespace Augur.Tests.Decoding;

public sealed class ImageTests : IDisposable
{
    private readonly ReferenceBackend _backend = new();

    public void Dispose() => _backend.Dispose();

    [Fact]
    public void Pixel_values_are_rounded_to_the_nearest_and_limited()
    {
        using var scope = TensorScope.Begin();
        var pixels = Tensor.From(
            _backend, [-1f, 1, -7, 7, float.NaN, 0, 0.0039f, -0.0041f, (2 * 100.4f / 255) - 1, (2 * 100.6f / 255) - 1, -0.99f, 0.99f], [1, 3, 2, 2]);
        var image = ((Picture)new PixelDecoder().Decode(pixels)).Image;
        Assert.Equal([0, 0, 100, 255, 128, 101, 0, 128, 1, 255, 127, 254], image.Rgb.ToArray());
    }

    [Fact]
    public void Grey_pixels_become_three_equal_channels_and_batches_become_pictures()
    {
        using var scope = TensorScope.Begin();
        var images = RgbImage.FromPixels(Tensor.From(_backend, [-1f, 1], [2, 1, 1, 1]));
        Assert.Equal(2, images.Length);
        Assert.Equal([255, 255, 255], images[1].Rgb.ToArray());
    }

    [Fact]
    public void A_picture_survives_the_way_through_a_tensor()
    {
        using var scope = TensorScope.Begin();
        var image = PngTests.Picture(16, 11);
        Assert.True(image.Rgb.SequenceEqual(RgbImage.FromPixels(image.ToTensor(_backend))[0].Rgb));
    }

    [Fact]
    public void Impossible_pictures_are_refused_with_both_numbers()
    {
        Assert.Equal("5 values do not fill an image of 2x1 pixels, which has 6.",
            Assert.Throws<ArgumentException>(() => new RgbImage(2, 1, new byte[5])).Message);
        Assert.Throws<ArgumentException>(() => new RgbImage(0, 1, []));
        using var scope = TensorScope.Begin();
        Assert.Throws<ArgumentException>(() => new PixelDecoder().Decode(Tensor.Zeros(_backend, [1, 4, 2, 2])));
    }

    [Fact]
    public void Enlarging_repeats_each_pixel()
    {
        var image = new RgbImage(2, 1, [1, 2, 3, 4, 5, 6]).Enlarge(2);
        Assert.Equal((4, 2), (image.Width, image.Height));
        Assert.Equal([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], image.Rgb.ToArray());
    }

    [Fact]
    public void A_sheet_places_pictures_row_by_row_with_padding_between()
    {
        RgbImage[] images = [.. Enumerable.Range(1, 3).Select(i => new RgbImage(1, 1, [(byte)i, (byte)i, (byte)i]))];
        var sheet = ImageGrid.Compose(images, 2, new() { Padding = 1, Enlargement = 2, Background = 9 });
        Assert.Equal((7, 7), (sheet.Width, sheet.Height));
        var grey = sheet.Rgb.ToArray().Where((_, i) => i % 3 == 0).Select(b => (char)('0' + b)).ToArray();
        Assert.Equal("9999999911922991192299999999933999993399999999999", new string(grey));
    }

    [Fact]
    public void A_sheet_of_different_sizes_names_them()
    {
        var error = Assert.Throws<ArgumentException>(() => ImageGrid.Compose([PngTests.Picture(2, 2), PngTests.Picture(2, 3)], 2));
        Assert.Equal("Pictures on a sheet have one size, not 2x2 and 2x3.", error.Message);
        Assert.Throws<ArgumentException>(() => ImageGrid.Compose([], 2));
    }

    [Fact]
    public void A_preview_shows_pixels_as_they_are_and_stretches_latents()
    {
        using var scope = TensorScope.Begin();
        var pixels = Tensor.From(_backend, [-1f, 1, -1, 1, -1, 1], [1, 3, 1, 2]);
        Assert.Equal([0, 0, 0, 255, 255, 255], LatentPreview.Draw(pixels, isPixels: true).Rgb.ToArray());
        var latent = Tensor.From(_backend, [10f, 30, 0, 0, -5, 5, 8, 9], [1, 4, 1, 2]);
        Assert.Equal([64, 128, 64, 191, 128, 191], LatentPreview.Draw(latent, isPixels: false).Rgb.ToArray());
    }

    [Fact]
    public void Previews_and_decodings_leave_nothing_in_memory()
    {
        using (var latent = Tensor.Full(_backend, [1, 16, 4, 4], 0.5f))
        {
            LatentPreview.Draw(latent, isPixels: false);
        }

        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void The_checksum_is_that_of_the_specification()
    {
        Assert.Equal(0xCBF43926, Crc32.Of("1234"u8, Encoding.ASCII.GetBytes("56789")));
    }
}
