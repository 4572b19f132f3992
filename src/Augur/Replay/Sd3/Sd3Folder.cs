using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Augur.Caching;
using Augur.Models;
using Augur.Models.Sd3;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays folders made with an SD3 or SD3.5 transformer: forwards with intermediates in both key layouts, schedules, and sampling runs with
/// guidance. The second network's sizes are in <c>sd3</c> of config.json.
/// </summary>
internal static class Sd3Folder
{
    private const double ScheduleTolerance = 1e-6; // the released tables are in single precision
    private static readonly string[] s_standard = ["forward", "sd3_forward", "schedules"];

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("pos_max", out _) && config.TryGetProperty("qk_norm", out _);

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The sampler is not supported.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var compare = new Comparison(s_standard.Contains(run) ? Comparison.ForwardTolerance : Comparison.TrajectoryTolerance);
        switch (run)
        {
            case "schedules":
                CompareSchedules(saved, compare);
                break;
            case "forward":
                CompareForward(folder, config, ["weights", "diffusers_weights"], saved, compare, backend);
                break;
            case "sd3_forward":
                CompareForward(folder, config.GetProperty("sd3"), ["sd3_weights"], saved, compare, backend);
                break;
            default:
                using (var description = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json")))
                using (var model = LoadModel(Path.Combine(folder, "weights.safetensors"), config, backend, SkipOf(description.RootElement)))
                {
                    Sd3Trajectory.Run(model, description.RootElement, saved, compare);
                }

                break;
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static SkipLayerGuidance? SkipOf(JsonElement run) => run.TryGetProperty("slg", out var skip) && skip.ValueKind == JsonValueKind.Object
        ? new(skip.GetProperty("scale").GetDouble(), Layers(skip.GetProperty("layers")), skip.GetProperty("start").GetDouble(),
            skip.GetProperty("end").GetDouble())
        : null;

    private static ImmutableArray<int> Layers(JsonElement list) => [.. list.EnumerateArray().Select(layer => layer.GetInt32())];

    // Sizes come from the tensors' shapes, and heads, which only norms tell, from the configuration. Texts are not padded, as in the saved runs.
    private static Sd3Model LoadModel(string path, JsonElement config, IBackend backend, SkipLayerGuidance? skip)
    {
        using var checkpoint = Checkpoint.Open(path);
        return Sd3Layouts.Load(checkpoint, backend, inferred => inferred with
        {
            HeadCount = config.GetProperty("heads").GetInt32(),
            SkipGuidance = skip,
        });
    }

    private static void CompareForward(
        string folder, JsonElement config, string[] weights, FixtureFile saved, Comparison compare, IBackend backend)
    {
        compare.Used("x", "t", "y", "context");
        foreach (var name in weights)
        {
            using var scope = TensorScope.Begin();
            var skip = new SkipLayerGuidance(1, Layers(config.GetProperty("skip")));
            using var model = LoadModel(Path.Combine(folder, $"{name}.safetensors"), config, backend, skip);
            var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
            {
                if (saved.Has(name))
                {
                    compare.Tensor(name, tensor.ToArray(), saved.Singles(name));
                }
            });
            var shape = saved.Shape("x");
            var places = model.PositionsOf(model.Config.GridOf([shape[1], shape[2], shape[3]]));
            compare.Tensor("pos_embed_cropped", places.ToArray(), saved.Singles("pos_embed_cropped"));
            var output = Predict(model, saved, skips: false, door);
            compare.Tensor("out", output, saved.Singles("out"));
            compare.Tensor("diffusers.out", output, saved.Singles("diffusers.out"));
            compare.Tensor("out_skip_layers", Predict(model, saved, skips: true, ComputeEverything.Instance), saved.Singles("out_skip_layers"));
        }
    }

    private static float[] Predict(Sd3Model model, FixtureFile saved, bool skips, IFeatureDoor door)
    {
        var texts = FluxFolder.Texts(saved, "context", "y");
        var rows = model.Encode(skips ? [.. texts.Select(text => new WithoutBlocks(text))] : texts);
        try
        {
            var latents = saved.Tensor("x", model.Backend);
            var map = model.Describe([latents.Shape[1], latents.Shape[2], latents.Shape[3]], rows);
            return model.Predict(new NetworkInput(map, latents, saved.Times("t"), rows), door).ToArray();
        }
        finally
        {
            foreach (var row in rows)
            {
                row.Dispose();
            }
        }
    }

    // Names: sd3.steps28_shift3.0, diffusers.steps28_shift3.0.sigmas, diffusers.steps28_shift3.0.timesteps.
    private static void CompareSchedules(FixtureFile saved, Comparison compare)
    {
        foreach (var name in saved.Names)
        {
            var parts = name.Split("steps", 2)[1].Split("_shift");
            var shift = double.Parse(parts[1].Replace(".sigmas", "", StringComparison.Ordinal).Replace(".timesteps", "", StringComparison.Ordinal),
                CultureInfo.InvariantCulture);
            var sigmas = Sd3Trajectory.Options(shift).Sigmas([1, 16, 2, 2], int.Parse(parts[0], CultureInfo.InvariantCulture));
            var ours = name.EndsWith(".timesteps", StringComparison.Ordinal) ? [.. sigmas.SkipLast(1).Select(s => 1000 * s)] : sigmas;
            var theirs = saved.Doubles(name);
            compare.Used(name);
            compare.Exact($"entries of {name}", [ours.Length], [theirs.Length]);
            foreach (var (i, (our, their)) in ours.Zip(theirs).Index())
            {
                compare.Number($"{name}[{i}]", our, their, ScheduleTolerance, 0);
            }
        }
    }
}
