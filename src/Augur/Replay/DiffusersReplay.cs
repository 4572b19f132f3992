using System.Text;
using System.Text.Json;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Models.Dit;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>A folder made by diffusers' models and schedulers.</summary>
internal static class DiffusersReplay
{
    private static readonly HashSet<string> s_schedulerFields =
    [
        "num_train_timesteps", "beta_start", "beta_end", "beta_schedule", "prediction_type", "timestep_spacing", "steps_offset", "clip_sample", "clip_sample_range",
        "set_alpha_to_one", "variance_type", "algorithm_type", "solver_order", "lower_order_final", "final_sigmas_type",
        "shift", "use_dynamic_shifting", "base_shift", "max_shift", "base_image_seq_len", "max_image_seq_len",
    ];

    /// <summary>The runs of such a folder: one per model, one per scheduler.</summary>
    public static IEnumerable<string> Runs(string folder, JsonElement config)
    {
        foreach (var model in new[] { "vae", "dit", "flux" })
        {
            if (config.TryGetProperty(model, out _) && File.Exists(Path.Combine(folder, $"{model}_forward.safetensors")))
            {
                yield return $"{model}_forward";
            }
        }

        if (config.TryGetProperty("sched", out var schedulers))
        {
            foreach (var scheduler in schedulers.EnumerateObject())
            {
                yield return scheduler.Name;
            }
        }
    }

    /// <summary>Replays one of them.</summary>
    /// <exception cref="NotSupportedException">The network or scheduler is not built.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend) => run switch
    {
        "vae_forward" => AutoencoderReplay.RunDiffusers(folder, config.GetProperty("vae").GetProperty("cfg"), backend),
        "dit_forward" => RunDit(folder, config.GetProperty("dit").GetProperty("cfg"), backend),
        "flux_forward" => throw new NotSupportedException("the network FLUX is not built"),
        _ => RunScheduler(folder, run, config.GetProperty("sched").GetProperty(run), backend),
    };

