using System.Text.Json;
using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.PixArt;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>
/// Runs a saved PixArt trajectory through the engine and compares every step: <c>x_in</c>, <c>model_out</c>, <c>final</c>, and the tables of its
/// sampler.
/// </summary>
internal static class PixArtTrajectory
{
    private const double TableTolerance = 1e-5; // the released tables are in single precision,
    private const double LambdaTolerance = 3e-4; // in which 1 − ᾱ = 1e-4 has four digits fewer, and λ is half its logarithm
    private const int FewestChannels = 3; // IDDPM guides as many

    /// <summary>Replays a run.</summary>
    /// <param name="model">The network.</param>
    /// <param name="run">Its description: <c>steps</c>, <c>cfg</c>, <c>kind</c> or the method that DPM-Solver++ ran under.</param>
    /// <param name="saved">The tensors.</param>
    /// <param name="compare">Collects the differences.</param>
    public static void Run(PixArtModel model, JsonElement run, FixtureFile saved, Comparison compare)
    {
        compare.Used("mask", "z", "y", "null_y");
        var isAncestral = run.TryGetProperty("kind", out var kind) && kind.GetString() == "iddpm";
        var method = run.TryGetProperty("impl", out _) ? PixArtToCaReplay.Of(run, saved) : null;
        var guidance = new Guidance(
            run.GetProperty("cfg").GetDouble(), isAncestral ? GuidanceChannels.FirstThree : GuidanceChannels.All);
        var sampler = SamplerOf(run, isAncestral);
        CompareTables(run, saved, compare);
        var runs = Begin(model, sampler, run.GetProperty("steps").GetInt32(), guidance, isAncestral, saved, compare);
        var groups = ReplayGroups.Open(method?.Policy ?? NoCachePolicy.Instance, runs, model.Backend);
        try
        {
            CompareSteps(model, groups, runs, isAncestral ? guidance : null, saved, compare);
            var final = Stack(runs);
            compare.Tensor("final", final, saved.Singles("final").AsSpan()[..final.Length]);
            method?.Compare(model.Config, [.. runs[0].Outcomes], compare);
        }
        finally
        {
            Array.ForEach(groups, group => group.Dispose());
        }
    }

    private static ISampler SamplerOf(JsonElement run, bool isAncestral)
    {
        if (isAncestral)
        {
            return new DdpmSampler(new() { ClipRange = run.TryGetProperty("clip_denoised", out var clips) && clips.GetBoolean() ? 1 : null });
        }

        var spacing = run.GetProperty("skip_type").GetString();
        return spacing == "time_uniform" ? new DpmSolverPlusPlusSampler(new()
        {
            Continuous = true,
            EndAtImage = false,
            Order = run.GetProperty("order").GetInt32(),
        })
        {
            Start = StartOf(run),
        }
        : throw new NotSupportedException($"the spacing '{spacing}' is not built");
    }

    private static double StartOf(JsonElement run) => run.TryGetProperty("t_start", out var start) ? start.GetDouble() : 1;

    private static void CompareTables(JsonElement run, FixtureFile saved, Comparison compare)
    {
        var schedule = NoiseSchedule.Create(BetaSchedule.Linear);
        var steps = run.GetProperty("steps").GetInt32();
        if (saved.Has("timestep_map"))
        {
            var respaced = schedule.Respace(FormattableString.Invariant($"{steps}"));
            compare.Exact("timestep_map", [.. respaced.Timesteps], saved.Integers("timestep_map"));
            compare.Table("betas", respaced.Betas, saved.Doubles("betas"));
            return;
        }

        double[] alphas = [.. schedule.AlphasCumulative];
        var times = ContinuousTimes.Times(steps, (float)StartOf(run), 1f / alphas.Length);
        var levels = Array.ConvertAll(times, t => ContinuousTimes.AlphaAt(t, alphas));
        Near("t_continuous", [.. times.Select(t => (double)t)]);
        Near("t_model", [.. times.SkipLast(1).Select(t => 1000.0 * (t - (1f / alphas.Length)))]);
        Near("alpha", Array.ConvertAll(levels, Math.Sqrt));
        Near("sigma", Array.ConvertAll(levels, a => Math.Sqrt(1 - a)));
        Near("lambda", Array.ConvertAll(levels, a => Math.Log(a / (1 - a)) / 2));

        void Near(string name, double[] ours)
        {
            if (saved.Has(name))
            {
                compare.Used(name);
                var theirs = saved.Doubles(name);
                compare.Exact($"entries of {name}", [ours.Length], [theirs.Length]);
                foreach (var (i, (our, their)) in ours.Zip(theirs).Index())
                {
                    compare.Number($"{name}[{i}]", our, their, TableTolerance, name == "lambda" ? LambdaTolerance : TableTolerance);
                }
            }
        }
    }

