using System.Text.Json;
using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;
using Augur.Tensors.Weights;

namespace Augur.Tests.Decoding;

/// <summary>Both layouts against what the official implementations computed; see the fixtures' READMEs.</summary>
public sealed class AutoencoderGoldenTests
{
    private const double Tolerance = 1e-5;

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Original_layout_decodes_as_the_official_code_layer_by_layer(string backendName)
    {
        using var backend = Backend(backendName);
        using var saved = Checkpoint.Open(Fixtures.Path("flux-ae/decode_encode.safetensors"));
        using var model = AutoencoderKl.Load(Fixtures.Path("flux-ae"), backend);
        using var scope = TensorScope.Begin();
        var seen = new HashSet<string>();
        var pixels = model.DecodePixels(Load(saved, "z", backend), (name, x) => CompareLayer(saved, $"{name}.out", x, seen));
        Compare(saved, "decode.out", pixels);
        Assert.Equal(9, seen.Count);
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Original_layout_encodes_as_the_official_code(string backendName)
    {
        using var backend = Backend(backendName);
        using var saved = Checkpoint.Open(Fixtures.Path("flux-ae/decode_encode.safetensors"));
        using var model = AutoencoderKl.Load(Fixtures.Path("flux-ae"), backend);
        using var scope = TensorScope.Begin();
        var seen = new HashSet<string>();
        var x = Load(saved, "x", backend);
        model.Encode(x, (name, y) => CompareLayer(saved, name == "encoder.conv_out" ? "encoder.moments" : name, y, seen));
        Assert.Contains("encoder.moments", seen);
        Compare(saved, "encode.mean", model.EncodeLatents(x));
    }

    [Theory]
    [InlineData("cpu")]
    [InlineData("reference")]
    public void Diffusers_layout_decodes_and_encodes_as_the_official_code(string backendName)
    {
        using var backend = Backend(backendName);
        using var saved = Checkpoint.Open(Fixtures.Path("diffusers/vae_forward.safetensors"));
        using var weights = Checkpoint.Open(Fixtures.Path("diffusers/vae_weights.safetensors"));
        var config = DiffusersConfig();
        using var scaled = new AutoencoderKl(weights, config, backend);
        using var unscaled = new AutoencoderKl(weights, config with { ScalingFactor = 1 }, backend);
        using var scope = TensorScope.Begin();
        var z = Load(saved, "z", backend);
        var seen = new HashSet<string>();
        Compare(saved, "decode.out", unscaled.DecodePixels(z, (name, x) => CompareLayer(saved, EndOfBlock(name), x, seen)));
        Compare(saved, "decode_scaled.out", scaled.DecodePixels(z));
        Assert.Equal(4, seen.Count);

        var encoded = scaled.Encode(Load(saved, "x", backend));
        Compare(saved, "encode.mean", encoded.Mean);
        Compare(saved, "encode.logvar", encoded.LogVariance);
    }

    [Fact]
    public void Sizes_inferred_from_the_original_layout_are_those_of_its_configuration()
    {
        using var checkpoint = Checkpoint.Open(Fixtures.Path("flux-ae"));
        var given = AutoencoderConfigFile.Parse("config.json", File.ReadAllText(Fixtures.Path("flux-ae/config.json")));
        var inferred = AutoencoderConfigFile.Infer(checkpoint);
        Assert.Equal(given.BlockChannels, inferred.BlockChannels);
        Assert.Equal(
            given with { BlockChannels = [], ScalingFactor = 1, ShiftFactor = 0 },
            inferred with { BlockChannels = [], ScalingFactor = 1, ShiftFactor = 0 });
    }

    [Fact]
    public void Older_attention_names_and_convolution_shaped_weights_give_the_same_result()
    {
        using var backend = new CpuBackend(new CpuOptions { Threads = 1 });
        using var saved = Checkpoint.Open(Fixtures.Path("diffusers/vae_forward.safetensors"));
        using var weights = Checkpoint.Open(Fixtures.Path("diffusers/vae_weights.safetensors"));
        using var older = TestAutoencoder.Rewrite(weights, (name, shape) =>
            (name.Replace("to_q", "query").Replace("to_k", "key").Replace("to_v", "value").Replace("to_out.0", "proj_attn"),
                name.Contains("to_", StringComparison.Ordinal) && shape.Rank == 2 ? [shape[0], shape[1], 1, 1] : shape));
        using var newModel = new AutoencoderKl(weights, DiffusersConfig(), backend);
        using var oldModel = new AutoencoderKl(older, DiffusersConfig(), backend);
        using var scope = TensorScope.Begin();
        var z = Load(saved, "z", backend);
        Assert.Equal(newModel.DecodePixels(z).ToArray(), oldModel.DecodePixels(z).ToArray());
    }

    internal static AutoencoderConfig DiffusersConfig()
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Fixtures.Path("diffusers/config.json")));
        return AutoencoderConfigFile.Parse("config.json", json.RootElement.GetProperty("vae").GetProperty("cfg"));
    }

    internal static HostBackend Backend(string name) => name == "cpu" ? new CpuBackend(new CpuOptions { Threads = 2 }) : new ReferenceBackend();

    private static Tensor Load(Checkpoint saved, string name, IBackend backend) => saved.Tensors[name].ToTensor(backend);

    // The fixture keeps the outputs of whole blocks: those of their last layers.
    private static string EndOfBlock(string name) => name switch
    {
        "decoder.mid_block.resnets.1" => "decoder.mid_block.out",
        "decoder.up_blocks.0.upsamplers.0" => "decoder.up_blocks.0.out",
        "decoder.up_blocks.1.resnets.1" => "decoder.up_blocks.1.out",
        _ => $"{name}.out",
    };

    private static void CompareLayer(Checkpoint saved, string name, Tensor x, HashSet<string> seen)
    {
        if (saved.Tensors.ContainsKey(name))
        {
            seen.Add(name);
            using var scope = TensorScope.Begin();
            Compare(saved, name, x.Permute(0, 3, 1, 2));
        }
    }

    private static void Compare(Checkpoint saved, string name, Tensor actual)
    {
        var expected = saved.Tensors[name];
        Assert.Equal(expected.Shape, actual.Shape);
        var values = expected.ToSingles();
        var largest = values.Max(Math.Abs);
        var difference = values.Zip(actual.ToArray(), (e, a) => Math.Abs(e - a)).Max();
        Assert.True(difference <= Tolerance * largest, $"{name} differs by {difference / largest:e2} relative to its largest element.");
    }
}
