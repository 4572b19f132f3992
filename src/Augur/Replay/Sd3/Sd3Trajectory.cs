using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Sd3;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// Runs a saved SD3 trajectory through the engine and compares every step: <c>sigmas</c>, <c>x_in</c>, <c>model_out</c>, <c>model_out_skip</c>,
/// <c>final</c>.
/// </summary>
internal static class Sd3Trajectory
{
    /// <summary>Replays a run.</summary>
    /// <param name="model">The network, with the run's skip-layer guidance.</param>
    /// <param name="run">Its description: <c>steps</c>, <c>shift</c>, <c>cfg</c>, <c>sampler</c>.</param>
    /// <param name="saved">The tensors.</param>
    /// <param name="compare">Collects the differences.</param>
    /// <exception cref="NotSupportedException">The sampler is not supported, or the run begins at a picture.</exception>
    public static void Run(Sd3Model model, JsonElement run, FixtureFile saved, Comparison compare)
    {
        if (run.TryGetProperty("denoise", out var strength) && strength.ValueKind == JsonValueKind.Number && strength.GetDouble() < 1)
        {
            throw new NotSupportedException("runs that begin at a picture are not built");
        }

        compare.Used("noise", "latent", "cond.context", "cond.y", "uncond.context", "uncond.y");
        var options = Options(run.GetProperty("shift").GetDouble());
        ISampler sampler = run.GetProperty("sampler").GetString() switch
        {
            "euler" => new FlowEulerSampler(options),
            "dpmpp_2m" => new FlowMultistepSampler(options),
            var other => throw new NotSupportedException($"the sampler '{other}' is not built"),
        };
        var steps = run.GetProperty("steps").GetInt32();
        var runs = Begin(model, sampler, steps, new Guidance(run.GetProperty("cfg").GetDouble()), saved);
        compare.Tensor("sigmas", Singles(options.Sigmas(runs[0].Run.Latent.Shape, steps)), Singles(saved.Doubles("sigmas")));
        var groups = ReplayGroups.Open(NoCachePolicy.Instance, runs, model.Backend);
        try
        {
            CompareSteps(model, groups, runs, saved, compare);
            compare.Tensor("final", Stack(runs), saved.Singles("final"));
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    /// <summary>The noise levels of the released code: over the trained range, shifted twice at its end.</summary>
    public static FlowOptions Options(double shift) => new() { Shift = shift, Grid = FlowGrid.TrainedRange };

    private static void CompareSteps(Sd3Model model, DecisionGroup[] groups, Trajectory[] runs, FixtureFile saved, Comparison compare)
    {
        var engine = new Engine(model, TimeProvider.System, int.MaxValue);
        var (inputs, answers) = (saved.Singles("x_in"), saved.Singles("model_out"));
        var (inputShape, answerShape) = (saved.Shape("x_in"), saved.Shape("model_out"));
        double inputScale = Comparison.Magnitude(inputs), answerScale = Comparison.Magnitude(answers);
        var skipping = new SavedSkips(model.Config.SkipGuidance, saved, compare);
        for (var i = 0; !runs[0].Run.IsFinished; i++)
        {
            compare.Tensor("x_in", Stack(runs), FixtureFile.Entry(inputs, inputShape, i), inputScale, i);
            var outputs = new float[runs.Length][];
            engine.Tick(groups, (sample, output) => outputs[Array.IndexOf(runs, sample)] = output.ToArray());
            Array.ForEach(groups, g => g.ThrowIfFailed());
            var rows = runs[0].RowCount;
            var guided = model.Config.SkipGuidance is null ? rows : rows - 1;
            float[] ofSamples = [.. Enumerable.Range(0, guided).SelectMany(row => Rows(outputs, row, rows))]; // one branch behind another
            compare.Tensor("model_out", ofSamples, FixtureFile.Entry(answers, answerShape, i), answerScale, i);
            skipping.Compare(i, answerShape[0], () => Rows(outputs, guided, rows));
        }
    }

    private static float[] Rows(float[][] outputs, int row, int rows) =>
        [.. outputs.SelectMany(o => o.AsSpan(o.Length / rows * row, o.Length / rows).ToArray())];

    private static Trajectory[] Begin(Sd3Model model, ISampler sampler, int steps, Guidance guidance, FixtureFile saved)
    {
        using var scope = TensorScope.Begin();
        var start = saved.Tensor("noise", model.Backend);
        Shape latent = [start.Shape[1], start.Shape[2], start.Shape[3]];
        var texts = FluxFolder.Texts(saved, "cond.context", "cond.y");
        var without = FluxFolder.Texts(saved, "uncond.context", "uncond.y");
        return [.. texts.Select((text, sample) =>
        {
            var rows = model.Guide(text with { Negative = without[sample % without.Length] }, guidance);
            var conditions = model.Encode(rows.Conditions);
            var prepared = new PreparedRequest(rows, conditions, latent, model.Describe(latent, conditions), () => Release(conditions));
            var run = sampler.Begin(start.Rows(sample, 1), steps, model.Prediction);
            return new Trajectory(prepared, run, new GivenNoise(ReadOnlyMemory<float>.Empty), model.Prediction, sampler.AddsNoise);
        })];
    }

    private static void Release(IEnumerable<EncodedCondition> conditions)
    {
        foreach (var condition in conditions)
        {
            condition.Dispose();
        }
    }

    private static float[] Stack(Trajectory[] runs) => [.. runs.SelectMany(r => r.Run.Latent.ToArray())];

    private static float[] Singles(double[] values) => Array.ConvertAll(values, v => (float)v);

    /// <summary>The answers without some blocks: saved of the steps alone in which they guide.</summary>
    private sealed class SavedSkips(SkipLayerGuidance? guidance, FixtureFile saved, Comparison compare)
    {
        private readonly float[] _answers = guidance is null ? [] : saved.Singles("model_out_skip");
        private readonly Shape _shape = guidance is null ? [0] : saved.Shape("model_out_skip");
        private int _next;

        public void Compare(int step, int steps, Func<float[]> answer)
        {
            if (guidance is not null && step > guidance.Start * steps && step < guidance.End * steps)
            {
                compare.Exact("steps with skip-layer guidance", [Math.Min(_next, _shape[0] - 1)], [_next]);
                var expected = FixtureFile.Entry(_answers, _shape, Math.Min(_next++, _shape[0] - 1));
                compare.Tensor("model_out_skip", answer(), expected, Comparison.Magnitude(_answers), step);
            }
        }
    }
}
