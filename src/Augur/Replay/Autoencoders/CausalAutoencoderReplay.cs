using System.Text.Json;
using Augur.Decoding.Causal;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>Replays folders made with Wan's autoencoder: videos and single pictures decoded and encoded, with the outputs of layers.</summary>
internal static class CausalAutoencoderReplay
{
    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) =>
        config.TryGetProperty("params", out var sizes) && sizes.TryGetProperty("temperal_downsample", out _);

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">It is of tiles that are blended otherwise.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, "weights.safetensors"));
        var sizes = CausalAutoencoderConfig.Parse(ForeignJson.Read(Path.Combine(folder, "config.json")));
        using var model = new CausalAutoencoder(checkpoint, sizes, backend);
        using var scope = TensorScope.Begin();
        var compare = new Comparison(Comparison.ForwardTolerance);
        if (saved.Has("decode_tiled.out"))
        {
            TiledCausalReplay.Compare(checkpoint, sizes, saved, backend, compare);
        }
        else if (saved.Has("z"))
        {
            CompareDecoding(model, saved, backend, compare);
        }
        else
        {
            CompareEncoding(model, saved, backend, compare);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static void CompareDecoding(CausalAutoencoder model, FixtureFile saved, IBackend backend, Comparison compare)
    {
        compare.Tensor("latent_mean", [.. model.Config.Means], saved.Singles("latent_mean"));
        compare.Tensor("latent_std", [.. model.Config.Deviations], saved.Singles("latent_std"));
        compare.Used("z", "z_image", "z_long");
        var raw = model.DecodePixels(saved.Tensor("z", backend), (name, output) => Layer($"{name}.out", output, saved, compare));
        compare.Tensor("decode.raw", raw.ToArray(), saved.Singles("decode.raw"));
        compare.Tensor("decode.out", raw.Clamp(-1, 1).ToArray(), saved.Singles("decode.out"));
        compare.Tensor("decode_long.raw", model.DecodePixels(saved.Tensor("z_long", backend)).ToArray(), saved.Singles("decode_long.raw"));

        // A picture is the same with and without an axis of frames.
        var (z, shape) = (saved.Tensor("z_image", backend), saved.Shape("z_image"));
        compare.Tensor("decode_image.raw", model.DecodePixels(z).ToArray(), saved.Singles("decode_image.raw"));
        var picture = model.DecodePixels(z.Reshape([shape[0], shape[1], shape[3], shape[4]]));
        compare.Tensor("decode_image.raw", picture.ToArray(), saved.Singles("decode_image.raw"));
    }

    private static void CompareEncoding(CausalAutoencoder model, FixtureFile saved, IBackend backend, Comparison compare)
    {
        compare.Used("x", "x_image", "x_odd");
        var x = saved.Tensor("x", backend);
        var encoded = model.Encode(
            x, (name, output) => Layer(name == "encoder" ? "encoder.out" : $"{name}.out", output, saved, compare), normalises: false);
        compare.Tensor("encode.mean", encoded.Mean.ToArray(), saved.Singles("encode.mean"));
        compare.Tensor("encode.logvar", encoded.LogVariance.ToArray(), saved.Singles("encode.logvar"));
        foreach (var (input, output) in new[]
        {
            ("x", "encode.normalised"), ("x_image", "encode_image.normalised"), ("x_odd", "encode_odd.normalised"),
        })
        {
            compare.Tensor(output, model.EncodeLatents(saved.Tensor(input, backend)).ToArray(), saved.Singles(output));
        }
    }

    // [frames, height, width, channels]; saved as [1, channels, frames, height, width].
    private static void Layer(string name, Tensor output, FixtureFile saved, Comparison compare)
    {
        if (saved.Has(name))
        {
            using var scope = TensorScope.Begin();
            compare.Tensor(name, output.Permute(3, 0, 1, 2).ToArray(), saved.Singles(name));
        }
    }
}