    // IDDPM's file has the latents of both halves of the batch; ours are those of the first.
    private static Trajectory[] Begin(
        PixArtModel model, ISampler sampler, int steps, Guidance guidance, bool isAncestral, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        var start = saved.Tensor("z", model.Backend);
        Shape latent = [start.Shape[1], start.Shape[2], start.Shape[3]];
        var texts = PixArtFolder.Texts(saved, "y", "mask");
        var without = PixArtFolder.Texts(saved, "null_y", "mask");
        return [.. texts.Select((text, sample) =>
        {
            var rows = model.Guide(text with { Negative = without[sample] }, guidance);
            var conditions = model.Encode(rows.Conditions);
            var prepared = new PreparedRequest(rows, conditions, latent, model.Describe(latent, conditions), () => Release(conditions));
            var run = sampler.Begin(start.Rows(sample, 1), steps, model.Prediction);
            var noise = isAncestral ? NoiseOf(sample) : ReadOnlyMemory<float>.Empty;
            return new Trajectory(prepared, run, new GivenNoise(noise), model.Prediction, sampler.AddsNoise);
        })];

        // The saved draws are [calls, rows, …]; a sample uses its row of each.
        ReadOnlyMemory<float> NoiseOf(int sample)
        {
            compare.Used("noise");
            var (noise, shape) = (saved.Singles("noise"), saved.Shape("noise"));
            var size = (int)shape.Product(2, shape.Rank);
            return Enumerable.Range(0, shape[0]).SelectMany(i => noise.AsSpan(((i * shape[1]) + sample) * size, size).ToArray()).ToArray();
        }
    }

    private static void CompareSteps(
        PixArtModel model, DecisionGroup[] groups, Trajectory[] runs, Guidance? released, FixtureFile saved, Comparison compare)
    {
        var engine = new Engine(model, TimeProvider.System, int.MaxValue);
        var (inputs, answers) = (saved.Singles("x_in"), saved.Singles("model_out"));
        var (inputShape, answerShape) = (saved.Shape("x_in"), saved.Shape("model_out"));
        double inputScale = Comparison.Magnitude(inputs), answerScale = Comparison.Magnitude(answers);
        for (var i = 0; !runs[0].Run.IsFinished; i++)
        {
            var theirs = FixtureFile.Entry(inputs, inputShape, i);
            compare.Tensor("x_in", Stack(runs), theirs[..(theirs.Length / inputShape[1] * runs.Length)], inputScale, i);
            var outputs = new float[runs.Length][];
            engine.Tick(groups, (sample, output) => outputs[Array.IndexOf(runs, sample)] = output.ToArray());
            Array.ForEach(groups, g => g.ThrowIfFailed());
            var ours = outputs.Select(o => Rows(o, model.Config, answerShape, released)).ToArray();
            float[] both = released is null ? [.. ours.SelectMany(o => o.Unconditional), .. ours.SelectMany(o => o.Conditional)]
                : [.. ours.SelectMany(o => o.Conditional), .. ours.SelectMany(o => o.Unconditional)];
            compare.Tensor("model_out", both, FixtureFile.Entry(answers, answerShape, i), answerScale, i);
        }
    }

    // DPM-Solver's file has both rows' noise, unconditional first; IDDPM's what the released guidance makes of the rows.
    private static (float[] Conditional, float[] Unconditional) Rows(float[] output, PixArtConfig config, Shape saved, Guidance? released)
    {
        var (half, cells) = (output.Length / 2, saved[3] * saved[4]);
        return released is { } guidance
            ? ReleasedGuidance.Apply(
                output.AsSpan(0, half), output.AsSpan(half), guidance.Scale, Math.Min(FewestChannels, config.InChannels) * cells)
            : (output[..(config.InChannels * cells)], output[half..(half + (config.InChannels * cells))]);
    }

    private static float[] Stack(Trajectory[] runs) => [.. runs.SelectMany(r => r.Run.Latent.ToArray())];

    private static void Release(IEnumerable<EncodedCondition> conditions)
    {
        foreach (var condition in conditions)
        {
            condition.Dispose();
        }
    }
}
