using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.UNet;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// Runs a saved trajectory of a U-Net through the engine and compares every call: <c>x_in</c>, <c>model_out</c> (unconditional rows first),
/// <c>pred</c>,
/// <c>sample</c>, <c>pred_x0</c>, <c>final</c>.
/// </summary>
/// <param name="model">The network.</param>
/// <param name="saved">The tensors.</param>
/// <param name="compare">Collects the differences.</param>
internal sealed class UNetTrajectory(UNetModel model, FixtureFile saved, Comparison compare)
{
    private readonly string[] _compared = [.. ((string[])["x_in", "model_out", "pred", "sample", "pred_x0"]).Where(saved.Has)];

    /// <summary>Whether the saved samples are image + σ·noise instead of what the network sees.</summary>
    public bool IsScaled { get; init; }

    /// <summary>The network of the U-Net folder that a configuration names as <c>unet</c>, relative to its own.</summary>
    public static UNetModel LoadModel(string folder, JsonElement config, IBackend backend, Prediction prediction = Prediction.Epsilon)
    {
        const string Suffix = "_weights.safetensors";
        var path = Path.GetFullPath(Path.Combine(folder, config.GetProperty("unet").GetString()!));
        var name = Path.GetFileName(path);
        if (!name.EndsWith(Suffix, StringComparison.Ordinal))
        {
            throw new FormatException($"unet is {name}, which is not NAME{Suffix}");
        }

        using var sizes = ReplayRunner.Parse(Path.Combine(Path.GetDirectoryName(path)!, "config.json"));
        return UNetFolder.LoadModel(Path.GetDirectoryName(path)!, name[..^Suffix.Length], sizes.RootElement, backend, prediction);
    }

    /// <summary>Replays the run.</summary>
    /// <param name="sampler">With its settings.</param>
    /// <param name="steps">Steps, those that are skipped included.</param>
    /// <param name="guidance">Strength.</param>
    /// <param name="policy">The method.</param>
    /// <returns>The outcome of each call of the first sample, and the calls' model times.</returns>
    public (IReadOnlyList<CallOutcome> Outcomes, IReadOnlyList<float> Times) Run(
        ISampler sampler, int steps, Guidance guidance, ICachePolicy policy)
    {
        compare.Used("cond", "uncond", "x_T", "noise");
        var runs = Begin(sampler, steps, guidance);
        var groups = ReplayGroups.Open(policy, runs, model.Backend);
        try
        {
            var times = CompareCalls(groups, runs);
            using var scope = TensorScope.Begin();
            compare.Tensor("final", Latents(runs), saved.Singles("final"));
            return ([.. runs[0].Outcomes], times);
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    private List<float> CompareCalls(DecisionGroup[] groups, Trajectory[] runs)
    {
        var engine = new Engine(model, TimeProvider.System, int.MaxValue);
        var wanted = _compared.ToDictionary(name => name, saved.Singles);
        var times = new List<float>();
        for (var call = 0; !runs[0].Run.IsFinished; call++)
        {
            using var scope = TensorScope.Begin();
            var step = runs[0].Run.StepIndex;
            times.Add(runs[0].Run.Timestep);
            Compare("x_in", call, Latents(runs));
            var (rows, predictions) = (new[] { new float[runs.Length][], new float[runs.Length][] }, new float[runs.Length][]);
            engine.Tick(groups, (sample, output) =>
            {
                var i = Array.IndexOf(runs, sample);
                predictions[i] = sample.PredictionOf(output).ToArray();
                (rows[0][i], rows[1][i]) = (output.Rows(sample.RowCount - 1, 1).ToArray(), output.Rows(0, 1).ToArray()); // unconditional first
            });
            Array.ForEach(groups, g => g.ThrowIfFailed());
            Compare("model_out", call, [.. rows.SelectMany(half => half.SelectMany(row => row))]);
            Compare("pred", call, [.. predictions.SelectMany(p => p)]);
            Compare("sample", call, Latents(runs, IsScaled ? SigmaStep.ScaleOf(runs[0].Run.Sigma) : 1));

            // One of each call, or of each step.
            var isOfSteps = saved.Has("pred_x0") && saved.Shape("pred_x0")[0] != runs[0].Run.CallCount;
            if (!isOfSteps || runs[0].Run.StepIndex > step)
            {
                Compare("pred_x0", isOfSteps ? step : call, [.. runs.SelectMany(run => run.Run.Estimate!.ToArray())]);
            }
        }

        return times;

        void Compare(string name, int index, float[] ours)
        {
            if (wanted.TryGetValue(name, out var theirs) && index < saved.Shape(name)[0])
            {
                compare.Tensor(name, ours, FixtureFile.Entry(theirs, saved.Shape(name), index), Comparison.Magnitude(theirs), index);
            }
        }
    }

    private Trajectory[] Begin(ISampler sampler, int steps, Guidance guidance)
    {
        using var scope = TensorScope.Begin();
        var (texts, others) = (UNetFolder.Texts(saved, "cond"), UNetFolder.Texts(saved, "uncond"));
        var starts = Starts(sampler, steps);
        var guided = texts.Zip(others, (text, other) => (PromptEmbedding)text.Text with { Negative = (PromptEmbedding)other.Text });
        return [.. guided.Select((text, sample) =>
        {
            var start = starts.Rows(sample, 1);
            Shape latent = [start.Shape[1], start.Shape[2], start.Shape[3]];
            var rows = model.Guide(text, guidance);
            var conditions = model.Encode(rows.Conditions);
            var prepared = new PreparedRequest(
                rows, conditions, latent, model.Describe(latent, conditions), () => Array.ForEach([.. conditions], condition => condition.Dispose()));
            var run = sampler.Begin(start, steps, model.Prediction);
            return new Trajectory(prepared, run, new GivenNoise(NoiseOf(sample)), model.Prediction, sampler.AddsNoise);
        })];
    }

    // Unit noise, or a picture with the noise of the first step that is taken.
    private Tensor Starts(ISampler sampler, int steps)
    {
        if (!saved.Has("x_start"))
        {
            return saved.Tensor("x_T", model.Backend);
        }

        compare.Used("x0", "init_noise");
        var (picture, noise) = (saved.Tensor("x0", model.Backend), saved.Tensor("init_noise", model.Backend));
        using var probe = sampler.Begin(noise.Rows(0, 1), steps, model.Prediction);
        var signal = 1 / SigmaStep.ScaleOf(probe.NoiseToSignal);
        var start = WeightedSum.Sum((signal, picture), (signal * probe.NoiseToSignal, noise));
        compare.Tensor("x_start", ((float)(IsScaled ? 1 / signal : 1) * start).ToArray(), saved.Singles("x_start"));
        return start;
    }

    private float[] NoiseOf(int sample)
    {
        if (!saved.Has("noise"))
        {
            return [];
        }

        var (shape, values) = (saved.Shape("noise"), saved.Singles("noise"));
        var size = (int)shape.Product(2, shape.Rank);
        return [.. Enumerable.Range(0, shape[0]).SelectMany(draw => values.AsSpan(((draw * shape[1]) + sample) * size, size).ToArray())];
    }

    private static float[] Latents(Trajectory[] runs, double scale = 1) =>
        [.. runs.SelectMany(run => (scale == 1 ? run.Run.Latent : (float)scale * run.Run.Latent).ToArray())];
}
