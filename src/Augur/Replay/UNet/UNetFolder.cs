using System.Text;
using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.UNet;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays folders made with Stable Diffusion's U-Nets: forwards with intermediates, under diffusers' names and the original codes'. Each entry of
/// config.json with the sizes of such a network is a run.
/// </summary>
internal static class UNetFolder
{
    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => Models(config).Any();

    /// <summary>Names of the runs: one per network.</summary>
    public static IEnumerable<string> Runs(string folder, JsonElement config) =>
        Models(config).Select(name => $"{name}_forward").Where(run => File.Exists(Path.Combine(folder, $"{run}.safetensors")));

    /// <summary>Replays one forward.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        var name = run[..^"_forward".Length];
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        using var model = LoadModel(folder, name, config, backend);
        using var scope = TensorScope.Begin();
        var compare = new Comparison(Comparison.ForwardTolerance);
        CompareForward(model, saved, compare);
        CompareOthers(model, saved, compare);
        CompareOriginal(folder, name, config, saved, compare, backend);
        if (saved.Has("alphas_cumprod"))
        {
            CompareDiffusion(saved, compare, backend);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    /// <summary>The network of a folder under diffusers' names.</summary>
    public static UNetModel LoadModel(
        string folder, string name, JsonElement config, IBackend backend, Prediction prediction = Prediction.Epsilon)
    {
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, $"{name}_weights.safetensors"));
        return Load(checkpoint, folder, config.GetProperty(name).GetProperty("cfg"), backend, prediction);
    }

    /// <summary>The texts of a saved batch, one per row, without what a mask hides.</summary>
    public static UNetCondition[] Texts(FixtureFile saved, string tokens, string? mask = null)
    {
        var (shape, values) = (saved.Shape(tokens), saved.Singles(tokens));
        var pooled = saved.Has("text_embeds") ? saved.Singles("text_embeds") : [];
        var sizes = saved.Has("time_ids") ? saved.Singles("time_ids") : null;
        var shown = mask is null ? null : saved.Integers(mask);
        return [.. Enumerable.Range(0, shape[0]).Select(row =>
        {
            float[] kept = [.. FixtureFile.Entry(values, shape, row).ToArray().Chunk(shape[2])
                .Where((_, i) => shown is null || shown[(row * shape[1]) + i] != 0).SelectMany(token => token)];
            var text = new PromptEmbedding([.. kept], shape[2], [.. pooled.AsSpan(row * (pooled.Length / shape[0]), pooled.Length / shape[0])]);
            return new UNetCondition(text) { Sizes = sizes is null ? default : [.. sizes.Chunk(sizes.Length / shape[0]).ElementAt(row)] };
        })];
    }

    /// <summary>The network's answer, [rows, channels, height, width].</summary>
    public static float[] Predict(
        INetwork model, Tensor latents, IReadOnlyList<float> times, IReadOnlyList<Condition> conditions, IFeatureDoor? door = null)
    {
        var rows = model.Encode(conditions);
        try
        {
            var map = model.Describe([latents.Shape[1], latents.Shape[2], latents.Shape[3]], rows);
            return model.Predict(new NetworkInput(map, latents, times, rows), door ?? ComputeEverything.Instance).ToArray();
        }
        finally
        {
            foreach (var row in rows)
            {
                row.Dispose();
            }
        }
    }

    private static IEnumerable<string> Models(JsonElement config) => config.EnumerateObject()
        .Where(entry => entry.Value.ValueKind == JsonValueKind.Object && entry.Value.TryGetProperty("cfg", out var sizes)
            && sizes.ValueKind == JsonValueKind.Object && sizes.TryGetProperty("down_block_types", out _)
            && sizes.TryGetProperty("cross_attention_dim", out _))
        .Select(entry => entry.Name);

    /// <summary>The sizes of a network of a folder.</summary>
    public static UNetConfig Sizes(string folder, JsonElement sizes, Prediction prediction = Prediction.Epsilon)
    {
        var json = ForeignJson.Parse(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(sizes.GetRawText()));
        return UNetConfigFile.Read(json, prediction);
    }

    private static UNetModel Load(
        Checkpoint checkpoint, string folder, JsonElement sizes, IBackend backend, Prediction prediction = Prediction.Epsilon) =>
        UNetLayouts.Load(checkpoint, backend, _ => Sizes(folder, sizes, prediction));

    private static void CompareForward(UNetModel model, FixtureFile saved, Comparison compare)
    {
        compare.Used("sample", "timestep", "encoder_hidden_states", "text_embeds", "time_ids");
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            var theirs = name == "add_embedding.in" ? "sgm.y" : name;
            if (saved.Has(theirs))
            {
                // The network's last norm is followed by SiLU in one operation; theirs is shown before it.
                var wanted = saved.Tensor(theirs, model.Backend);
                wanted = theirs == "conv_norm_out.out" ? wanted.Activate(Activation.Silu) : wanted;
                compare.Tensor(theirs, Ordered(tensor, saved.Shape(theirs)), wanted.ToArray());
            }
        });
        var sample = saved.Tensor("sample", model.Backend);
        compare.Tensor(
            "out", Predict(model, sample, saved.Times("timestep"), Texts(saved, "encoder_hidden_states"), door), saved.Singles("out"));
    }

    // The same network elsewhere: one timestep for all rows, odd sides, texts of which a part is hidden.
    private static void CompareOthers(UNetModel model, FixtureFile saved, Comparison compare)
    {
        var sample = saved.Tensor("sample", model.Backend);
        if (saved.Has("scalar_timestep.out"))
        {
            compare.Used("scalar_timestep");
            float[] times = [.. Enumerable.Repeat(saved.Times("scalar_timestep")[0], sample.Shape[0])];
            compare.Tensor(
                "scalar_timestep.out", Predict(model, sample, times, Texts(saved, "encoder_hidden_states")), saved.Singles("scalar_timestep.out"));
        }

        if (saved.Has("odd.out"))
        {
            compare.Used("odd.sample", "odd.timestep", "odd.encoder_hidden_states");
            var odd = Predict(
                model, saved.Tensor("odd.sample", model.Backend), saved.Times("odd.timestep"), Texts(saved, "odd.encoder_hidden_states"));
            compare.Tensor("odd.out", odd, saved.Singles("odd.out"));
        }

        if (saved.Has("masked.out"))
        {
            compare.Used("masked.encoder_attention_mask");
            var texts = Texts(saved, "encoder_hidden_states", "masked.encoder_attention_mask");
            compare.Tensor("masked.out", Predict(model, sample, saved.Times("timestep"), texts), saved.Singles("masked.out"));
        }
    }

    // The same numbers under the names of an original checkpoint, in which all shapes are the same.
    private static void CompareOriginal(string folder, string name, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        var output = Array.Find(["compvis.out", "sgm.out"], saved.Has);
        if (output is null)
        {
            return;
        }

        using var names = ReplayRunner.Parse(Path.Combine(folder, $"{name}_key_map.json"));
        using var original = Renamed(Path.Combine(folder, $"{name}_weights.safetensors"), names.RootElement);
        using var model = Load(original, folder, config.GetProperty(name).GetProperty("cfg"), backend);
        compare.Tensor(
            output,
            Predict(model, saved.Tensor("sample", backend), saved.Times("timestep"), Texts(saved, "encoder_hidden_states")),
            saved.Singles(output));
    }

    private static Checkpoint Renamed(string path, JsonElement names)
    {
        using var checkpoint = Checkpoint.Open(path);
        var writer = new SafetensorsWriter();
        foreach (var (name, tensor) in checkpoint.Tensors)
        {
            writer.Add(names.GetProperty(name).GetString()!, tensor.ToSingles(), tensor.Shape);
        }

        return Checkpoint.FromBytes(path, writer.ToArray());
    }

    private static void CompareDiffusion(FixtureFile saved, Comparison compare, IBackend backend)
    {
        compare.Used("add_noise.x0", "add_noise.noise");
        var alphas = NoiseSchedule.Create(BetaSchedule.ScaledLinear, 1000, 0.00085, 0.012).AlphasCumulative;
        compare.Tensor("alphas_cumprod", [.. alphas.Select(alpha => (float)alpha)], saved.Singles("alphas_cumprod"));
        var (x0, noise) = (saved.Tensor("add_noise.x0", backend), saved.Tensor("add_noise.noise", backend));
        var (sample, output) = (saved.Tensor("sample", backend), saved.Tensor("out", backend));
        DiffusionStep[] steps = [.. saved.Integers("timestep").Select((t, i) => new DiffusionStep(i, (int)t, alphas[(int)t], 1))];
        compare.Tensor("add_noise.out", Each(s => WeightedSum.Sum((Math.Sqrt(s.Alpha), Row(x0, s)), (Math.Sqrt(1 - s.Alpha), Row(noise, s)))),
            saved.Singles("add_noise.out"));
        compare.Tensor("velocity.out", Each(s => WeightedSum.Sum((Math.Sqrt(s.Alpha), Row(noise, s)), (-Math.Sqrt(1 - s.Alpha), Row(x0, s)))),
            saved.Singles("velocity.out"));
        foreach (var (name, prediction) in new[]
        {
            ("epsilon", Prediction.Epsilon), ("v_prediction", Prediction.Velocity), ("sample", Prediction.Image),
        })
        {
            compare.Tensor(
                $"{name}.pred_original_sample",
                Each(s => s.ImageFrom(Row(sample, s), Row(output, s), prediction, null)),
                saved.Singles($"{name}.pred_original_sample"));
        }

        float[] Each(Func<DiffusionStep, Tensor> make) => [.. steps.SelectMany(step => make(step).ToArray())];
        static Tensor Row(Tensor x, DiffusionStep step) => x.Rows(step.Index, 1);
    }

    // Ours are [rows, height, width, channels] or [rows, cells, channels]; theirs may have the channels before the cells.
    private static float[] Ordered(Tensor ours, Shape theirs)
    {
        if (theirs.Rank != 4)
        {
            return ours.ToArray();
        }

        int rows = ours.Shape[0], channels = ours.Shape.Columns;
        return ours.Reshape([rows, (int)(ours.Shape.ElementCount / rows / channels), channels]).Permute(0, 2, 1).ToArray();
    }
}
