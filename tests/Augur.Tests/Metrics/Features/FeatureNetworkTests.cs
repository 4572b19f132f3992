using Augur.Catalogs;
using Augur.Decoding;
using Augur.Metrics.Features;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;
using Augur.Tests.Weights;

namespace Augur.Tests.Metrics.Features;

public sealed class FeatureNetworkTests : IDisposable
{
    private static readonly (int Width, int Height)[] s_sizes = [(32, 32), (32, 32), (64, 64), (50, 41), (20, 32)];
    private static readonly RgbImage[] s_pictures = [.. s_sizes.Select((size, i) => HashedNumbers.Picture($"picture {i}", size.Width, size.Height))];
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 1 });
    private readonly FeatureNetwork _network;

    public FeatureNetworkTests() => _network = FeatureNetwork.LoadBuiltIn(_backend);

    public void Dispose()
    {
        _network.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void It_computes_what_PyTorch_computes()
    {
        using var expected = Checkpoint.Open(Fixtures.Path("features/features.safetensors"));
        var described = _network.Describe(s_pictures).ToArray();
        Closeness.AssertRelative(expected.Tensors["pooled"], described.SelectMany(p => p.Pooled), 1e-4);
        Closeness.AssertRelative(expected.Tensors["scores"], described.SelectMany(p => p.Scores), 1e-4);
        Assert.Equal(4, described[0].Stages.Count);
        for (var s = 0; s < 4; s++)
        {
            Closeness.AssertRelative(expected.Tensors[$"stage.{s}"], EveryNth(described[0].Stages[s]), 1e-4);
        }
    }

    [Fact]
    public void The_distance_is_what_PyTorch_computes()
    {
        using var expected = Checkpoint.Open(Fixtures.Path("features/features.safetensors"));
        var distances = PerceptualDistance.Between(_network, s_pictures.Select(p => (s_pictures[0], p)));
        Closeness.AssertRelative(expected.Tensors["distance"], distances.Select(d => (float)d), 1e-4);
    }

    [Fact]
    public void A_picture_is_described_alike_alone_and_among_others()
    {
        var many = _network.Describe(Enumerable.Range(0, 40).Select(i => s_pictures[i % 5])).ToArray();
        var alone = _network.Describe([s_pictures[3]]).Single();
        Assert.Equal(alone.Pooled, many[38].Pooled);
        Assert.Equal(alone.Scores, many[38].Scores);
    }

    [Fact]
    public void The_distance_is_zero_for_equal_pictures_and_grows_with_noise()
    {
        var picture = s_pictures[0];
        var distances = PerceptualDistance.Between(_network, new[] { 0, 8, 32, 96 }.Select(strength => (WithNoise(picture, strength), picture)))
            .ToArray();
        Assert.Equal(0, distances[0]);
        Assert.Equal(distances.Order(), distances);
        Assert.Equal(distances.Distinct(), distances);
    }

    [Fact]
    public void Its_emoji_classes_are_those_of_the_built_in_model()
    {
        var model = ModelInspection.Inspect(ModelCatalog.BuiltInPath);
        Assert.Equal("emoji", _network.HeadFor([.. model.Classes]).Name);
        Assert.Equal("cifar10", _network.HeadFor(["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]).Name);
    }

    [Fact]
    public void Class_names_that_no_head_or_several_know_are_refused()
    {
        Assert.Contains(
            "no head knows", Assert.Throws<ArgumentException>(() => _network.HeadFor(["octopus", "truck"])).Message, StringComparison.Ordinal);
        Assert.Contains("several heads", Assert.Throws<ArgumentException>(() => _network.HeadFor(["airplane"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_stays_rented_after_describing()
    {
        var before = _backend.BytesInUse;
        _ = _network.Describe(s_pictures).ToArray();
        Assert.Equal(before, _backend.BytesInUse);
    }

    [Fact]
    public void Weights_that_do_not_fit_the_configuration_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(FeatureNetwork.BuiltInPath, "model.safetensors"), Path.Combine(folder.Path, "model.safetensors"));
        var config = File.ReadAllText(Path.Combine(FeatureNetwork.BuiltInPath, "config.json"));
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), config.Replace("256", "255", StringComparison.Ordinal));
        var before = _backend.BytesInUse;
        var error = Assert.Throws<WeightFileException>(() => FeatureNetwork.Load(folder.Path, _backend));
        Assert.Contains("stages.3.0.weight", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _backend.BytesInUse);
    }

    [Fact]
    public void An_unknown_field_of_the_configuration_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "config.json"), """{ "architecture": "augur-features", "colour": 1 }""");
        Assert.Contains(
            "colour", Assert.Throws<WeightFileException>(() => FeatureNetwork.Load(folder.Path, _backend)).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<float> EveryNth(StageMap map)
    {
        var step = map.Height / 4;
        for (var place = 0; place < 16; place++)
        {
            var start = ((place / 4 * step * map.Width) + (place % 4 * step)) * map.Channels;
            for (var c = 0; c < map.Channels; c++)
            {
                yield return map.Values[start + c];
            }
        }
    }

    private static RgbImage WithNoise(RgbImage image, int strength)
    {
        var noise = HashedNumbers.Uniform("noise", image.Rgb.Length);
        var rgb = image.Rgb.ToArray();
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = (byte)Math.Clamp(rgb[i] + (strength * ((2 * noise[i]) - 1)), 0, 255);
        }

        return new RgbImage(image.Width, image.Height, rgb);
    }
}
