using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Decoding;

public sealed class AutoencoderTests : IDisposable
{
    private readonly CpuBackend _backend = new(new CpuOptions { Threads = 2 });
    private readonly Checkpoint _weights = Checkpoint.Open(Fixtures.Path("diffusers/vae_weights.safetensors"));
    private readonly AutoencoderConfig _config = AutoencoderGoldenTests.DiffusersConfig();

    public void Dispose()
    {
        _weights.Dispose();
        _backend.Dispose();
    }

    [Fact]
    public void Loading_an_autoencoder_with_a_missing_tensor_names_it_and_leaks_nothing()
    {
        using var damaged = TestAutoencoder.Rewrite(_weights, (name, shape) => (name == "decoder.conv_norm_out.bias" ? null : name, shape));
        var error = Assert.Throws<WeightFileException>(() => new AutoencoderKl(damaged, _config, _backend));
        Assert.Equal("test.safetensors: tensor 'decoder.conv_norm_out.bias' is missing.", error.Message);
        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void Loading_an_autoencoder_with_an_unknown_tensor_names_it_and_leaks_nothing()
    {
        using var larger = TestAutoencoder.Rewrite(_weights, (name, shape) => (name, shape), "decoder.surprise.weight");
        var error = Assert.Throws<WeightFileException>(() => new AutoencoderKl(larger, _config, _backend));
        Assert.Equal("test.safetensors: 1 tensor is not used by the model: 'decoder.surprise.weight'.", error.Message);
        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void Decoding_leaves_only_the_weights_in_memory_and_disposing_nothing()
    {
        var model = new AutoencoderKl(_weights, _config, _backend);
        var loaded = _backend.BytesInUse;
        using (TensorScope.Begin())
        {
            model.Decode(Noise(1, 4, 5, 7));
            model.EncodeLatents(Noise(1, 3, 9, 13));
        }

        Assert.Equal(loaded, _backend.BytesInUse);
        using (var pixels = DecodeOutsideAScope(model))
        {
            Assert.True(_backend.BytesInUse > loaded);
        }

        Assert.Equal(loaded, _backend.BytesInUse);
        model.Dispose();
        Assert.Equal(0, _backend.BytesInUse);
    }

    [Fact]
    public void Odd_sizes_are_decoded_whole_and_encoded_without_the_cut_off_row()
    {
        using var model = new AutoencoderKl(_weights, _config, _backend);
        using var scope = TensorScope.Begin();
        Assert.Equal(new Shape(1, 3, 2, 2), model.DecodePixels(Noise(1, 4, 1, 1)).Shape);
        Assert.Equal(new Shape(2, 3, 6, 14), model.DecodePixels(Noise(2, 4, 3, 7)).Shape);
        Assert.Equal(new Shape(1, 4, 3, 6), model.Encode(Noise(1, 3, 7, 13)).Mean.Shape);
        var error = Assert.Throws<ArgumentException>(() => model.Encode(Noise(1, 3, 1, 8)));
        Assert.Equal("Encode: [1, 3, 1, 8] is not [batch, 3, height, width] with sides of at least 2 pixels.", error.Message);
    }

    [Fact]
    public void A_picture_does_not_depend_on_its_neighbours_in_the_batch()
    {
        using var model = new AutoencoderKl(_weights, _config, _backend);
        using var oneByOne = new AutoencoderKl(_weights, _config, _backend, new() { MemoryBudget = model.EstimateDecodeBytes(5, 6) });
        using var scope = TensorScope.Begin();
        var latents = Noise(3, 4, 5, 6);
        var together = model.DecodePixels(latents).ToArray();
        Assert.Equal(together, oneByOne.DecodePixels(latents).ToArray());
        Assert.Equal(together[..(together.Length / 3)], model.DecodePixels(latents.Rows(0, 1)).ToArray());
    }

    [Fact]
    public void The_memory_estimate_covers_what_decoding_takes()
    {
        using var model = new AutoencoderKl(_weights, _config, _backend);
        using var scope = TensorScope.Begin();
        var latents = Noise(1, 4, 48, 48);
        _backend.ResetPeak();
        var before = _backend.BytesInUse;
        using (TensorScope.Begin())
        {
            model.DecodePixels(latents);
        }

        // On top come the latent, the picture, the patches of a convolution (8 MiB) and an eighth for size classes.
        var taken = _backend.PeakBytesInUse - before;
        var estimate = model.EstimateDecodeBytes(48, 48);
        Assert.InRange(taken, estimate / 2, (long)(1.125 * estimate) + (12 << 20));
    }

    [Fact]
    public void Tiles_are_close_to_the_whole_on_a_smooth_latent()
    {
        using var whole = new AutoencoderKl(_weights, _config, _backend);
        using var tiled = new AutoencoderKl(_weights, _config, _backend, new() { MemoryBudget = whole.EstimateDecodeBytes(32, 32), TileOverlap = 8 });
        using var scope = TensorScope.Begin();
        var latent = Noise(1, 4, 44, 37);
        var calls = 0;
        var expected = whole.DecodePixels(latent);
        var actual = tiled.DecodePixels(latent, (name, _) => calls += name == "decoder.conv_in" ? 1 : 0);
        Assert.True(calls > 1);
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.InRange(actual.ErrorsFrom(expected, ErrorMeasure.NormRatio)[0], 1e-6, 0.1);
    }

    [Fact]
    public void A_budget_below_the_smallest_tile_is_refused_with_both_numbers()
    {
        using var model = new AutoencoderKl(_weights, _config, _backend, new() { MemoryBudget = 1000 });
        using var scope = TensorScope.Begin();
        var error = Assert.Throws<InvalidOperationException>(() => model.DecodePixels(Noise(1, 4, 40, 40)));
        Assert.StartsWith("Decode: no tile of a latent of 40x40 cells fits 1000 bytes with 8 shared cells; the whole needs ", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_encoder_an_autoencoder_still_decodes()
    {
        using var full = new AutoencoderKl(_weights, _config, _backend);
        var fullBytes = _backend.BytesInUse;
        using var half = new AutoencoderKl(_weights, _config, _backend, new() { WithEncoder = false });
        Assert.True(_backend.BytesInUse - fullBytes < fullBytes);
        using var scope = TensorScope.Begin();
        var latent = Noise(1, 4, 3, 3);
        Assert.Equal(full.DecodePixels(latent).ToArray(), half.DecodePixels(latent).ToArray());
        Assert.Throws<InvalidOperationException>(() => half.Encode(Noise(1, 3, 6, 6)));
    }

    [Fact]
    public void An_autoencoder_without_an_encoder_in_its_file_still_decodes()
    {
        using var full = new AutoencoderKl(_weights, _config, _backend);
        using var decoder = TestAutoencoder.Rewrite(
            _weights, (name, shape) => (name.Split('.')[0] is "encoder" or "quant_conv" ? null : name, shape));
        using var half = new AutoencoderKl(decoder, _config, _backend);
        using var scope = TensorScope.Begin();
        var latent = Noise(1, 4, 3, 3);
        Assert.Equal(full.DecodePixels(latent).ToArray(), half.DecodePixels(latent).ToArray());
        Assert.Throws<InvalidOperationException>(() => half.Encode(Noise(1, 3, 6, 6)));
    }

    [Fact]
    public void The_shapes_of_the_diffusers_layout_tell_the_sizes_too()
    {
        (string Name, Shape Shape)[] tensors =
        [
            ("decoder.conv_in.weight", [64, 4, 3, 3]), ("decoder.mid_block.attentions.0.to_q.weight", [64, 64]),
            ("decoder.up_blocks.0.resnets.0.conv1.weight", [64, 64, 3, 3]), ("decoder.up_blocks.0.resnets.1.conv1.weight", [64, 64, 3, 3]),
            ("decoder.up_blocks.1.resnets.0.conv1.weight", [32, 64, 3, 3]), ("decoder.up_blocks.1.resnets.1.conv1.weight", [32, 32, 3, 3]),
            ("decoder.conv_out.weight", [3, 32, 3, 3]), ("post_quant_conv.weight", [4, 4, 1, 1]),
        ];
        using var checkpoint = TestAutoencoder.FromSingles(tensors.Select(t => (t.Name, t.Shape, new float[t.Shape.ElementCount])));
        var config = AutoencoderConfigFile.Infer(checkpoint);
        Assert.Equal([32, 64], config.BlockChannels);
        Assert.Equal((1, 4, 3, 0.18215f), (config.LayersPerBlock, config.LatentChannels, config.OutputChannels, config.ScalingFactor));
        Assert.True(config is { HasMidAttention: true, HasPostQuantConv: true, HasQuantConv: false, StemChannels: 0 });
    }

    [Theory]
    [InlineData("""{ "sample_size": 3 }""", "x.json: it has neither 'block_out_channels' nor 'ch_mult', so it does not describe an autoencoder.")]
    [InlineData("""{ "block_out_channels": [16], "norm_num_groups": 5 }""", "x.json: Autoencoder: 16 channels do not divide into 5 groups.")]
    [InlineData("""{ "block_out_channels": [32], "up_block_types": ["AttnUp"] }""",
        "x.json: up_block_types[0] is 'AttnUp', but only 'UpDecoderBlock2D' is built.")]
    [InlineData("""{ "block_out_channels": [32], "latents_mean": [0.1] }""",
        "x.json: latents_mean is set, but latents are scaled by one factor and one shift here.")]
    public void A_configuration_that_this_network_cannot_follow_is_refused(string json, string message)
    {
        Assert.Equal(message, Assert.Throws<WeightFileException>(() => AutoencoderConfigFile.Parse("x.json", json)).Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{")]
    [InlineData("""{ "block_out_channels": "many" }""")]
    [InlineData("""{ "block_out_channels": [] }""")]
    [InlineData("""{ "block_out_channels": [1e9] }""")]
    [InlineData("""{ "ch_mult": [1, 99999999], "ch": 128 }""")]
    public void A_configuration_that_makes_no_sense_is_refused(string json)
    {
        Assert.Throws<WeightFileException>(() => AutoencoderConfigFile.Parse("x.json", json));
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 29)]
    [InlineData(3, 20)]
    [InlineData(5, 17)]
    public void Blending_weights_of_all_tiles_add_up_to_one(int tiles, int extent)
    {
        int[] starts = [.. Enumerable.Range(0, tiles).Select(i => tiles == 1 ? 0 : i * (40 - extent) / (tiles - 1))];
        var sums = new double[80];
        for (var tile = 0; tile < tiles; tile++)
        {
            var weights = DecodeTiles.Weights(starts, tile, extent, 2);
            for (var i = 0; i < weights.Length; i++)
            {
                Assert.InRange(weights[i], 0, 1);
                sums[(2 * starts[tile]) + i] += weights[i];
            }
        }

        Assert.All(sums, s => Assert.Equal(1, s, 6));
    }

    [Theory]
    [InlineData(40, 40, 400)]
    [InlineData(100, 20, 600)]
    [InlineData(7, 300, 500)]
    [InlineData(64, 64, 4096)]
    public void Tiles_cover_the_latent_and_share_cells_with_their_neighbours(int height, int width, int mostCells)
    {
        var plan = DecodeTiles.Plan(height, width, 8, (h, w) => h * w <= mostCells)!;
        Assert.True(plan.Height * plan.Width <= mostCells);
        foreach (var (starts, extent, side) in new[] { (plan.Tops, plan.Height, height), (plan.Lefts, plan.Width, width) })
        {
            Assert.Equal(0, starts[0]);
            Assert.Equal(side, starts[^1] + extent);
            Assert.All(starts.Zip(starts.Skip(1)), s => Assert.True(s.First + extent - s.Second >= 8));
        }
    }

    private Tensor Noise(int batch, int channels, int height, int width)
    {
        var random = new Random(batch + (7 * height) + width);
        var values = new float[batch * channels * height * width];
        foreach (ref var value in values.AsSpan())
        {
            value = (float)((2 * random.NextDouble()) - 1);
        }

        return Tensor.From(_backend, values, [batch, channels, height, width]);
    }

    private Tensor DecodeOutsideAScope(AutoencoderKl model)
    {
        using var latent = Noise(1, 4, 3, 3);
        return model.DecodePixels(latent);
    }
}
