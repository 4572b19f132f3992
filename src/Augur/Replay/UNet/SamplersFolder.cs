using System.Text;
using System.Text.Json;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>
/// Replays folders of Stable Diffusion's samplers on a U-Net: trajectories under diffusers' schedulers and latent-diffusion's, from noise and from a
/// picture, and tables of their timesteps and noise levels.
/// </summary>
internal static class SamplersFolder
{
    private const string Schedules = "schedules";

    // Of a table's largest entry. Theirs are made of ᾱ in single precision, whose 1 − ᾱ is off by 1e-5 at the first timesteps; times are logarithms
    // of it.
    private const double Tolerance = 3e-6;

    // Scheduler classes by the kinds of config.json, for tables that have no run of their own.
    private static readonly Dictionary<string, string> s_classes = new()
    {
        ["ddim"] = "DDIMScheduler",
        ["pndm"] = "PNDMScheduler",
        ["euler"] = "EulerDiscreteScheduler",
        ["euler_a"] = "EulerAncestralDiscreteScheduler",
        ["heun"] = "HeunDiscreteScheduler",
        ["dpm"] = "DPMSolverMultistepScheduler",
        ["dpm_sde"] = "DPMSolverSDEScheduler",
        ["lms"] = "LMSDiscreteScheduler",
        ["unipc"] = "UniPCMultistepScheduler",
        ["lcm"] = "LCMScheduler",
    };

    /// <summary>Whether a configuration is that of such a folder.</summary>
    public static bool Is(JsonElement config) => config.TryGetProperty("unet", out _) && config.TryGetProperty("runs", out var runs)
        && runs.EnumerateObject().Any(run => run.Value.TryGetProperty("kind", out _) && run.Value.TryGetProperty("cfg", out _));

    /// <summary>Replays one run.</summary>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, $"{run}.safetensors"));
        var compare = new Comparison(Comparison.TrajectoryTolerance);
        if (run == Schedules)
        {
            CompareSchedules(folder, config, saved, compare, backend);
            return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
        }

