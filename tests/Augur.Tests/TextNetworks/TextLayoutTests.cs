using Augur.Catalogs;
using Augur.Models.Flux2;
using Augur.Models.QwenImage;
using Augur.Models.ZImage;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Tests.TextNetworks;

/// <summary>What inspection asks of the layouts.</summary>
public sealed class TextLayoutTests
{
    [Fact]
    public void What_is_expected_of_each_fixture_is_what_it_holds()
    {
        using var flux = Checkpoint.Open(Fixtures.Path("flux2-core/weights.safetensors"));
        using var qwen = Checkpoint.Open(Fixtures.Path("qwen-image-core/weights.safetensors"));
        using var z = Checkpoint.Open(Fixtures.Path("z-image-core/weights.safetensors"));
        Assert.Equal([true, false, false], [.. new[] { flux, qwen, z }.Select(Flux2Layouts.Is)]);
        Assert.Equal([false, true, false], [.. new[] { flux, qwen, z }.Select(QwenImageLayouts.Is)]);
        Assert.Equal([false, false, true], [.. new[] { flux, qwen, z }.Select(ZImageLayouts.Is)]);
        Equal(flux, Flux2Layouts.Expected(flux, Flux2Layouts.Infer(flux)));
        Equal(qwen, QwenImageLayouts.Expected(QwenImageLayouts.Infer(qwen)));
        Equal(z, ZImageLayouts.Expected(z, ZImageLayouts.Infer(z)));

        static void Equal(Checkpoint checkpoint, Dictionary<string, Shape> expected)
        {
            Assert.Equal(checkpoint.Tensors.Keys.Order(StringComparer.Ordinal), expected.Keys.Order(StringComparer.Ordinal));
            Assert.All(checkpoint.Tensors.Values, t => Assert.Equal(t.Shape, expected[t.Name]));
        }
    }

    [Theory]
    [InlineData("flux2-core", "FLUX.2 2+3x24, diffusers layout")]
    [InlineData("qwen-image-core", "Qwen-Image 3x24")]
    [InlineData("z-image-core", "Z-Image 3x24")]
    public void Inspection_names_the_network(string folder, string architecture)
    {
        var found = ModelInspection.Inspect(Fixtures.Path($"{folder}/weights.safetensors"));
        Assert.StartsWith(architecture, found.Architecture);
        Assert.Empty(found.Missing);
        Assert.Empty(found.Unused);
    }
}
