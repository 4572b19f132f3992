using Augur.Caching;
using Augur.Conditioning;
using Augur.Models.Dit;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;

namespace Augur.Replay;

/// <summary>The settings of a sampling run of a DiT with saved starting latent and noise.</summary>
/// <param name="Sampler">"ddim" or "ddpm".</param>
/// <param name="Respacing">Timesteps, as the DiT package writes them: "50", "ddim25".</param>
/// <param name="GuidanceScale">Guidance on the first three channels, as the released code; 1 for none.</param>
/// <param name="Eta">η of DDIM, 0 to 1.</param>
/// <param name="Clip">Whether the estimate of x₀ is limited to [−1, 1].</param>
internal sealed record DitTrajectory(string Sampler, string Respacing, double GuidanceScale, double Eta, bool Clip)
{
    /// <summary>Whether what was saved as a step's sample is what the step began with, rather than what it gave.</summary>
    public bool SavesInputs { get; init; }

    /// <summary>Makes the sampler and the number of steps.</summary>
    /// <exception cref="NotSupportedException">The sampler is not supported.</exception>
    /// <exception cref="ArgumentException">The respacing is invalid.</exception>
    public (ISampler Sampler, int Steps) Build()
    {
        var strided = Respacing.StartsWith("ddim", StringComparison.Ordinal);
        var sections = Respacing.Contains(',', StringComparison.Ordinal) ? Respacing : null;
        var steps = NoiseSchedule.Create(BetaSchedule.Linear).Respace(Respacing).Count;
        var spacing = strided ? TimestepSpacing.Strided : TimestepSpacing.Respaced;
        double? range = Clip ? 1 : null;
        return Sampler switch
        {
            "ddim" => (new DdimSampler(new() { Eta = Eta, Spacing = spacing, ClipRange = range, Sections = sections }), steps),
            "ddpm" => (new DdpmSampler(new() { Spacing = spacing, ClipRange = range, Sections = sections }), steps),
            _ => throw new NotSupportedException($"the sampler '{Sampler}' is not built"),
        };
    }
}

/// <summary>Runs a saved DiT trajectory through the engine and compares every step.</summary>
internal static class DitTrajectoryReplay
{
    /// <summary>Replays a run under a policy.</summary>
    /// <remarks>
    /// The released code writes the guided prediction to both halves of the batch. Only the latents of the first half are meaningful and compared.
    /// Both halves of the output are compared: the second is the guided noise with the remaining channels of the unconditional row.
    /// </remarks>
    /// <returns>The outcome of each call of the first sample.</returns>
    public static IReadOnlyList<CallOutcome> Run(DitModel model, DitTrajectory trajectory, FixtureFile saved, ICachePolicy policy, Comparison compare)
    {
        var (sampler, steps) = trajectory.Build();
        var guidance = new Guidance(trajectory.GuidanceScale, GuidanceChannels.FirstThree);
        var labels = saved.Integers("y");
        var samples = guidance.NeedsUnconditional ? labels.Length / 2 : labels.Length;
        compare.Used("x_T", "y");
        CompareTables(trajectory, saved, compare);

        var runs = Begin(model, sampler, steps, guidance, labels.AsSpan(0, samples), saved, compare);
        var groups = ReplayGroups.Open(policy, runs, model.Backend);
        try
        {
            var expected = new Steps(saved, compare);
            var engine = new Engine(model, TimeProvider.System, int.MaxValue);
            for (var i = 0; !runs[0].Run.IsFinished; i++)
            {
                if (trajectory.SavesInputs)
                {
                    expected.CompareStep(i, runs);
                }

                var outputs = new float[runs.Length][];
                engine.Tick(groups, (sample, output) => outputs[Array.IndexOf(runs, sample)] = output.ToArray());
                Array.ForEach(groups, g => g.ThrowIfFailed());
                expected.CompareOutput(i, outputs, guidance, model);
                if (!trajectory.SavesInputs)
                {
                    expected.CompareStep(i, runs);
                }
            }

            using var scope = TensorScope.Begin();
            if (saved.Has("final"))
            {
                compare.Tensor("final", Stack(runs.Select(r => r.Run.Latent)), saved.Singles("final"));
            }

            return [.. runs[0].Outcomes];
        }
        finally
        {
            foreach (var group in groups)
            {
                group.Dispose();
            }
        }
    }

    private static Trajectory[] Begin(
        DitModel model, ISampler sampler, int steps, Guidance guidance, ReadOnlySpan<long> labels, FixtureFile saved, Comparison compare)
    {
        using var scope = TensorScope.Begin();
        var start = saved.Tensor("x_T", model.Backend);
        var runs = new Trajectory[labels.Length];
        for (var sample = 0; sample < runs.Length; sample++)
        {
            var run = sampler.Begin(start.Rows(sample, 1), steps, model.Prediction);
            var rows = model.Guide(Condition.Class((int)labels[sample]), guidance);
            var conditions = model.Encode(rows.Conditions);
            var prepared = new PreparedRequest(rows, conditions, model.LatentShape, model.Describe(model.LatentShape, conditions), () => { });
            runs[sample] = new Trajectory(prepared, run, NoiseOf(sample), model.Prediction, sampler.AddsNoise);
        }

        return runs;

        // The saved draws are [calls, rows, …]; a sample uses its row of each.
        INoiseSource NoiseOf(int sample)
        {
            if (!saved.Has("noise"))
            {
                return new GivenNoise(ReadOnlyMemory<float>.Empty);
            }

            compare.Used("noise");
            var noise = saved.Singles("noise");
            var shape = saved.Shape("noise");
            var size = (int)shape.Product(2, shape.Rank);
            var stream = new float[shape[0] * size];
            for (var i = 0; i < shape[0]; i++)
            {
                noise.AsSpan(((i * shape[1]) + sample) * size, size).CopyTo(stream.AsSpan(i * size));
            }

            return new GivenNoise(stream);
        }
    }