        using var description = ReplayRunner.Parse(Path.Combine(folder, $"{run}.json"));
        var json = description.RootElement;
        if (json.TryGetProperty("sampler", out var released))
        {
            RunReleased(folder, released.GetString()!, json, config, saved, compare, backend);
        }
        else
        {
            RunScheduler(folder, json, config, saved, compare, backend);
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names);
    }

    private static void RunScheduler(string folder, JsonElement json, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        var steps = json.GetProperty("steps").GetInt32();
        var scheduler = Scheduler(folder, json.GetProperty("cfg"), json.GetProperty("scheduler").GetString()!);
        var sampler = (IDiffusionSampler)scheduler.Sampler;
        CompareTables(sampler, steps, scheduler.Prediction, saved, "", compare, backend);
        var (eta, strength) = (Number(json, "eta"), Number(json, "strength"));
        if (eta is not null)
        {
            sampler = new DdimSampler(((DdimSampler)sampler).Options with { Eta = eta.Value });
        }

        if (strength is not null)
        {
            var skipped = steps - Math.Min((int)(steps * strength.Value), steps);
            compare.Number("t_start", skipped, json.GetProperty("t_start").GetInt32(), 0, 0);
            sampler = (IDiffusionSampler)sampler.With(sampler.Options with { SkippedSteps = skipped });
        }

        using var loaded = UNetTrajectory.LoadModel(folder, config, backend, scheduler.Prediction);
        var trajectory = new UNetTrajectory(loaded, saved, compare) { IsScaled = json.GetProperty("init_noise_sigma").GetDouble() != 1 };
        var guidance = new Guidance(json.GetProperty("guidance").GetDouble(), Rescale: Number(json, "guidance_rescale") ?? 0);
        var (_, times) = trajectory.Run(sampler, steps, guidance, NoCachePolicy.Instance);
        var told = json.GetProperty("per_step").EnumerateArray().Select(step => step.GetProperty("t").GetDouble()).ToArray();
        Each(compare, "t", [.. times.Select(t => (double)t)], told);
        if (saved.Has("timesteps_used"))
        {
            Each(compare, "timesteps_used", [.. times.Select(t => (double)t)], saved.Numbers("timesteps_used"));
        }
    }

    // latent-diffusion's own samplers: timesteps begin at 1, and their tables ascend.
    private static void RunReleased(
        string folder, string name, JsonElement json, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        var (steps, eta) = (json.GetProperty("steps").GetInt32(), json.GetProperty("eta").GetDouble());
        IDiffusionSampler sampler = name switch
        {
            "PLMSSampler" => new PndmSampler(Trained(new PndmOptions())),
            "DDIMSampler" => new DdimSampler(Trained(new DdimOptions()) with { Eta = eta, EndAtImage = false, Spacing = TimestepSpacing.Leading }),
            _ => throw new NotSupportedException($"the sampler '{name}' is not built"),
        };
        var times = saved.Integers("ddim_timesteps");
        var alphas = sampler.Options.CreateSchedule().AlphasCumulative;
        double[] own = [.. times.Select(t => alphas[(int)t])], before = [alphas[0], .. own.SkipLast(1)];
        Each(compare, "ddim_alphas", own, [.. saved.Singles("ddim_alphas").Select(a => (double)a)]);
        Each(compare, "ddim_alphas_prev", before, [.. saved.Singles("ddim_alphas_prev").Select(a => (double)a)]);
        Each(
            compare,
            "ddim_sigmas",
            [.. own.Zip(before, (alpha, next) => eta * Math.Sqrt((1 - next) / (1 - alpha) * (1 - (alpha / next))))],
            [.. saved.Singles("ddim_sigmas").Select(a => (double)a)]);
        compare.Used("ddim_timesteps");
        using var model = UNetTrajectory.LoadModel(folder, config, backend, Prediction.Epsilon);
        var (_, told) = new UNetTrajectory(model, saved, compare).Run(
            sampler, steps, new Guidance(json.GetProperty("guidance").GetDouble()), NoCachePolicy.Instance);
        Each(compare, "t", [.. told.Select(t => (double)t)],
            [.. json.GetProperty("per_step").EnumerateArray().Select(step => step.GetProperty("t").GetDouble())]);
        Each(compare, "ddim_timesteps", [.. told.Distinct().Reverse().Select(t => (double)t)], [.. times.Select(t => (double)t)]);
    }

    /// <summary>Stable Diffusion's betas and first timestep.</summary>
    public static TOptions Trained<TOptions>(TOptions options)
        where TOptions : DiffusionOptions =>
        (TOptions)(options with { Betas = BetaSchedule.ScaledLinear, BetaStart = 0.00085, BetaEnd = 0.012, StepsOffset = 1 });

    private static void CompareSchedules(string folder, JsonElement config, FixtureFile saved, Comparison compare, IBackend backend)
    {
        var runs = config.GetProperty("runs");
        foreach (var group in saved.Names.Where(name => name.Contains(".steps", StringComparison.Ordinal)).GroupBy(n => n[..n.LastIndexOf('.')]))
        {
            var parts = group.Key.Split(".steps");
            var described = runs.TryGetProperty(parts[0], out var named) ? named
                : runs.EnumerateObject().First(r => r.Value.GetProperty("kind").GetString() == parts[0]).Value;
            var kind = described.GetProperty("kind").GetString()!;
            var scheduler = s_classes.TryGetValue(kind, out var name) ? Scheduler(folder, described.GetProperty("cfg"), name)
                : throw new NotSupportedException($"the scheduler '{kind}' is not built");
            CompareTables(scheduler.Sampler, int.Parse(parts[1]), scheduler.Prediction, saved, group.Key + ".", compare, backend);
        }

        foreach (var (name, schedule) in new[]
        {
            ("alphas_cumprod", NoiseSchedule.Create(BetaSchedule.ScaledLinear, 1000, 0.00085, 0.012)),
            ("alphas_cumprod_zero_snr", NoiseSchedule.Create(BetaSchedule.ScaledLinear, 1000, 0.00085, 0.012).WithZeroTerminalSnr()),
            ("alphas_cumprod_squaredcos_cap_v2", NoiseSchedule.Create(BetaSchedule.Cosine)),
        })
        {
            if (saved.Has(name))
            {
                compare.Tensor(name, [.. schedule.AlphasCumulative.Select(a => (float)a)], saved.Singles(name));
            }
        }
    }

    // Timesteps and levels of a run, found by playing it without a network.
    private static void CompareTables(
        ISampler sampler, int steps, Prediction prediction, FixtureFile saved, string scope, Comparison compare, IBackend backend)
    {
        var (times, sigmas) = (new List<double>(), new List<double>());
        using (TensorScope.Begin())
        {
            var noise = Tensor.Full(backend, [1, 2], 1);
            using var run = sampler.Begin(noise, steps, prediction);
            while (!run.IsFinished)
            {
                times.Add(run.Timestep);
                sigmas.Add(run.Sigma);
                run.Advance(Tensor.Zeros(backend, [1, 2]), null, new TorchCpuNoise(1));
            }
        }

        if (saved.Has($"{scope}timesteps"))
        {
            Each(compare, $"{scope}timesteps", times, saved.Numbers($"{scope}timesteps"));
        }

        if (saved.Has($"{scope}sigmas"))
        {
            double[] theirs = saved.Numbers($"{scope}sigmas");

            // Where a step has two calls, its levels stand there twice, whatever level the second call is at.
            double[] ours = sigmas.Count == (2 * steps) - 1 && theirs.Length == 2 * steps
                ? [sigmas[0], .. sigmas.Where((_, i) => i > 0 && i % 2 == 0).SelectMany(s => (double[])[s, s]), 0] : [.. sigmas, 0];
            Each(compare, $"{scope}sigmas", ours, theirs);
        }
    }

    private static DiffusersScheduler Scheduler(string folder, JsonElement cfg, string className) => DiffusersScheduler.Read(
        ForeignJson.Parse(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(cfg.GetRawText())), className);

    private static void Each(Comparison compare, string name, IReadOnlyList<double> ours, double[] theirs)
    {
        compare.Used(name);
        compare.Number($"entries of {name}", ours.Count, theirs.Length, 0, 0);
        var largest = theirs.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < Math.Min(ours.Count, theirs.Length); i++)
        {
            compare.Number($"{name}[{i}]", ours[i], theirs[i], 0, Tolerance * largest);
        }
    }

    private static double? Number(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;
}
