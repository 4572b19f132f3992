using Augur.Models;
using System.Text.Json;
using Augur.Caching;
using Augur.Models.Dit;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays folders made with the original DiT code: single forwards with intermediates, guided forwards, trajectories, schedules, losses.
/// </summary>
internal static class DitCoreReplay
{
    private static readonly string[] s_standard = ["forward", "random_forward", "schedules", "training_loss"];

    /// <summary>Names of the runs of such a folder whose files exist.</summary>
    public static IEnumerable<string> Runs(string folder, JsonElement config) =>
        s_standard.Concat(config.GetProperty("loops").EnumerateObject().Select(loop => loop.Name))
            .Where(run => File.Exists(Path.Combine(folder, $"{run}.safetensors")));

    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var isLoop = !s_standard.Contains(run);
        var compare = new Comparison(isLoop ? Comparison.TrajectoryTolerance : Comparison.ForwardTolerance);
        if (run == "schedules")
        {
            CompareSchedules(saved, compare);
        }
        else
        {
            using var model = LoadModel(folder, run == "random_forward" ? "random_weights" : "weights", config, backend);
            if (isLoop)
            {
                DitTrajectoryReplay.Run(model, ReadLoop(config, run), saved, NoCachePolicy.Instance, compare);
            }
            else if (run == "training_loss")
            {
                CompareLoss(model, saved, compare);
            }
            else
            {
                CompareForward(model, saved, compare);
            }
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    /// <summary>
    /// The network of a fixture folder: sizes from config.json's "cfg", weights under the original code's names. A folder without weights of its
    /// own shares those that its "weights" name, or those of the folder "dit-core" beside it.
    /// </summary>
    public static DitModel LoadModel(string folder, string weights, JsonElement config, IBackend backend)
    {
        var sizes = config.GetProperty("cfg");
        var dit = new DitConfig
        {
            InputSize = sizes.GetProperty("input_size").GetInt32(),
            PatchSize = sizes.GetProperty("patch_size").GetInt32(),
            InChannels = sizes.GetProperty("in_channels").GetInt32(),
            HiddenSize = sizes.GetProperty("hidden_size").GetInt32(),
            Depth = sizes.GetProperty("depth").GetInt32(),
            HeadCount = sizes.GetProperty("num_heads").GetInt32(),
            ClassCount = sizes.GetProperty("num_classes").GetInt32(),
            LearnsVariance = !sizes.TryGetProperty("learn_sigma", out var learns) || learns.GetBoolean(),
        }.Validated();
        var own = Path.Combine(folder, $"{weights}.safetensors");
        var shared = config.TryGetProperty("weights", out var named) && named.GetString() is { } path ? Path.Combine(folder, path)
            : Path.Combine(folder, "..", "dit-core", $"{weights}.safetensors");
        using var checkpoint = Checkpoint.Open(File.Exists(own) ? own : shared);
        var root = new WeightScope(checkpoint, backend);
        var model = new DitModel(dit, DitLayouts.ReadOriginal(root, dit), backend);
        root.RequireAllUsed();
        return model;
    }

    private static DitTrajectory ReadLoop(JsonElement config, string run)
    {
        var loop = config.GetProperty("loops").GetProperty(run);
        return new DitTrajectory(
            loop.GetProperty("kind").GetString() ?? "",
            loop.GetProperty("steps").GetString() ?? "",
            config.GetProperty("cfg_scale").GetDouble(),
            loop.TryGetProperty("eta", out var eta) ? eta.GetDouble() : 0,
            loop.TryGetProperty("clip", out var clip) && clip.GetBoolean());
    }

    private static void CompareForward(DitModel model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("x", "t", "y", "cfg.x", "cfg.t", "cfg.y", "cfg.scale");
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            if (saved.Has(name))
            {
                compare.Tensor(name, tensor.ToArray(), saved.Singles(name));
            }
        });
        var plain = model.Predict(NetworkInput.OfClasses(model, saved.Tensor("x", model.Backend), saved.Times("t"), Labels(saved, "y")), door);
        compare.Tensor("out", plain.ToArray(), saved.Singles("out"));

        // With guidance, the released code uses the first half of the latents for both halves of the labels.
        var x = saved.Tensor("cfg.x", model.Backend);
        int half = x.Shape[0] / 2, pixels = x.Shape[2] * x.Shape[3], channels = model.Config.OutChannels;
        var both = Tensor.Empty(model.Backend, x.Shape);
        both.Rows(0, half).CopyFromInPlace(x.Rows(0, half));
        both.Rows(half, half).CopyFromInPlace(x.Rows(0, half));
        var input = NetworkInput.OfClasses(model, both, saved.Times("cfg.t"), Labels(saved, "cfg.y"));
        var output = model.Predict(input, ComputeEverything.Instance).ToArray();
        var size = channels * pixels;
        var rows = Enumerable.Range(0, half).Select(row => ReleasedGuidance.Apply(
            output.AsSpan(row * size, size), output.AsSpan((row + half) * size, size), saved.Doubles("cfg.scale")[0], 3 * pixels)).ToArray();
        float[] guided = [.. rows.SelectMany(r => r.Conditional), .. rows.SelectMany(r => r.Unconditional)];
        compare.Tensor("cfg.out", guided, saved.Singles("cfg.out"));
    }

    private static void CompareSchedules(FixtureFile saved, Comparison compare)
    {
        foreach (var group in saved.Names.GroupBy(name => name[..name.LastIndexOf('.')]))
        {
            var parts = group.Key.Split('.', 2);
            var full = NoiseSchedule.Create(parts[0] == "cosine" ? BetaSchedule.Cosine : BetaSchedule.Linear);
            var schedule = parts[1] == "full" ? full : full.Respace(parts[1]);
            foreach (var name in group)
            {
                switch (name[(name.LastIndexOf('.') + 1)..])
                {
                    case "timestep_map":
                        compare.Exact(name, [.. schedule.Timesteps], saved.Integers(name));
                        break;
                    case "betas":
                        compare.Table(name, schedule.Betas, saved.Doubles(name));
                        break;
                    case "alphas_cumprod":
                        compare.Table(name, schedule.AlphasCumulative, saved.Doubles(name));
                        break;
                }
            }
        }
    }

    private static void CompareLoss(DitModel model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("x_start", "noise", "t", "y");
        var (image, noise) = (saved.Tensor("x_start", model.Backend), saved.Tensor("noise", model.Backend));
        var loss = DiffusionLoss.Measure(model, image, noise, saved.Times("t"), Labels(saved, "y"));
        compare.Tensor("x_t", loss.Noised, saved.Singles("x_t"));
        compare.Tensor("mse", loss.SquaredError, saved.Singles("mse"));
        compare.Tensor("vb", loss.VariationalBound, saved.Singles("vb"));
        compare.Tensor("loss", [.. loss.SquaredError.Zip(loss.VariationalBound, (a, b) => a + b)], saved.Singles("loss"));
    }

    private static int[] Labels(FixtureFile saved, string name) => Array.ConvertAll(saved.Integers(name), y => checked((int)y));
}
