using System.Text.Json;
using Augur.Decoding;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>Replays the saved decoding and encoding of an autoencoder in the original or diffusers' layout.</summary>
internal static class AutoencoderReplay
{
    /// <summary>Replays a folder of the original code: z decoded and x encoded, with the outputs of layers.</summary>
    public static ReplayResult RunOriginal(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "weights.safetensors"));
        using var model = new AutoencoderKl(checkpoint, AutoencoderConfigFile.Parse(Path.Combine(folder, "config.json"), config), backend);
        using var scope = TensorScope.Begin();
        var compare = new Comparison(Comparison.ForwardTolerance);
        compare.Used("z", "x");
        var layers = new Layers(saved);
        compare.Tensor("decode.out", model.DecodePixels(saved.Tensor("z", backend), layers.Keep).ToArray(), saved.Singles("decode.out"));
        var x = saved.Tensor("x", backend);
        model.Encode(x, (name, tensor) => layers.Keep(name == "encoder.conv_out" ? "encoder.moments" : name, tensor));
        compare.Tensor("encode.mean", model.EncodeLatents(x).ToArray(), saved.Singles("encode.mean"));
        layers.CompareTo(compare);
        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    /// <summary>Replays a folder of diffusers' AutoencoderKL: z decoded with and without the scaling factor, and x encoded.</summary>
    public static ReplayResult RunDiffusers(string folder, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, "vae_forward.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "vae_weights.safetensors"));
        var sizes = AutoencoderConfigFile.Parse(Path.Combine(folder, "config.json"), config);
        using var model = new AutoencoderKl(checkpoint, sizes, backend);
        using var unscaled = new AutoencoderKl(checkpoint, sizes with { ScalingFactor = 1, ShiftFactor = 0 }, backend);
        using var scope = TensorScope.Begin();
        var compare = new Comparison(Comparison.ForwardTolerance);
        compare.Used("z", "x");
        var layers = new Layers(saved);
        var z = saved.Tensor("z", backend);
        compare.Tensor("decode.out", unscaled.DecodePixels(z, layers.Keep).ToArray(), saved.Singles("decode.out"));
        compare.Tensor("decode_scaled.out", model.DecodePixels(z).ToArray(), saved.Singles("decode_scaled.out"));
        var encoded = model.Encode(saved.Tensor("x", backend));
        compare.Tensor("encode.mean", encoded.Mean.ToArray(), saved.Singles("encode.mean"));
        compare.Tensor("encode.logvar", encoded.LogVariance.ToArray(), saved.Singles("encode.logvar"));
        layers.CompareTo(compare);
        return compare.Finish($"{Path.GetFileName(folder)}/vae_forward", saved.Names);
    }

    /// <summary>Collects outputs under the saved names: a layer's own, and those of the blocks that end with the layer.</summary>
    private sealed class Layers(FixtureFile saved)
    {
        private readonly Dictionary<string, float[]> _outputs = [];

        public void Keep(string name, Tensor output)
        {
            using var scope = TensorScope.Begin();
            float[]? values = null;
            for (var part = name; part.Length > 0; part = part[..Math.Max(0, part.LastIndexOf('.'))])
            {
                foreach (var candidate in new[] { part, $"{part}.out" })
                {
                    if (saved.Has(candidate))
                    {
                        _outputs[candidate] = values ??= output.Permute(0, 3, 1, 2).ToArray(); // saved as [batch, channels, height, width]
                    }
                }
            }
        }

        public void CompareTo(Comparison compare)
        {
            foreach (var (name, values) in _outputs)
            {
                compare.Tensor(name, values, saved.Singles(name));
            }
        }
    }
}
