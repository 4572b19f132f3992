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
            Report("launch", name, backend, model, condition, "none", sizes);
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
            Report(
                "call", $"{Describe(sizes.Flux)}, products {precision}, activations {activations}", backend, model, Text(sizes.Flux), "none", sizes);
        }
    }

    /// <summary>Caching methods against the uncached run: the ratio of seconds and that of FLOPs.</summary>
    public static void Methods(VulkanDevice device, DType precision, Sizes sizes)
    {
        using var files = new RandomModels();
        using var backend = new VulkanBackend(device, new VulkanOptions { ProductPrecision = precision });
        using var model = Flux(files.Flux(sizes.Flux), backend, sizes);
        (double Seconds, double Flops)? uncached = null;
        foreach (var policy in new[] { "none", "taylorseer", "speca", "augur" })
        {
            try
            {
                var (seconds, flops) = Report(
                    "methods", $"{Describe(sizes.Flux)}, {sizes.Steps} steps, {precision}, {policy}", backend, model, Text(sizes.Flux), policy,
                    sizes);
                uncached ??= (seconds, flops);
                var (fewerSeconds, fewerFlops) = (uncached.Value.Seconds / seconds, uncached.Value.Flops / flops);
                Console.WriteLine($"methods | {policy} | seconds {fewerSeconds:0.000} times fewer, FLOPs {fewerFlops:0.000} times fewer, "
                    + $"ratio {fewerSeconds / fewerFlops:0.000}");
            }
            catch (ArgumentException e)
            {
                Console.WriteLine($"methods | {policy} | not run: {e.Message}");
            }
        }
    }

    private static DiffusionModel Flux(string path, VulkanBackend backend, Sizes sizes) => new(
        FluxModel.Load(path, backend), new NoDecoder(), null,
        new GenerationDefaults(new FlowEulerSampler(new() { Dynamic = true }), sizes.Steps, new Guidance(3.5)));

    private static string Describe(FluxSize size) =>
        $"FLUX.1 of {size.Channels} channels, {size.DoubleBlocks} + {size.SingleBlocks} blocks, {size.LatentSide * size.LatentSide / 4} + "
        + $"{size.TextTokens} tokens";

    private static PromptEmbedding Text(FluxSize size) => new(
        [.. Enumerable.Range(0, size.TextTokens * 4096).Select(i => MathF.Sin(i * 12.9898f))], 4096,
        [.. Enumerable.Range(0, 768).Select(i => MathF.Cos(i * 3.7f))]);

    private static (double Seconds, double Flops) Report(string what, string name, VulkanBackend backend, DiffusionModel model, Condition condition,
        string policy, Sizes sizes)
    {
        var request = new GenerationRequest
        {
            Condition = condition,
            Steps = sizes.Steps,
            Seed = 1,
            Cache = PolicyCatalog.Parse(policy),
            LatentShape = what == "launch" ? null : [16, sizes.Flux.LatentSide, sizes.Flux.LatentSide],
        };
        var pipeline = new GenerationPipeline(model);
        var first = request with { Steps = Math.Min(2, sizes.Steps), Cache = PolicyCatalog.Parse("none") }; // compiles the kernels
        pipeline.GenerateAsync(first).GetAwaiter().GetResult();
        backend.Synchronize();
        backend.ResetPeak();
        var (busy, submissions) = (backend.Queue.BusySeconds, backend.Queue.Submissions);
        var (reads, dispatches, barriers) = (backend.Queue.Reads, backend.Queue.Dispatches, backend.Queue.Barriers);
        var touched = backend.Queue.BytesTouched;
        var report = pipeline.GenerateAsync(request).GetAwaiter().GetResult().Report;
        backend.Synchronize();
        var (calls, seconds) = (report.Calls.Count, report.Cost.ComputeTime.TotalSeconds + report.Cost.ForecastTime.TotalSeconds
            + report.Cost.VerifyTime.TotalSeconds);
        busy = backend.Queue.BusySeconds - busy;
        submissions = backend.Queue.Submissions - submissions;
        double PerCall(long now, long before) => (double)(now - before) / calls;
        Console.WriteLine($"{what} | {name} | {seconds / calls * 1e3:0.000} ms a call of {calls}, "
            + $"{report.Cost.TotalFlops / seconds / 1e12:0.000} TFLOP/s; "
            + $"device busy {busy / calls * 1e3:0.000} ms a call, idle {100 * Math.Max(0, 1 - (busy / seconds)):0.0} %; "
            + $"{(double)submissions / calls:0.0} submissions, {PerCall(backend.Queue.Reads, reads):0.00} reads, "
            + $"{PerCall(backend.Queue.Dispatches, dispatches):0} dispatches, {PerCall(backend.Queue.Barriers, barriers):0} barriers a call; "
            + $"{PerCall(backend.Queue.BytesTouched, touched) / 1048576:0.0} MiB touched a call; peak {backend.PeakBytesInUse >> 20} MiB");
        return (seconds, report.Cost.TotalFlops);
    }
}
