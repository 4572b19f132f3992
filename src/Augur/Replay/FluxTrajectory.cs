using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// Runs a saved FLUX trajectory through the engine and compares every step: <c>x_in</c>, <c>pred</c>, <c>timesteps</c>, <c>final</c>.
/// </summary>
internal static class FluxTrajectory
{
    /// <summary>Replays a run under a policy.</summary>
    /// <param name="model">The network.</param>
    /// <param name="description">The run's description, with <c>steps</c>, <c>shift</c> and <c>guidance</c>.</param>
    /// <param name="saved">The tensors.</param>
    /// <param name="policy">The method.</param>
    /// <param name="compare">Collects the differences.</param>
    /// <returns>The outcome of each call of the first sample.</returns>
    public static IReadOnlyList<CallOutcome> Run(FluxModel model, JsonElement description, FixtureFile saved, ICachePolicy policy, Comparison compare)
    {
        compare.Used("img", "img_ids", "txt", "txt_ids", "vec");
        var options = new FlowOptions { Dynamic = description.GetProperty("shift").GetBoolean() };
        var sampler = new FlowEulerSampler(options);
        var steps = description.GetProperty("steps").GetInt32();
        var runs = Begin(model, sampler, steps, new Guidance(description.GetProperty("guidance").GetDouble()), saved);
        compare.Tensor(
            "timesteps",
            Array.ConvertAll(options.Sigmas(runs[0].Run.Latent.Shape, steps), s => (float)s),
            Array.ConvertAll(saved.Doubles("timesteps"), s => (float)s));
        var groups = ReplayGroups.Open(policy, runs, model.Backend);
        try
        {
            CompareSteps(model, groups, runs, saved, compare);
            using var scope = TensorScope.Begin();
            compare.Tensor("final", Packed(model, runs), saved.Singles("final"));
            if (saved.Has("final_unpacked"))
            {
                compare.Tensor("final_unpacked", [.. runs.SelectMany(r => r.Run.Latent.ToArray())], saved.Singles("final_unpacked"));
            }

            return [.. runs[0].Outcomes];
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    private static void CompareSteps(FluxModel model, DecisionGroup[] groups, Trajectory[] runs, FixtureFile saved, Comparison compare)
    {
        var engine = new Engine(model, TimeProvider.System, int.MaxValue);
        var (inputs, answers) = (saved.Singles("x_in"), saved.Singles("pred"));
        var (shape, inputScale, answerScale) = (saved.Shape("x_in"), Comparison.Magnitude(inputs), Comparison.Magnitude(answers));
        for (var i = 0; !runs[0].Run.IsFinished; i++)
        {
            using var scope = TensorScope.Begin();
            compare.Tensor("x_in", Packed(model, runs), FixtureFile.Entry(inputs, shape, i), inputScale, i);
            var outputs = new float[runs.Length][];
            engine.Tick(groups, (sample, output) => outputs[Array.IndexOf(runs, sample)] = FluxModel.Pack(output).ToArray());
            Array.ForEach(groups, g => g.ThrowIfFailed());
            compare.Tensor("pred", [.. outputs.SelectMany(o => o)], FixtureFile.Entry(answers, shape, i), answerScale, i);
        }
    }

    private static Trajectory[] Begin(FluxModel model, FlowEulerSampler sampler, int steps, Guidance guidance, FixtureFile saved)
    {
        using var scope = TensorScope.Begin();
        var texts = FluxFolder.Texts(saved, "txt", "vec");
        var start = model.Unpack(saved.Tensor("img", model.Backend), FluxFolder.Grid(saved));
        Shape latent = [start.Shape[1], start.Shape[2], start.Shape[3]];
        return [.. texts.Select((text, sample) =>
        {
            var rows = model.Guide(text, guidance);
            var conditions = model.Encode(rows.Conditions);
            var prepared = new PreparedRequest(rows, conditions, latent, model.Describe(latent, conditions), () => conditions[0].Dispose());
            var run = sampler.Begin(start.Rows(sample, 1), steps, model.Prediction);
            return new Trajectory(prepared, run, new GivenNoise(ReadOnlyMemory<float>.Empty), model.Prediction, sampler.AddsNoise);
        })];
    }

    private static float[] Packed(FluxModel model, Trajectory[] runs) => [.. runs.SelectMany(r => FluxModel.Pack(r.Run.Latent).ToArray())];
}
