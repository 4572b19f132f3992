using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Policies;
using Augur.Conditioning;
using Augur.Models;
using Augur.Models.Joint;
using Augur.Models.QwenImage;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Runs a saved Qwen-Image trajectory, with or without true guidance, uncached or under TaylorSeer.</summary>
internal static class QwenImageTrajectory
{
    /// <summary>Replays a run.</summary>
    /// <param name="model">The network.</param>
    /// <param name="run">Its description, with <c>steps</c>, <c>cfg</c>, <c>grid</c>, <c>scheduler</c>.</param>
    /// <param name="saved">The tensors.</param>
    /// <param name="compare">Collects the differences.</param>
    /// <exception cref="NotSupportedException">The method is not supported.</exception>
    public static void Run(QwenImageModel model, JsonElement run, FixtureFile saved, Comparison compare)
    {
        compare.Used("x0", "txt", "neg_txt");
        using var scope = TensorScope.Begin();
        var (options, steps) = (Schedule(run.GetProperty("scheduler")), run.GetProperty("steps").GetInt32());
        var grid = run.GetProperty("grid").EnumerateArray().Select(n => n.GetInt32()).ToArray();
        var start = JointStream.Unpack(
            saved.Tensor("x0", model.Backend), [1, model.Config.LatentChannels, 2 * grid[0], 2 * grid[1]], QwenImageConfig.PatchSize);
        CompareSchedule(options.Sigmas(start.Shape, steps), saved, compare);
        var text = JointForward.Texts(saved, "txt")[0];
        text = saved.Has("neg_txt") ? text with { Negative = JointForward.Texts(saved, "neg_txt")[0] } : text;
        var trajectory = new FlowTrajectory(model, latent => JointStream.Pack(latent, QwenImageConfig.PatchSize));
        var runs = trajectory.Begin(new FlowEulerSampler(options), steps, new Guidance(run.GetProperty("cfg").GetDouble()), [text], start);
        var policy = Policy(run);
        if (policy is not NoCachePolicy && runs[0].RowCount > 1)
        {
            // As released: both branches count on in one cache, call after call.
            var outcomes = new TurnsOfOneMemory(model, policy, run, saved, compare).Run(runs[0]);
            CompareDecisions(run, outcomes, compare);
            return;
        }

        var compared = new Answers(saved, compare);
        CompareDecisions(run, trajectory.Run(policy, runs, saved, compare, (step, outputs) => compared.Compare(step, runs[0], outputs[0])), compare);
    }

    private static ICachePolicy Policy(JsonElement run) => run.GetProperty("official_impl").GetString() switch
    {
        "diffusers_qwenimage" => NoCachePolicy.Instance,
        "taylorseer_qwen" => new TaylorSeerPolicy(new()
        {
            Interval = run.GetProperty("N").GetInt32(),
            Order = run.GetProperty("O").GetInt32(),
            Warmup = run.GetProperty("first_enhance").GetInt32(),
        }),
        var other => throw new NotSupportedException($"the method '{other}' on Qwen-Image is not built"),
    };

    private static FlowOptions Schedule(JsonElement scheduler) => new()
    {
        Dynamic = scheduler.GetProperty("use_dynamic_shifting").GetBoolean(),
        BaseShift = scheduler.GetProperty("base_shift").GetDouble(),
        MaxShift = scheduler.GetProperty("max_shift").GetDouble(),
        BaseTokenCount = scheduler.GetProperty("base_image_seq_len").GetInt32(),
        MaxTokenCount = scheduler.GetProperty("max_image_seq_len").GetInt32(),
        Terminal = scheduler.GetProperty("shift_terminal").GetDouble(),
    };

    private static void CompareSchedule(double[] sigmas, FixtureFile saved, Comparison compare)
    {
        compare.Tensor("sigmas", Array.ConvertAll(sigmas, s => (float)s), Array.ConvertAll(saved.Doubles("sigmas"), s => (float)s));
        compare.Tensor(
            "timesteps", [.. sigmas[..^1].Select(s => (float)(1000 * s))], Array.ConvertAll(saved.Doubles("timesteps"), t => (float)t));
    }

