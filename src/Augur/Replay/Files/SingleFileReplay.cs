using System.Text.Json;
using Augur.Catalogs;
using Augur.Conditioning.Text;
using Augur.Decoding;
using Augur.Models.Sd3;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays a folder of files in the layouts that people download: manifest.json names the parts of each with their prefixes, forward.safetensors
/// holds inputs and outputs of each part. What a file holds is found by our own recognition and held against the manifest.
/// </summary>
internal static class SingleFileReplay
{
    private const string Manifest = "manifest.json", Forward = "forward.safetensors", Numbers = "float8";
    private const int NormGroups = 4; // of these small autoencoders; published ones have 32

    /// <summary>Whether a folder is one.</summary>
    public static bool Is(string folder, JsonElement config) => config.TryGetProperty("flux", out _)
        && File.Exists(Path.Combine(folder, Manifest)) && File.Exists(Path.Combine(folder, Forward));

    /// <summary>A run for each file, and one for the numbers of 8-bit floats.</summary>
    public static IEnumerable<string> Runs(string folder)
    {
        using var manifest = ReplayRunner.Parse(Path.Combine(folder, Manifest));
        return [.. manifest.RootElement.EnumerateObject().Select(file => file.Name).Where(name => File.Exists(Weights(folder, name))), Numbers];
    }

    /// <summary>Replays a file.</summary>
    /// <exception cref="NotSupportedException">It holds a part that is not built.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, Forward));
        var compare = new Comparison(Comparison.ForwardTolerance);
        if (run == Numbers)
        {
            CompareNumbers(saved, compare);
            return compare.Finish($"{Path.GetFileName(folder)}/{run}", []);
        }

        using var manifest = ReplayRunner.Parse(Path.Combine(folder, Manifest));
        var components = manifest.RootElement.GetProperty(run).GetProperty("components");
        var content = WeightFileContent.Of(Weights(folder, run));
        var group = GroupOf(run, saved);
        foreach (var component in components.EnumerateObject())
        {
            var part = PartOf(component.Name, component.Value.GetProperty("prefix").GetString()!, content)
                ?? throw new WeightFileException($"{run}: the part {component.Name} was not found under the manifest's prefix.");
            CompareComponent(component, part, group, config, saved, compare, backend);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", []);
    }

    private static string Weights(string folder, string run) => Path.Combine(folder, $"{run}.safetensors");

    // A file belongs to the model that its name begins with; an autoencoder alone to the one that has outputs of its name.
    private static string GroupOf(string run, FixtureFile saved)
    {
        var groups = saved.Names.Select(name => name.Split('.')[0]).Distinct().ToArray();
        return groups.Where(group => run.StartsWith(group, StringComparison.Ordinal)).MaxBy(group => group.Length)
            ?? groups.First(group => saved.Names.Any(name => name.StartsWith($"{group}.{run}.", StringComparison.Ordinal)));
    }

    private static ModelPart? PartOf(string component, string prefix, WeightFileContent content)
    {
        var candidates = component switch
        {
            "unet" or "transformer" => [content.Network],
            "vae" => [content.Autoencoder],
            _ => content.Texts.Select(text => (ModelPart?)text.Part),
        };

        // Where files are opened, "model." is dropped that stands before every name of a file or part.
        return candidates.FirstOrDefault(part => part is not null && (part.Prefix.Length == 0 ? prefix.Length == 0
            : prefix.EndsWith(part.Prefix, StringComparison.Ordinal) || prefix == $"{part.Prefix}model."));
    }

    private static void CompareComponent(
        JsonProperty component, ModelPart part, string group, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        using var checkpoint = part.Open();
        switch (component.Name)
        {
            case "vae":
                CompareAutoencoder(checkpoint, group, saved, compare, backend);
                break;
            case "transformer" or "unet":
                CompareNetwork(component.Value.GetProperty("dtypes"), checkpoint, group, config, saved, compare, backend);
                break;
            default:
                CompareText(component.Name, checkpoint, group, config, saved, compare, backend);
                break;
        }
    }