    private static void CompareTables(DitTrajectory trajectory, FixtureFile saved, Comparison compare)
    {
        var schedule = NoiseSchedule.Create(BetaSchedule.Linear).Respace(trajectory.Respacing);
        var bar = schedule.AlphasCumulative;
        var indices = Enumerable.Range(0, schedule.Count);
        compare.Exact("timestep_map", [.. schedule.Timesteps], saved.Integers("timestep_map"));
        Table("betas", i => schedule.Betas[i]);
        Table("alphas_cumprod", i => bar[i]);
        Table("alphas_cumprod_prev", schedule.AlphaCumulativeBefore);
        Table("posterior_variance", schedule.PosteriorVariance);
        Table("posterior_log_variance_clipped", i => Math.Log(schedule.PosteriorVariance(Math.Max(i, Math.Min(1, schedule.Count - 1)))));
        Table("posterior_mean_coef1", i => schedule.Betas[i] * Math.Sqrt(schedule.AlphaCumulativeBefore(i)) / (1 - bar[i]));
        Table("posterior_mean_coef2", i => (1 - schedule.AlphaCumulativeBefore(i)) * Math.Sqrt(1 - schedule.Betas[i]) / (1 - bar[i]));
        Table("sqrt_recip_alphas_cumprod", i => Math.Sqrt(1 / bar[i]));
        Table("sqrt_recipm1_alphas_cumprod", i => Math.Sqrt((1 / bar[i]) - 1));

        void Table(string name, Func<int, double> value)
        {
            if (saved.Has($"table.{name}"))
            {
                compare.Table($"table.{name}", [.. indices.Select(value)], saved.Doubles($"table.{name}"));
            }
        }
    }

    private static float[] Stack(IEnumerable<Tensor> tensors) => [.. tensors.SelectMany(t => t.ToArray())];

    /// <summary>The per-step tensors of a run, with the magnitude to which each tolerance is relative.</summary>
    private sealed class Steps(FixtureFile saved, Comparison compare)
    {
        private readonly Dictionary<string, (float[] Values, Shape Shape, double Scale)> _tensors = [];

        public void CompareStep(int step, Trajectory[] runs)
        {
            using var scope = TensorScope.Begin();
            Compare("sample", step, () => Stack(runs.Select(r => r.Run.Latent)));
            Compare("pred_xstart", step, () => Stack(runs.Select(r => r.Run.Estimate!)));
        }

        /// <summary>
        /// Compares the network's outputs: one entry per sample, [1 or 2 rows (conditional, unconditional), channels, height, width].
        /// </summary>
        public void CompareOutput(int step, float[][] outputs, Guidance guidance, DitModel model)
        {
            if (!guidance.NeedsUnconditional)
            {
                Compare("model_out", step, () => [.. outputs.SelectMany(o => o)]);
                return;
            }

            var channels = model.Config.InChannels;
            var pixels = model.Config.InputSize * model.Config.InputSize;
            var rows = outputs.Select(o => ReleasedGuidance.Apply(
                o.AsSpan(0, o.Length / 2), o.AsSpan(o.Length / 2), guidance.Scale, Math.Min(3, channels) * pixels)).ToArray();
            Compare("model_out", step, () => [.. rows.SelectMany(r => r.Conditional), .. rows.SelectMany(r => r.Unconditional)]);
            Compare("eps_first_half", step, () => [.. rows.SelectMany(r => r.Conditional.Take(channels * pixels))]);
        }

        // Compares our rows with as many first rows of the saved entry, whose second half (with guidance) is not needed.
        private void Compare(string name, int step, Func<float[]> actual)
        {
            if (!saved.Has(name))
            {
                return;
            }

            var values = actual();
            if (!_tensors.TryGetValue(name, out var tensor))
            {
                var all = saved.Singles(name);
                var shape = saved.Shape(name);
                double scale = 0;
                for (var i = 0; i < shape[0]; i++)
                {
                    var entry = FixtureFile.Entry(all, shape, i);
                    scale = Math.Max(scale, Comparison.Magnitude(entry[..Math.Min(values.Length, entry.Length)]));
                }

                _tensors[name] = tensor = (all, shape, scale);
            }

            if (step >= tensor.Shape[0])
            {
                compare.Exact($"{name} steps", [step + 1], [tensor.Shape[0]]);
                return;
            }

            var expected = FixtureFile.Entry(tensor.Values, tensor.Shape, step);
            compare.Tensor(name, values, expected[..Math.Min(values.Length, expected.Length)], tensor.Scale, step);
        }
    }
}