    private static void CompareDecisions(JsonElement run, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        JsonElement[] steps = [.. run.GetProperty("per_step").EnumerateArray()];
        if (steps[0].TryGetProperty("type", out _))
        {
            compare.Exact(
                "decisions",
                [.. outcomes.Select(o => o.Kind == CallKind.Computed ? 1L : 0)],
                [.. steps.Select(s => s.GetProperty("type").GetString() == "full" ? 1L : 0)]);
        }
    }

    /// <summary>The saved answers of both branches and what guidance made of them.</summary>
    private sealed class Answers(FixtureFile saved, Comparison compare)
    {
        private static readonly string[] s_names = ["pred_cond", "pred_uncond", "pred"];

        private readonly Dictionary<string, (float[] Values, Shape Shape, double Scale)> _known =
            s_names.Where(saved.Has).ToDictionary(
                name => name, name => (saved.Singles(name), saved.Shape(name), Comparison.Magnitude(saved.Singles(name))));

        public void Compare(int step, Trajectory run, Tensor output)
        {
            if (run.RowCount > 1)
            {
                One("pred_cond", output.Rows(0, 1), step);
                One("pred_uncond", output.Rows(1, 1), step);
            }

            One("pred", run.PredictionOf(output), step);
        }

        public void One(string name, Tensor latent, int step)
        {
            var (values, shape, scale) = _known[name];
            compare.Tensor(
                name, JointStream.Pack(latent, QwenImageConfig.PatchSize).ToArray(), FixtureFile.Entry(values, shape, step), scale, step);
        }
    }

    /// <summary>
    /// The conditional and the unconditional call one after the other, in one memory that takes both for calls of one run: what the released code
    /// does where guidance is true, and what its record holds. Nothing but this replay does so.
    /// </summary>
    private sealed class TurnsOfOneMemory(QwenImageModel model, ICachePolicy policy, JsonElement run, FixtureFile saved, Comparison compare)
    {
        private readonly Answers _answers = new(saved, compare);

        public List<CallOutcome> Run(Trajectory trajectory)
        {
            var calls = 2 * run.GetProperty("steps").GetInt32();
            using var memory = policy.Open(new RunInfo { Map = trajectory.Map, CallCount = calls, RowCount = 1 });
            var outcomes = new List<CallOutcome>();
            var (inputs, shape) = (saved.Singles("x_in"), saved.Shape("x_in"));
            var step = 0;
            for (; !trajectory.Run.IsFinished; step++)
            {
                using var scope = TensorScope.Begin();
                var input = trajectory.Input;
                compare.Tensor("x_in", Packed(input.Latent), FixtureFile.Entry(inputs, shape, step), Comparison.Magnitude(inputs), step);
                Tensor[] rows = [.. Enumerable.Range(0, 2).Select(row =>
                    Call(memory, new NetworkCall((2 * step) + row, calls, input.Timestep), input, trajectory.Map, row, outcomes))];
                var output = Tensor.Concatenate(rows, 0);
                _answers.Compare(step, trajectory, output);
                trajectory.Advance(output, outcomes[^1]);
            }

            using var last = TensorScope.Begin();
            compare.Tensor("final", Packed(trajectory.Run.Latent), saved.Singles("final"));
            trajectory.Dispose();
            return outcomes;
        }

        private static float[] Packed(Tensor latent) => JointStream.Pack(latent, QwenImageConfig.PatchSize).ToArray();

        private Tensor Call(ISampleMemory memory, NetworkCall call, SampleInput input, NetworkMap map, int row, List<CallOutcome> outcomes)
        {
            memory.Begin(call);
            using var reads = new DeferredRead();
            var door = new FeatureDoor([(memory, 1)], new CostLedger(map, [1], TimeProvider.System), reads);
            var output = model.Predict(new NetworkInput(map, input.Latent, [input.Timestep], [input.Conditions[row]]), door);
            outcomes.Add(memory.End());
            return output;
        }
    }
}