    private static void CompareNetwork(
        JsonElement types, Checkpoint checkpoint, string group, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        if (group != "flux")
        {
            var own = config.GetProperty(config.TryGetProperty(group, out _) ? group : group[..3]); // sd15 stands under sd1
            var sizes = own.TryGetProperty("unet", out var ofUNet) ? ofUNet : own.GetProperty("c");
            var output = $"{group}.{(Sd3Layouts.Is(checkpoint) ? "transformer" : "unet")}.out";
            OriginalForward.Compare(checkpoint, sizes, NormGroups, saved, $"{group}.", output, compare, backend);
            return;
        }

        var isFloat8 = types.TryGetProperty("F8_E4M3", out _);
        var named = !isFloat8 ? "bf16.out" : types.TryGetProperty("BF16", out _) ? "fp8_scaled.out" : "fp8_plain.out";
        FluxFolder.CompareOutput(checkpoint, config.GetProperty("flux").GetProperty("p"), saved, "flux.", named, compare, backend);
        foreach (var name in saved.Names.Where(name => named.StartsWith("fp8_scaled", StringComparison.Ordinal)
            && name.StartsWith("flux.fp8_scaled.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal)))
        {
            compare.Tensor(name, checkpoint.Tensors[name["flux.fp8_scaled.".Length..]].ToSingles(), saved.Singles(name));
        }
    }

    private static void CompareAutoencoder(Checkpoint checkpoint, string group, FixtureFile saved, Comparison compare, IBackend backend)
    {
        using var model = AutoencoderKl.Load(checkpoint, backend, new ScaleAndShift(1), NormGroups);
        using var scope = TensorScope.Begin();
        var name = saved.Has($"{group}.vae.decode") ? $"{group}.vae" : $"{group}.ae";
        compare.Tensor($"{name}.decode", model.DecodePixels(saved.Tensor($"{group}.z", backend)).ToArray(), saved.Singles($"{name}.decode"));
        if (!saved.Has($"{name}.encode_moments"))
        {
            return;
        }

        // Saved are means and log variances beside each other, before they are limited.
        var encoded = model.Encode(saved.Tensor($"{group}.image", backend));
        var moments = Tensor.Concatenate([encoded.Mean, encoded.LogVariance], 1).ToArray();
        compare.Tensor($"{name}.encode_moments", moments, saved.Singles($"{name}.encode_moments"));
    }

    private static void CompareText(
        string component, Checkpoint checkpoint, string group, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        using var scope = TensorScope.Begin();
        if (TextEncoders.Recognise(checkpoint)?.Kind == TextEncoderKind.T5)
        {
            using var t5 = T5Encoder.Read(checkpoint, backend);
            Compare($"{component}.last_hidden_state", t5.Encode(Rows("t5_ids")));
            return;
        }

        // Heads cannot be told from shapes of this size, nor the activation from a width.
        var isOpenClip = ClipTextLayouts.IsOpenClip(checkpoint, "");
        var sizes = config.GetProperty(isOpenClip ? "bigg" : component == "clip_g" ? "g_hf" : "clip_l");
        using var clip = ClipTextEncoder.Read(checkpoint, backend, inferred => inferred with
        {
            Heads = sizes.GetProperty(isOpenClip ? "heads" : "num_attention_heads").GetInt32(),
            Activation = isOpenClip || sizes.GetProperty("hidden_act").GetString() == "gelu" ? Activation.GeluErf : Activation.GeluQuick,
        }, "");
        var ids = Rows(isOpenClip ? "ids_zero_padded" : "ids");
        var last = clip.Encode(ids);
        var penultimate = clip.Encode(ids, skippedLayers: 1, normalises: false);
        Compare($"{component}.last_hidden_state", last.Hidden);
        Compare($"{component}.penultimate", penultimate.Hidden);
        Compare($"{component}.last_no_final_norm", clip.Encode(ids, normalises: false).Hidden);
        Compare($"{component}.pooled", isOpenClip ? last.Projected : last.Pooled);
        Compare($"{component}.pooled_projected", last.Projected);

        void Compare(string output, Tensor? ours)
        {
            var name = $"{group}.{output}";
            if (saved.Has(name) && ours is not null)
            {
                compare.Tensor(name, ours.ToArray(), saved.Singles(name));
            }
        }

        IReadOnlyList<int[]> Rows(string name) =>
            [.. saved.Integers(name).Select(id => (int)id).Chunk(saved.Shape(name)[1])];
    }

    private static void CompareNumbers(FixtureFile saved, Comparison compare)
    {
        byte[] codes = [.. Enumerable.Range(0, 256).Select(code => (byte)code)];
        foreach (var (name, type) in new[]
        {
            ("float8_e4m3fn_table", StoredType.Float8E4M3), ("float8_e5m2_table", StoredType.Float8E5M2),
        })
        {
            using var file = Checkpoint.FromBytes(name, new SafetensorsWriter().Add(name, type, codes, [codes.Length]).ToArray());
            compare.Exact(name, Bits(file.Tensors[name].ToSingles()), [.. Bits(saved.Singles(name))]);
        }
    }

    // One NaN is as good as another.
    private static long[] Bits(float[] values) => Array.ConvertAll(values, x => float.IsNaN(x) ? long.MaxValue : BitConverter.SingleToInt32Bits(x));
}
