using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.UVit;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>Replays folders made with U-ViT: forwards of the networks under classes and under texts, and runs of Learning-to-Cache.</summary>
internal static class UVitFolder
{
    private const string OfClasses = "l2c";
    private const string OfTexts = "t2i";

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty(OfClasses, out var sizes) && sizes.ValueKind == JsonValueKind.Object
        && sizes.TryGetProperty("mlp_time_embed", out _);

    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var isForward = run.EndsWith("forward", StringComparison.Ordinal);
        var compare = new Comparison(isForward ? Comparison.ForwardTolerance : Comparison.TrajectoryTolerance);
        using var model = LoadModel(folder, saved.Has("context") ? OfTexts : OfClasses, config, backend);
        if (isForward)
        {
            CompareForward(model, saved, compare);
        }
        else
        {
            using var description = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
            var path = Path.Combine(folder, $"{run}.safetensors");
            var json = description.RootElement;
            var policy = new L2CPolicy(new() { Router = path, Threshold = json.GetProperty("thres").GetDouble(), Pairs = L2CPairs.Start });
            compare.Used("router_logits", "y", "x_T");
            CompareRun(model, json, saved, compare, NoCachePolicy.Instance, "uncached.");
            CompareRun(model, json, saved, compare, policy, "");
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static UVitModel LoadModel(string folder, string name, JsonElement config, IBackend backend)
    {
        var weights = name == OfTexts ? "t2i_weights" : "weights";
        using var checkpoint = Checkpoint.Open(Path.Combine(folder, $"{weights}.safetensors"));
        var sizes = config.GetProperty(name);
        return UVitLayout.Load(checkpoint, backend, inferred => inferred with { HeadCount = sizes.GetProperty("num_heads").GetInt32() });
    }

    private static void CompareForward(UVitModel model, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        compare.Used("x", "timesteps", "y", "context");
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            if (saved.Has(name))
            {
                compare.Tensor(name, tensor.ToArray(), saved.Singles(name));
            }
        });
        Condition[] conditions = saved.Has("context") ? Array.ConvertAll(UNetFolder.Texts(saved, "context"), text => text.Text)
            : Array.ConvertAll(saved.Integers("y"), label => Condition.Class((int)label));
        var rows = model.Encode(conditions);
        try
        {
            var latents = saved.Tensor("x", model.Backend);
            var input = new NetworkInput(model.Describe(model.LatentShape, rows), latents, saved.Times("timesteps"), rows);
            compare.Tensor("out", model.Predict(input, door).ToArray(), saved.Singles("out"));
        }
        finally
        {
            foreach (var row in rows)
            {
                row.Dispose();
            }
        }
    }

    private static void CompareRun(
        UVitModel model, JsonElement json, FixtureFile saved, Comparison compare, ICachePolicy policy, string scope)
    {
        var calls = json.GetProperty("nfe").GetInt32();
        var options = new Dpm2SOptions { Betas = BetaSchedule.ScaledLinear, BetaStart = 0.00085, BetaEnd = 0.012 };
        var guidance = new Guidance(1 + json.GetProperty("guidance_scale").GetDouble()); // cond + s · (cond − uncond)
        var runs = Begin(model, new Dpm2SSampler(options), calls / 2, guidance, saved);
        var groups = ReplayGroups.Open(policy, runs, model.Backend);
        try
        {
            var times = CompareCalls(model, groups, runs, saved, compare, scope);
            using (TensorScope.Begin())
            {
                compare.Tensor($"{scope}final", [.. runs.SelectMany(r => r.Run.Latent.ToArray())], saved.Singles($"{scope}final"));
            }

            if (scope.Length == 0)
            {
                compare.Tensor("t", [.. times], saved.Singles("t"));
                compare.Tensor("time_grid", [.. new ContinuousTime(options).Grid(calls / 2).Select(t => (float)t)], saved.Singles("time_grid"));
                CompareDecisions(json, runs[0].Outcomes, (L2CPolicy)policy, model.Config.BlockCount, compare);
            }
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    private static Trajectory[] Begin(UVitModel model, Dpm2SSampler sampler, int steps, Guidance guidance, FixtureFile saved)
    {
        using var scope = TensorScope.Begin();
        var starts = saved.Tensor("x_T", model.Backend);
        return [.. saved.Integers("y").Select((label, sample) =>
        {
            var rows = model.Guide(Condition.Class((int)label), guidance);
            var conditions = model.Encode(rows.Conditions);
            var prepared = new PreparedRequest(rows, conditions, model.LatentShape, model.Describe(model.LatentShape, conditions), () => { });
            var run = sampler.Begin(starts.Rows(sample, 1), steps, model.Prediction);
            return new Trajectory(prepared, run, new GivenNoise(default), model.Prediction, addsNoise: false);
        })];
    }

    private static List<float> CompareCalls(
        UVitModel model, DecisionGroup[] groups, Trajectory[] runs, FixtureFile saved, Comparison compare, string scope)
    {
        var engine = new Engine(model, TimeProvider.System, int.MaxValue);
        var (inputs, answers) = (saved.Singles("x_in"), saved.Singles($"{scope}eps"));
        var (shape, times) = (saved.Shape("x_in"), new List<float>());
        for (var call = 0; !runs[0].Run.IsFinished; call++)
        {
            using var tensors = TensorScope.Begin();
            times.Add(runs[0].Run.Timestep);
            if (scope.Length == 0)
            {
                float[] ours = [.. runs.SelectMany(r => r.Run.Latent.ToArray())];
                compare.Tensor("x_in", ours, FixtureFile.Entry(inputs, shape, call), Comparison.Magnitude(inputs), call);
            }

            var guided = new float[runs.Length][];
            engine.Tick(groups, (sample, output) => guided[Array.IndexOf(runs, sample)] = sample.PredictionOf(output).ToArray());
            Array.ForEach(groups, g => g.ThrowIfFailed());
            compare.Tensor(
                $"{scope}eps", [.. guided.SelectMany(g => g)], FixtureFile.Entry(answers, shape, call), Comparison.Magnitude(answers), call);
        }

        return times;
    }

    // Branches are numbered as the released code numbers its modules: attention, then feed-forward, of every block in turn.
    private static void CompareDecisions(JsonElement json, IReadOnlyList<CallOutcome> outcomes, L2CPolicy policy, int depth, Comparison compare)
    {
        JsonElement[] steps = [.. json.GetProperty("per_step").EnumerateArray()];
        var table = policy.TableFor(steps.Length, depth);
        compare.Exact(
            "computed branches",
            [.. Enumerable.Range(0, steps.Length).SelectMany(call => Enumerable.Range(0, 2 * depth).Where(q => !table[call, q])
                .Select(q => (1000L * call) + q))],
            [.. steps.SelectMany((step, call) => step.GetProperty("computed").EnumerateArray().Select(q => (1000L * call) + q.GetInt64()))]);
        var whole = 2 * depth;
        compare.Exact(
            "decisions",
            [.. outcomes.Select(o => o.Kind == CallKind.Computed ? 1L : 0)],
            [.. steps.Select(step => step.GetProperty("computed").GetArrayLength() == whole ? 1L : 0)]);
    }
}