    private static ReplayResult RunDit(string folder, JsonElement config, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, "dit_forward.safetensors"));
        var path = Path.Combine(folder, "dit_weights.safetensors");
        var sizes = DiffusersFolder.ReadConfig(ForeignJson.Parse(Path.Combine(folder, "config.json"), Encoding.UTF8.GetBytes(config.GetRawText())));
        using var checkpoint = Checkpoint.Open(path);
        var root = new WeightScope(checkpoint, backend);
        using var model = new DitModel(sizes, DitLayouts.ReadDiffusers(root, sizes), backend);
        root.RequireAllUsed();

        using var scope = TensorScope.Begin();
        var compare = new Comparison(Comparison.ForwardTolerance);
        compare.Used("x", "t", "y");
        var labels = Array.ConvertAll(saved.Integers("y"), y => checked((int)y));
        var output = model.Predict(saved.Tensor("x", backend), saved.Times("t"), labels, ComputeEverything.Instance, (name, tensor) =>
        {
            var theirs = name == "t_freq" ? "time_proj" : name.Replace("blocks.", "transformer_blocks.", StringComparison.Ordinal);
            if (saved.Has(theirs))
            {
                compare.Tensor(theirs, tensor.ToArray(), saved.Singles(theirs));
            }
        });
        compare.Tensor("out", output.ToArray(), saved.Singles("out"));
        return compare.Finish($"{Path.GetFileName(folder)}/dit_forward", saved.Names);
    }

    private static ReplayResult RunScheduler(string folder, string run, JsonElement description, IBackend backend)
    {
        using var saved = new FixtureFile(Path.Combine(folder, "schedulers.safetensors"));
        var (sampler, prediction) = ReadScheduler(description);
        var compare = new Comparison(Comparison.ForwardTolerance);
        using var scope = TensorScope.Begin();
        using var sampling = sampler.Begin(saved.Tensor($"{run}.x0", backend), description.GetProperty("steps").GetInt32(), prediction);
        var noise = saved.Has($"{run}.noise") ? saved.Singles($"{run}.noise") : [];
        var source = new GivenNoise(noise);
        compare.Used($"{run}.x0", $"{run}.noise", $"{run}.model_output");

        float[] outputs = saved.Singles($"{run}.model_output"), samples = saved.Singles($"{run}.sample");
        var shape = saved.Shape($"{run}.sample");
        var timesteps = new List<float>();
        var sigmas = new List<float>();
        for (var i = 0; !sampling.IsFinished; i++)
        {
            timesteps.Add(sampling.Timestep);
            sigmas.Add((float)sampling.Sigma);
            sampling.Advance(Tensor.From(backend, FixtureFile.Entry(outputs, shape, i), sampling.Latent.Shape), null, source);
            compare.Tensor($"{run}.sample", sampling.Latent.ToArray(), FixtureFile.Entry(samples, shape, i), Comparison.Magnitude(samples), i);
        }

        compare.Tensor($"{run}.timesteps", timesteps.ToArray(), saved.Times($"{run}.timesteps"));
        if (saved.Has($"{run}.sigmas"))
        {
            compare.Tensor($"{run}.sigmas", [.. sigmas, 0], saved.Singles($"{run}.sigmas"));
        }

        return compare.Finish($"{Path.GetFileName(folder)}/{run}", saved.Names.Where(name => name.StartsWith($"{run}.", StringComparison.Ordinal)));
    }

    private static (ISampler Sampler, Prediction Prediction) ReadScheduler(JsonElement description)
    {
        var config = description.GetProperty("cfg");
        if (config.EnumerateObject().FirstOrDefault(field => !s_schedulerFields.Contains(field.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } unknown)
        {
            throw new NotSupportedException($"the scheduler setting '{unknown.Name}' is not built");
        }

        var spacing = Text("timestep_spacing") switch
        {
            null => (TimestepSpacing?)null,
            "leading" => TimestepSpacing.Leading,
            "trailing" => TimestepSpacing.Trailing,
            "linspace" => TimestepSpacing.Linspace,
            var other => throw new NotSupportedException($"the timestep spacing '{other}' is not built"),
        };
        var betas = Text("beta_schedule") switch
        {
            null or "linear" => BetaSchedule.Linear,
            "scaled_linear" => BetaSchedule.ScaledLinear,
            "squaredcos_cap_v2" => BetaSchedule.Cosine,
            var other => throw new NotSupportedException($"the beta schedule '{other}' is not built"),
        };
        var prediction = Text("prediction_type") switch
        {
            null or "epsilon" => Prediction.Epsilon,
            "v_prediction" => Prediction.Velocity,
            var other => throw new NotSupportedException($"the prediction '{other}' is not built"),
        };
        var eta = description.TryGetProperty("eta", out var given) ? given.GetDouble() : 0;
        double? clip = Flag("clip_sample", missing: true) ? Number("clip_sample_range", 1) : null;
        switch (description.GetProperty("kind").GetString())
        {
            case "ddim":
                return (new DdimSampler(Scheduled(new DdimOptions(), TimestepSpacing.Leading) with
                {
                    ClipRange = clip,
                    Eta = eta,
                    EndAtImage = Flag("set_alpha_to_one", missing: true),
                    RederiveNoise = false,
                }), prediction);
            case "ddpm":
                return (new DdpmSampler(Scheduled(new DdpmOptions(), TimestepSpacing.Leading) with
                {
                    ClipRange = clip,
                    Variance = Text("variance_type") switch
                    {
                        null or "fixed_small" => DdpmVariance.FixedSmall,
                        "fixed_large" => DdpmVariance.FixedLarge,
                        var other => throw new NotSupportedException($"the variance '{other}' is not built"),
                    },
                }), prediction);
            case "dpm" when Text("algorithm_type") is null or "dpmsolver++":
                return (new DpmSolverPlusPlusSampler(Scheduled(new DpmSolverPlusPlusOptions(), TimestepSpacing.Linspace) with
                {
                    Order = (int)Number("solver_order", 2),
                    LowerOrderFinal = Flag("lower_order_final", missing: true),
                    EndAtImage = Text("final_sigmas_type") is null or "zero",
                }), prediction);
            case "flow":
                var isDynamic = Flag("use_dynamic_shifting", missing: false);
                return (new FlowEulerSampler(new FlowOptions
                {
                    Shift = isDynamic ? 1 : Number("shift", 1),
                    Dynamic = isDynamic,
                    Mu = isDynamic ? description.GetProperty("mu").GetDouble() : null,
                    Grid = description.TryGetProperty("sigmas", out var parts) && parts.ValueKind == JsonValueKind.True ? FlowGrid.EqualParts : FlowGrid.TrainedRange,
                }), Prediction.Flow);
            case var other:
                throw new NotSupportedException($"the scheduler '{other}' with these settings is not built");
        }

        TOptions Scheduled<TOptions>(TOptions options, TimestepSpacing own)
            where TOptions : DiffusionOptions => options with
            {
                Betas = betas,
                BetaStart = Number("beta_start", 1e-4),
                BetaEnd = Number("beta_end", 0.02),
                TrainedStepCount = (int)Number("num_train_timesteps", 1000),
                Spacing = spacing ?? own,
                StepsOffset = (int)Number("steps_offset", 0),
            };
        string? Text(string name) => config.TryGetProperty(name, out var field) ? field.GetString() : null;
        double Number(string name, double missing) => config.TryGetProperty(name, out var field) ? field.GetDouble() : missing;
        bool Flag(string name, bool missing) => config.TryGetProperty(name, out var field) ? field.GetBoolean() : missing;
    }
}
