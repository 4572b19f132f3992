using Augur.Models;
using System.Text;
using System.Text.Json;
using Augur.Caching;
using Augur.Catalogs;
using Augur.Models.Dit;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Tensors.Weights;

namespace Augur.Replay;

/// <summary>Replays folders made with diffusers' models and schedulers.</summary>
internal static class DiffusersReplay
{
    /// <summary>Names of the runs of such a folder: one per model and scheduler.</summary>
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

    /// <summary>Replays one run.</summary>
    /// <exception cref="NotSupportedException">The network or scheduler is not supported.</exception>
    public static ReplayResult Run(string folder, string run, JsonElement config, IBackend backend) => run switch
    {
        "vae_forward" => AutoencoderReplay.RunDiffusers(folder, config.GetProperty("vae").GetProperty("cfg"), backend),
        "dit_forward" => RunDit(folder, config.GetProperty("dit").GetProperty("cfg"), backend),
        "flux_forward" => FluxFolder.RunDiffusers(folder, config.GetProperty("flux").GetProperty("cfg"), backend),
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
        var door = new TracingDoor(ComputeEverything.Instance, (name, tensor) =>
        {
            var theirs = name == "t_freq" ? "time_proj" : name.Replace("blocks.", "transformer_blocks.", StringComparison.Ordinal);
            if (saved.Has(theirs))
            {
                compare.Tensor(theirs, tensor.ToArray(), saved.Singles(theirs));
            }
        });
        var output = model.Predict(NetworkInput.OfClasses(model, saved.Tensor("x", backend), saved.Times("t"), labels), door);
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
        var kind = description.GetProperty("kind").GetString();
        var className = kind switch
        {
            "ddim" => "DDIMScheduler",
            "ddpm" => "DDPMScheduler",
            "dpm" => "DPMSolverMultistepScheduler",
            "flow" => "FlowMatchEulerDiscreteScheduler",
            _ => throw new NotSupportedException($"the scheduler '{kind}' is not built"),
        };
        try
        {
            var config = ForeignJson.Parse("config.json", Encoding.UTF8.GetBytes(description.GetProperty("cfg").GetRawText()));
            var scheduler = DiffusersScheduler.Read(config, className);
            return (AsCalled(scheduler.Sampler, description), scheduler.Prediction);
        }
        catch (WeightFileException unknown)
        {
            throw new NotSupportedException($"the scheduler's setting {unknown.Message}", unknown);
        }
    }

    // Applies the arguments that the pipeline passes to its scheduler per call.
    private static ISampler AsCalled(ISampler sampler, JsonElement description) => sampler switch
    {
        DdimSampler ddim when description.TryGetProperty("eta", out var eta) => new DdimSampler(ddim.Options with { Eta = eta.GetDouble() }),
        FlowEulerSampler flow => new FlowEulerSampler(flow.Options with
        {
            Mu = flow.Options.Dynamic ? description.GetProperty("mu").GetDouble() : null,
            Grid = description.TryGetProperty("sigmas", out var parts) && parts.ValueKind == JsonValueKind.True
                ? FlowGrid.EqualParts : FlowGrid.TrainedRange,
        }),
        _ => sampler,
    };
}
