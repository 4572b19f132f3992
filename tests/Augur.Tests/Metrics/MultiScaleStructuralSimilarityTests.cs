using Augur.Decoding;
using Augur.Metrics;
using Augur.Tensors.Weights;

namespace Augur.Tests.Metrics;

/// <summary>Against an independent calculation; see the fixture's README.</summary>
public sealed class MultiScaleStructuralSimilarityTests
{
    [Theory]
    [InlineData("five", 5)]
    [InlineData("three", 3)]
    [InlineData("two", 2)]
    [InlineData("one", 1)]
    [InlineData("narrow", 1)]
    [InlineData("inverted", 3)]
    public void It_equals_an_independent_calculation_at_as_many_scales_as_fit(string name, int scales)
    {
        using var saved = Checkpoint.Open(Fixtures.Path("metrics/pictures.safetensors"));
        var (image, reference) = (Picture(saved.Tensors[$"{name}.image"]), Picture(saved.Tensors[$"{name}.reference"]));
        Assert.Equal(scales, MultiScaleStructuralSimilarity.Scales(image.Width, image.Height));
        Assert.Equal(saved.Tensors[$"{name}.ssim"].ToDoubles()[0], StructuralSimilarity.Of(image, reference), 1e-9);
        Assert.Equal(saved.Tensors[$"{name}.msssim"].ToDoubles()[0], MultiScaleStructuralSimilarity.Of(image, reference), 1e-9);
    }

    [Fact]
    public void The_fixture_holds_similar_pictures_and_one_whose_structure_is_opposite()
    {
        using var saved = Checkpoint.Open(Fixtures.Path("metrics/pictures.safetensors"));
        Assert.InRange(saved.Tensors["five.msssim"].ToDoubles()[0], 0.5, 0.99);
        Assert.True(saved.Tensors["inverted.ssim"].ToDoubles()[0] < 0);
        Assert.Equal(0, saved.Tensors["inverted.msssim"].ToDoubles()[0]);
    }

    [Theory]
    [InlineData(161, 161, 5)]
    [InlineData(160, 1000, 4)]
    [InlineData(21, 21, 2)]
    [InlineData(20, 20, 1)]
    [InlineData(1, 1, 1)]
    public void A_scale_needs_room_for_the_window(int width, int height, int scales) =>
        Assert.Equal(scales, MultiScaleStructuralSimilarity.Scales(width, height));

    [Fact]
    public void Identical_pictures_are_exactly_alike()
    {
        using var saved = Checkpoint.Open(Fixtures.Path("metrics/pictures.safetensors"));
        var image = Picture(saved.Tensors["five.image"]);
        Assert.Equal(1, MultiScaleStructuralSimilarity.Of(image, image));
    }

    [Fact]
    public void Pictures_of_different_sizes_are_refused_with_both()
    {
        RgbImage a = new(1, 2, new byte[6]), b = new(2, 1, new byte[6]);
        Assert.Contains("1x2 and 2x1", Assert.Throws<ArgumentException>(() => MultiScaleStructuralSimilarity.Of(a, b)).Message);
    }

    private static RgbImage Picture(StoredTensor stored) => new(stored.Shape[1], stored.Shape[0], stored.Bytes.ToArray());
}
