using System.Text.Json;
using Augur.Decoding;
using Augur.Decoding.Causal;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Decoding;

public sealed class CausalAutoencoderTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly Checkpoint _weights = Checkpoint.Open(Fixtures.Path("wan-vae/weights.safetensors"));
    private readonly CausalAutoencoderConfig _config = CausalAutoencoderConfig.Parse(ForeignJson.Read(Fixtures.Path("wan-vae/config.json")));

    public void Dispose()
    {
        _weights.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void The_first_frame_of_a_video_is_the_picture_of_its_first_latent()
    {
        using var model = new CausalAutoencoder(_weights, _config, _backend);
        using var scope = TensorScope.Begin();
        var video = Noise(1, 4, 3, 3, 4);
        var frames = model.DecodePixels(video);
        var picture = model.DecodePixels(video.Slice(2, 0, 1).Reshape([1, 4, 3, 4]));
        Assert.Equal([1, 3, 9, 24, 32], frames.Shape);
        Assert.Equal(picture.ToArray(), frames.Slice(2, 0, 1).ToArray());
        Assert.Equal(9, ((FrameSequence)model.Decode(video)).Frames.Count);
        Assert.IsType<Picture>(model.Decode(Noise(1, 4, 3, 4)));
    }

    [Fact]
    public void A_batch_is_its_single_pictures()
    {
        using var model = new CausalAutoencoder(_weights, _config, _backend);
        using var scope = TensorScope.Begin();
        var latents = Noise(2, 4, 3, 4);
        float[] alone = [.. model.DecodePixels(latents.Rows(0, 1)).ToArray(), .. model.DecodePixels(latents.Rows(1, 1)).ToArray()];
        Assert.Equal(alone, model.DecodePixels(latents).ToArray());
    }

    [Fact]
    public void Names_of_diffusers_give_the_same_pixels()
    {
        using var names = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("wan-vae/diffusers_names.json")));
        var path = Path.Combine(Directory.CreateTempSubdirectory("augur-wan-vae").FullName, "weights.safetensors");
        var writer = new SafetensorsWriter();
        foreach (var tensor in _weights.Tensors.Values)
        {
            writer.Add(names.RootElement.GetProperty(tensor.Name).GetString()!, tensor.ToSingles(), tensor.Shape);
        }

        writer.Save(path);
        using var renamed = Checkpoint.Open(path);
        Assert.True(CausalAutoencoder.Is(renamed));
        using var model = new CausalAutoencoder(_weights, _config, _backend);
        using var other = new CausalAutoencoder(renamed, _config, _backend);
        using var scope = TensorScope.Begin();
        var latent = Noise(1, 4, 2, 3, 4);
        Assert.Equal(model.DecodePixels(latent).ToArray(), other.DecodePixels(latent).ToArray());
        var pixels = Noise(1, 3, 5, 16, 16);
        Assert.Equal(model.EncodeLatents(pixels).ToArray(), other.EncodeLatents(pixels).ToArray());
    }

    [Fact]
    public void Tiles_keep_to_the_budget_and_are_close_to_the_whole()
    {
        using var whole = new CausalAutoencoder(_weights, _config, _backend);
        using var tiled = new CausalAutoencoder(
            _weights, _config, _backend, new() { MemoryBudget = whole.EstimateDecodeBytes(2, 24, 24), TileOverlap = 6 });
        using var scope = TensorScope.Begin();
        var latent = Noise(1, 4, 2, 30, 28);
        var calls = 0;
        var expected = whole.DecodePixels(latent);
        var actual = tiled.DecodePixels(latent, (name, _) => calls += name == "decoder.conv1" ? 1 : 0);
        Assert.True(calls > 1);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange(actual.Reshape([1, (int)actual.Shape.ElementCount])
            .ErrorsFrom(expected.Reshape([1, (int)expected.Shape.ElementCount]), ErrorMeasure.NormRatio)[0], 1e-6, 0.2);
        using var none = new CausalAutoencoder(_weights, _config, _backend, new() { MemoryBudget = 1000 });
        Assert.StartsWith(
            "Decode: no tile of 2 frames of 30x28 cells fits 1000 bytes",
            Assert.Throws<InvalidOperationException>(() => none.DecodePixels(latent)).Message);
    }

    [Fact]
    public void What_was_encoded_without_its_last_frames_is_what_remains_of_them()
    {
        using var model = new CausalAutoencoder(_weights, _config, _backend);
        using var scope = TensorScope.Begin();
        var pixels = Noise(1, 3, 7, 16, 16);
        var kept = pixels.Slice(2, 0, 5).Copy();
        Assert.Equal(model.EncodeLatents(kept).ToArray(), model.EncodeLatents(pixels).ToArray());
    }

    [Fact]
    public void A_missing_tensor_is_named_and_nothing_leaks()
    {
        using var damaged = TestAutoencoder.Rewrite(_weights, (name, shape) => (name == "decoder.head.0.gamma" ? null : name, shape));
        var error = Assert.Throws<WeightFileException>(() => new CausalAutoencoder(damaged, _config, _backend));
        Assert.Equal("test.safetensors: tensor 'decoder.head.0.gamma' is missing.", error.Message);
        Assert.Equal(0, _backend.BytesInUse);
        using var model = new CausalAutoencoder(_weights, _config, _backend, new() { WithEncoder = false });
        using var scope = TensorScope.Begin();
        Assert.Throws<InvalidOperationException>(() => model.EncodeLatents(Noise(1, 3, 16, 16)));
        Assert.Throws<ArgumentException>(() => model.DecodePixels(Noise(1, 5, 3, 4)));
    }

    [Theory]
    [InlineData("""{ "dim_mult": [1, 2], "z_dim": 40 }""", "z_dim is 40")]
    [InlineData("""{ "dim_mult": [1, 2], "temperal_downsample": [true, true] }""", "2 levels have 2 steps between them")]
    [InlineData("""{ "dim_mult": [1, 2], "temperal_downsample": [true], "latents_mean": [0], "latents_std": [0] }""", "standard deviations above 0")]
    [InlineData("""{ "dim_mult": [0], "temperal_downsample": [] }""", "levels of 0 times")]
    public void Sizes_that_cannot_be_are_refused_with_the_file(string json, string message)
    {
        var error = Assert.Throws<WeightFileException>(() =>
            CausalAutoencoderConfig.Parse(ForeignJson.Parse("config.json", System.Text.Encoding.UTF8.GetBytes(json))));
        Assert.StartsWith("config.json: ", error.Message);
        Assert.Contains(message, error.Message);
    }

    private Tensor Noise(params int[] shape) =>
        Tensor.From(_backend, [.. Enumerable.Range(0, shape.Aggregate((a, b) => a * b)).Select(i => MathF.Sin(i * 0.61f))], new Shape(shape));
}
