using System.Text.Json;
using Augur.Caching;
using Augur.Caching.Forecasting;
using Augur.Caching.Policies;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Models.Flux;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>Runs of CG-Taylor on DiT and on FLUX: decisions, the gate's errors, and what the gate looked at.</summary>
internal sealed class CgTaylorReplay : IReplayedMethod
{
    private const double GateTolerance = 1e-3; // relative, as the folders' READMEs have it
    private const int FluxWarmup = 5; // literal in the released code

    private readonly JsonElement _run;
    private readonly FixtureFile _saved;
    private readonly List<double> _magnitudes = [];
    private readonly List<float[]> _fronts = [];

    private CgTaylorReplay(JsonElement run, FixtureFile saved, CgTaylorOptions options)
    {
        (_run, _saved) = (run, saved);
        Policy = new CgTaylorPolicy(options)
        {
            ObserveFront = (_, front) =>
            {
                var values = front.ToArray();
                _magnitudes.Add(values.Average(v => Math.Abs((double)v)));
                _fronts.Add(values);
            },
        };
    }

    public ICachePolicy Policy { get; }

    /// <summary>A run on DiT.</summary>
    public static CgTaylorReplay OfDit(JsonElement run, FixtureFile saved) => new(run, saved, new CgTaylorOptions
    {
        Threshold = run.GetProperty("threshold").GetDouble(),
        Gate = new TaylorForecaster(run.GetProperty("max_block_order").GetInt32()),
        Draft = new TaylorForecaster(run.GetProperty("max_order").GetInt32()),
        Warmup = run.GetProperty("mid_cor").GetInt32() + 1,
    });

    /// <summary>Whether a run is one on FLUX.</summary>
    public static bool IsFlux(JsonElement run) =>
        run.ValueKind == JsonValueKind.Object && run.TryGetProperty("official_impl", out var name) && name.GetString() == "cg_taylor_flux";

    /// <summary>Replays a run on FLUX, whose tensors have names of their own.</summary>
    public static void RunFlux(FluxModel model, JsonElement run, FixtureFile saved, Comparison compare)
    {
        compare.Used("x0", "txt", "pooled", "img_ids", "txt_ids");
        using var scope = TensorScope.Begin();
        var start = model.Unpack(saved.Tensor("x0", model.Backend), FluxFolder.Grid(saved));
        var (options, steps) = (new FlowOptions { Dynamic = true }, run.GetProperty("steps").GetInt32());
        compare.Tensor(
            "sigmas",
            Array.ConvertAll(options.Sigmas(start.Shape, steps), s => (float)s),
            Array.ConvertAll(saved.Doubles("sigmas"), s => (float)s));
        var replay = new CgTaylorReplay(run, saved, new CgTaylorOptions
        {
            Threshold = run.GetProperty("threshold").GetDouble(),
            Gate = new TaylorForecaster(run.GetProperty("firstblock_max_order").GetInt32()),
            Draft = new TaylorForecaster(run.GetProperty("max_order").GetInt32()),
            Warmup = FluxWarmup,
            Learns = run.GetProperty("boolean_test").GetBoolean() ? GateLearning.AfterWarmup : GateLearning.Never,
        });
        var trajectory = new FlowTrajectory(model, FluxModel.Pack);
        var guidance = new Guidance(run.GetProperty("guidance").GetDouble());
        var runs = trajectory.Begin(new FlowEulerSampler(options), steps, guidance, FluxFolder.Texts(saved, "txt", "pooled"), start);
        var (answers, shape) = (saved.Singles("pred"), saved.Shape("pred"));
        var scale = Comparison.Magnitude(answers);
        var outcomes = trajectory.Run(replay.Policy, runs, saved, compare, (step, outputs) => compare.Tensor(
            "pred", [.. outputs.SelectMany(o => FluxModel.Pack(o).ToArray())], FixtureFile.Entry(answers, shape, step), scale, step));
        compare.Tensor("first_block", [.. replay._fronts.SelectMany(front => front)], saved.Singles("first_block"));
        replay.CompareDecisions(outcomes, compare);
    }

    public void Compare(DitConfig model, IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        var means = _saved.Doubles("first_block_mean_abs");
        compare.Tensor("first_block_mean_abs", [.. _magnitudes.Select(m => (float)m)], Array.ConvertAll(means, m => (float)m));
        compare.Tensor("first_block_step0", _fronts[0], _saved.Singles("first_block_step0"));
        CompareDecisions(outcomes, compare);

        // The released counter: all blocks of a full call, the first of a forecast one.
        var steps = _run.GetProperty("per_step").EnumerateArray().Select(step => step.GetProperty("flops_cumulative").GetDouble()).ToArray();
        var block = new OfficialFlops(_saved.Shape("y")[0], model.TokenCount, model.HiddenSize, model.HeadCount).FullBlock;
        long total = 0;
        compare.Exact(
            "flops_cumulative",
            [.. outcomes.Select(o => total += (o.Kind == CallKind.Computed ? model.Depth : 1) * block)],
            [.. steps.Select(flops => (long)flops)]);
    }

    // The error of a call that is computed whatever it says is saved as well; ours are those that decided.
    private void CompareDecisions(IReadOnlyList<CallOutcome> outcomes, Comparison compare)
    {
        compare.Used("gate_error");
        JsonElement[] steps = [.. _run.GetProperty("per_step").EnumerateArray()];
        compare.Exact(
            "decisions",
            [.. outcomes.Select(o => o.Kind == CallKind.Computed ? 1L : 0)],
            [.. steps.Select(s => s.GetProperty("type").GetString() == "full" ? 1L : 0)]);
        var errors = _saved.Doubles("gate_error");
        compare.Exact(
            "gated calls",
            [.. outcomes.Take(outcomes.Count - 1).Select(o => o.Error is null ? 0L : 1)],
            [.. errors[..^1].Select(e => double.IsNaN(e) ? 0L : 1)]);
        foreach (var (i, outcome) in outcomes.Index().Where(o => o.Item.Error is not null))
        {
            compare.Number($"gate error at step {i}", outcome.Error!.Value, errors[i], GateTolerance, 0);
        }
    }
}
