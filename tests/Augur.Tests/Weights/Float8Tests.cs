using System.Text.Json;
using Augur.Replay;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Weights;

namespace Augur.Tests.Weights;

/// <summary>Weights in 8-bit floats with and without scales; provenance of the files in tests/fixtures/float8.</summary>
public sealed class Float8Tests
{
    [Theory]
    [InlineData("flux_fp8_plain", "fp8_plain")]
    [InlineData("flux_fp8_scaled", "fp8_scaled")]
    [InlineData("flux_fp8_quantization_metadata", "fp8_scaled")]
    public void A_transformer_with_8_bit_weights_answers_as_the_original_code_does(string file, string output)
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 2 });
        using var saved = new FixtureFile(Fixtures.Path("float8/forward.safetensors"), "flux.");
        var compare = new Comparison(Comparison.ForwardTolerance);
        using var sizes = JsonDocument.Parse("""{"axes_dim": [2, 2, 4], "theta": 10000}""");
        FluxFolder.CompareOutput(Fixtures.Path($"float8/{file}.safetensors"), sizes.RootElement, saved, $"{output}.out", compare, backend);
        Assert.Equal("", compare.Finish(file, []).Detail);
        Assert.Equal(0, backend.BytesInUse);
    }

    [Theory]
    [InlineData("flux_fp8_scaled")]
    [InlineData("flux_fp8_quantization_metadata")]
    public void Scales_belong_to_their_weights_and_stay_apart_from_the_bytes(string file)
    {
        using var saved = Checkpoint.Open(Fixtures.Path("float8/forward.safetensors"));
        using var checkpoint = Checkpoint.Open(Fixtures.Path($"float8/{file}.safetensors"));
        Assert.Equal(52, checkpoint.Tensors.Count);
        var weight = checkpoint.Tensors["double_blocks.0.img_attn.proj.weight"];
        Assert.Equal(saved.Tensors["flux.fp8_scaled.double_blocks.0.img_attn.proj.weight"].ToSingles(), weight.ToSingles());
        Assert.Equal((1, 256, QuantizedFormat.Float8E4M3), (weight.Scales.Length, weight.Bytes.Length, weight.PackedFormat));
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var map = new WeightScope(checkpoint, backend).Linear("double_blocks.0.img_attn.proj", 16, 16);
        Assert.Equal(QuantizedFormat.Float8E4M3, map.Format);
    }

    [Theory]
    [InlineData(QuantizedFormat.Float8E4M3, "float8_e4m3fn_table")]
    [InlineData(QuantizedFormat.Float8E5M2, "float8_e5m2_table")]
    public void Every_8_bit_float_has_the_value_that_PyTorch_gives_it(QuantizedFormat format, string table)
    {
        using var saved = Checkpoint.Open(Fixtures.Path("float8/forward.safetensors"));
        var values = new float[256];
        format.Widen([.. Enumerable.Range(0, 256).Select(i => (byte)i)], values);
        Assert.Equal(saved.Tensors[table].ToSingles(), values);
    }

    [Fact]
    public void A_scale_for_each_row_multiplies_that_row()
    {
        var file = new SafetensorsWriter().Add("a.weight", StoredType.Float8E4M3, new byte[] { 0x38, 0x38, 0x38, 0x40 }, [2, 2])
            .Add("a.weight_scale", [3f, 0.5f], [2, 1]).ToArray();
        using var checkpoint = Checkpoint.FromBytes("a.safetensors", file);
        Assert.Equal([3f, 3, 0.5f, 1], checkpoint.Tensors["a.weight"].ToSingles());
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var map = new WeightScope(checkpoint, backend).Linear("a", 2, 2, bias: false);
        using var scope = TensorScope.Begin();
        Assert.Equal([6f, 1.5f], Tensor.From(backend, [1f, 1], [1, 2]).Linear(map).ToArray());
    }

    [Fact]
    public void A_scale_that_fits_no_row_is_named()
    {
        var file = new SafetensorsWriter().Add("a.weight", StoredType.Float8E4M3, new byte[6], [2, 3])
            .Add("a.weight_scale", [1f, 1, 1], [3]).ToArray();
        Assert.Equal(
            "a.safetensors: tensor 'a.weight_scale' [3] is neither one scale nor one for each of the 2 rows of 'a.weight'.",
            Assert.Throws<WeightFileException>(() => Checkpoint.FromBytes("a.safetensors", file)).Message);
    }
}
