using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Decoding;

public sealed class LatentNormTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly Checkpoint _plain = Checkpoint.Open(Fixtures.Path("diffusers/vae_weights.safetensors"));
    private readonly Checkpoint _normalised;

    public LatentNormTests()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("augur-latent-norm").FullName, "weights.safetensors");
        var writer = new SafetensorsWriter();
        foreach (var tensor in _plain.Tensors.Values)
        {
            writer.Add(tensor.Name, tensor.ToSingles(), tensor.Shape);
        }

        writer.Add("bn.running_mean", [.. Enumerable.Range(0, 16).Select(Mean)], [16]);
        writer.Add("bn.running_var", [.. Enumerable.Range(0, 16).Select(Variance)], [16]);
        writer.Save(path);
        _normalised = Checkpoint.Open(path);
    }

    public void Dispose()
    {
        _plain.Dispose();
        _normalised.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
        _backend.Dispose();
    }

    [Fact]
    public void A_latent_is_unpacked_and_freed_of_its_norm_before_it_is_decoded()
    {
        using var plain = new AutoencoderKl(_plain, Config(hasNorm: false), _backend);
        using var normalised = new AutoencoderKl(_normalised, Config(hasNorm: true), _backend);
        Assert.Equal(2 * plain.PixelsPerCell, normalised.PixelsPerCell);
        using var scope = TensorScope.Begin();
        float[] packed = [.. Enumerable.Range(0, 16 * 3 * 2).Select(i => MathF.Sin(i))];
        var cells = new float[packed.Length]; // [4, 6, 4]: channel c of cell (y, x) is channel 4c + 2(y mod 2) + (x mod 2) of a square
        for (var i = 0; i < cells.Length; i++)
        {
            var (channel, y, x) = (i / 24, i / 4 % 6, i % 4);
            var from = (4 * channel) + (2 * (y % 2)) + (x % 2);
            cells[i] = (packed[(from * 6) + (y / 2 * 2) + (x / 2)] * MathF.Sqrt(Variance(from) + 1e-4f)) + Mean(from);
        }

        var expected = plain.DecodePixels(Tensor.From(_backend, cells, [1, 4, 6, 4])).ToArray();
        var actual = normalised.DecodePixels(Tensor.From(_backend, packed, [1, 16, 3, 2])).ToArray();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        var error = Assert.Throws<ArgumentException>(() => normalised.DecodePixels(Tensor.From(_backend, cells, [1, 4, 6, 4])));
        Assert.Equal("Decode: [1, 4, 6, 4] is not [batch, 16, height, width].", error.Message);
    }

    [Fact]
    public void What_is_encoded_is_decoded_as_without_the_norm()
    {
        using var plain = new AutoencoderKl(_plain, Config(hasNorm: false), _backend);
        using var normalised = new AutoencoderKl(_normalised, Config(hasNorm: true), _backend);
        using var scope = TensorScope.Begin();
        var side = 4 * normalised.PixelsPerCell;
        var pixels = Tensor.From(_backend, [.. Enumerable.Range(0, 3 * side * side).Select(i => MathF.Sin(i * 0.3f))], [1, 3, side, side]);
        var expected = plain.DecodePixels(plain.EncodeLatents(pixels)).ToArray();
        var latents = normalised.EncodeLatents(pixels);
        Assert.Equal([1, 16, 4, 4], latents.Shape);
        Assert.All(expected.Zip(normalised.DecodePixels(latents).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Inner_maps_that_stand_inside_of_their_halves_are_found()
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("augur-latent-norm").FullName, "weights.safetensors");
        var writer = new SafetensorsWriter();
        foreach (var tensor in _normalised.Tensors.Values)
        {
            var half = tensor.Name.StartsWith("quant_conv", StringComparison.Ordinal) ? "encoder."
                : tensor.Name.StartsWith("post_quant_conv", StringComparison.Ordinal) ? "decoder." : "";
            writer.Add(half + tensor.Name, tensor.ToSingles(), tensor.Shape);
        }

        writer.Save(path);
        using var nested = Checkpoint.Open(path);
        using var normalised = new AutoencoderKl(_normalised, Config(hasNorm: true), _backend);
        using var other = new AutoencoderKl(nested, Config(hasNorm: true), _backend);
        using var scope = TensorScope.Begin();
        var latent = Tensor.Full(_backend, [1, 16, 3, 2], 0.5f);
        Assert.Equal(normalised.DecodePixels(latent).ToArray(), other.DecodePixels(latent).ToArray());
    }

    [Fact]
    public void Both_a_norm_and_a_scale_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => (Config(hasNorm: true) with { ScalingFactor = 2 }).Validate());
        Assert.Equal("Autoencoder: latents are normalised or scaled, not both.", error.Message);
    }

    private static AutoencoderConfig Config(bool hasNorm) =>
        AutoencoderGoldenTests.DiffusersConfig() with { ScalingFactor = 1, ShiftFactor = 0, HasLatentNorm = hasNorm };

    private static float Mean(int channel) => 0.1f * channel;

    private static float Variance(int channel) => 0.5f + (0.2f * channel);
}
