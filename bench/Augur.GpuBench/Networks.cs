using System.Diagnostics;
using Augur.Catalogs;
using Augur.Conditioning;
using Augur.Models.Flux;
using Augur.Pipelines;
using Augur.Sampling;
using Augur.Tensors;
using Augur.Vulkan;

namespace Augur.GpuBench;

/// <summary>
/// Whole networks of random weights: what the host costs, what a call costs, and whether caching methods save the seconds that they save in FLOPs.
/// </summary>
internal static class Networks
{
    /// <summary>DiT/2 at batch 1: how much of the time of a call the device is not busy.</summary>
    public static void Launch(VulkanDevice device, IEnumerable<DType> precisions, Sizes sizes)
    {
        using var files = new RandomModels();
        var path = files.Dit(sizes.Dit);
        foreach (var precision in precisions)
        {
            using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision });
            using var model = new DiffusionModel(
                ModelSource.Find(path).LoadDenoiser(backend), new NoDecoder(), new ClassNames([], 1000),
                new GenerationDefaults(new DdimSampler(), sizes.Steps, new Guidance(1)));
            var condition = new ClassCondition(207);
            var name = $"DiT of {sizes.Dit.Channels} channels, {sizes.Dit.Depth} blocks, batch 1, {precision}";
            Report("launch", name, backend, model, condition, "none", sizes.Steps, null, null);
        }
    }

    /// <summary>A FLUX.1 of fewer blocks: seconds of a call.</summary>
    public static void Call(VulkanDevice device, IEnumerable<DType> precisions, Sizes sizes)
    {
        using var files = new RandomModels();
        var path = files.Flux(sizes.Flux);
        foreach (var (precision, activations) in precisions.SelectMany(p => p == DType.Float32
            ? new[] { (p, p) } : [(p, p), (p, DType.BFloat16), (p, DType.Float32)]))
        {
            using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision, ActivationType = activations });
            using var model = Flux(path, backend, sizes);
            var name = $"{Describe(sizes.Flux)}, products {precision}, activations {activations}";
            Report("call", name, backend, model, Text(sizes.Flux), "none", sizes.CallSteps, Latent(sizes.Flux), null);
        }
    }

    /// <summary>Caching methods against the uncached run: the ratio of seconds and that of FLOPs.</summary>
    public static void Methods(VulkanDevice device, DType precision, Sizes sizes)
    {
        using var files = new RandomModels();
        using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision });
        using var model = Flux(files.Flux(sizes.Flux), backend, sizes);
        Row? uncached = null;
        foreach (var policy in s_policies)
        {
            try
            {
                var name = $"{Describe(sizes.Flux)}, {sizes.Steps} steps, {precision}, {policy}";
                var row = Report("methods", name, backend, model, Text(sizes.Flux), policy, sizes.Steps, Latent(sizes.Flux), uncached);
                uncached ??= row;
                var (fewerSeconds, fewerFlops) = (uncached.Seconds / row.Seconds, uncached.Flops / row.Flops);
                Console.WriteLine($"methods | {policy} | {row.Seconds:0.000} s, {row.Flops / 1e12:0.000###} TFLOP; "
                    + $"seconds {fewerSeconds:0.000} times fewer, FLOPs {fewerFlops:0.000} times fewer, ratio {fewerSeconds / fewerFlops:0.000}");
            }
            catch (ArgumentException e)
            {
                Console.WriteLine($"methods | {policy} | not run: {e.Message}");
            }
        }
    }

    private static readonly string[] s_policies = ["none", "taylorseer", "speca", "augur"];

    private static DiffusionModel Flux(string path, VulkanBackend backend, Sizes sizes) => new(
        FluxModel.Load(path, backend), new NoDecoder(), null,
        new GenerationDefaults(new FlowEulerSampler(new() { Dynamic = true }), sizes.Steps, new Guidance(3.5)));

    private static string Describe(FluxSize size) =>
        $"FLUX.1 of {size.Channels} channels, {size.DoubleBlocks} + {size.SingleBlocks} blocks, {size.LatentSide * size.LatentSide / 4} + "
        + $"{size.TextTokens} tokens";

    private static Shape Latent(FluxSize size) => [16, size.LatentSide, size.LatentSide];

    private static PromptEmbedding Text(FluxSize size) => new(
        [.. Enumerable.Range(0, size.TextTokens * 4096).Select(i => MathF.Sin(i * 12.9898f))], 4096,
        [.. Enumerable.Range(0, 768).Select(i => MathF.Cos(i * 3.7f))]);

    /// <summary>Trained models, on which methods decide: what a call asks of the queue.</summary>
    public static void Models(VulkanDevice device, IEnumerable<string> folders, Sizes sizes)
    {
        foreach (var folder in folders)
        {
            foreach (var activations in new[] { DType.Float32, DType.Float16 })
            {
                using var backend = new VulkanBackend(device, new VulkanOptions { ActivationType = activations });
                using var model = ModelCatalog.Load(folder, backend);
                Condition condition = model.TakesPrompts ? new PromptCondition("a green fox") : new ClassCondition(3);
                Row? uncached = null;
                foreach (var policy in s_policies)
                {
                    var name = $"{Path.GetFileName(folder)}, {sizes.Steps} steps, activations {activations}, {policy}";
                    uncached ??= Report("models", name, backend, model, condition, policy, sizes.Steps, null, null);
                    if (policy != "none")
                    {
                        Report("models", name, backend, model, condition, policy, sizes.Steps, null, uncached);
                    }
                }
            }
        }
    }

    /// <summary>A run's seconds without what comes before its first call, its FLOPs, and the seconds of what comes before.</summary>
    private sealed record Row(double Seconds, double Flops, double Before);

    private static Row Report(string what, string name, VulkanBackend backend, DiffusionModel model, Condition condition, string policy, int steps,
        Shape? shape, Row? uncached)
    {
        var request = new GenerationRequest
        {
            Condition = condition,
            Steps = steps,
            Seed = 1,
            Cache = PolicyCatalog.Parse(policy),
            LatentShape = shape,
        };
        var pipeline = new GenerationPipeline(model);
        (double Seconds, GenerationReport Report) Timed(GenerationRequest asked)
        {
            backend.Synchronize();
            var began = Stopwatch.GetTimestamp(); // of the whole run: what is queued has not been computed yet
            var report = pipeline.GenerateAsync(asked).GetAwaiter().GetResult().Report;
            backend.Synchronize();
            return (Stopwatch.GetElapsedTime(began).TotalSeconds, report);
        }

        var one = request with { Steps = 1, Cache = PolicyCatalog.Parse("none") };
        Timed(one); // compiles the kernels
        var once = uncached is null ? Math.Min(Timed(one).Seconds, Timed(one).Seconds) : 0;
        backend.ResetPeak();
        var queue = backend.Queue;
        var before = (queue.BusySeconds, queue.Submissions, queue.Reads, queue.BytesRead, queue.Dispatches, queue.Barriers, queue.BytesTouched);
        var (wall, report) = Timed(request);
        var calls = report.Calls.Count;

        // Noise and prompts stand before the first call, and would weigh more in a short run than in a long one.
        var setup = uncached?.Before ?? Math.Max(0, ((steps * once) - wall) / Math.Max(1, steps - 1));
        var (seconds, busy) = (wall - setup, queue.BusySeconds - before.BusySeconds);
        double PerCall(double now, double then) => (now - then) / calls;
        Console.WriteLine($"{what} | {name} | {seconds / calls * 1e3:0.000} ms a call of {calls}, "
            + $"{report.Cost.TotalFlops / seconds / 1e12:0.000} TFLOP/s; before the first {setup * 1e3:0.000} ms; "
            + $"device busy {busy / calls * 1e3:0.000} ms a call, idle {100 * Math.Max(0, 1 - (busy / seconds)):0.0} %; "
            + $"{PerCall(queue.Submissions, before.Submissions):0.0} submissions, {PerCall(queue.Reads, before.Reads):0.00} reads of "
            + $"{PerCall(queue.BytesRead, before.BytesRead):0} bytes, {PerCall(queue.Dispatches, before.Dispatches):0} dispatches, "
            + $"{PerCall(queue.Barriers, before.Barriers):0} barriers a call; "
            + $"{PerCall(queue.BytesTouched, before.BytesTouched) / 1048576:0.0} MiB touched a call; peak {backend.PeakBytesInUse >> 20} MiB");
        return new Row(seconds, report.Cost.TotalFlops, setup);
    }
}
