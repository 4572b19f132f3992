using Augur.Caching;
using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Replay;
using Augur.Tensors.Cpu;
using Augur.Vulkan;

namespace Augur.Tests.Vulkan;

/// <summary>Whole networks on a Vulkan device: pictures, saved runs of other implementations, and what a call costs in submissions.</summary>
public sealed class VulkanDrawingTests
{
    /// <summary>A single forward, runs with decisions, quantised weights. All others pass too: see bench/results/gpu.md.</summary>
    public static TheoryData<string> Replays =>
    [
        "dit-core/forward.safetensors", "cg-taylor-flux/bool_t13_s20.safetensors", "flux-cache-d38/speca_s28.safetensors",
        "u-vit/forward.safetensors",
    ];

    [VulkanFact]
    public async Task The_built_in_model_draws_the_picture_of_the_processor_in_a_few_submissions_a_call()
    {
        using var host = new CpuBackend();
        using var backend = new VulkanBackend(VulkanForTests.Device);
        backend.Queue.SubmissionSeconds = 100; // a software driver would cut by time
        using var expected = ModelCatalog.LoadBuiltIn(host);
        using var model = ModelCatalog.LoadBuiltIn(backend);
        async Task<GenerationResult> Draw(DiffusionModel m) =>
            await new GenerationPipeline(m).GenerateAsync(m.Request("red apple", seed: 42) with { Steps = 2, Cache = PolicyCatalog.Parse("none") });
        var before = backend.Queue.Submissions;
        var (picture, same) = (await Draw(model), await Draw(expected));
        var submissions = (double)(backend.Queue.Submissions - before) / picture.Report.Calls.Count;
        var squares = picture.Image.Rgb.ToArray().Zip(same.Image.Rgb.ToArray(), (a, b) => (double)(a - b) * (a - b)).Average();
        Assert.True(squares < 0.01, $"a mean squared difference of {squares}: less than 68 dB"); // a few pixels may round the other way
        Assert.InRange(submissions, 1, 10);
    }

    // What a policy keeps, forecasts, gathers and scatters stays on the device: beyond the pictures themselves nothing is read but what decides.
    [VulkanTheory]
    [InlineData("taylorseer(interval=3)")]
    [InlineData("taylorseer(interval=3,tokens=random(k=16))")]
    [InlineData("speca(preset=paper,base=0.5)")]
    [InlineData("toca(interval=3,ratio=0.2)")]
    [InlineData("toca(interval=3,ratio=0.2,score=value-norm)")]
    public async Task A_call_is_read_at_most_once_and_only_for_what_decides(string policy)
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        using var model = SmallDit.Load(backend);
        async Task<(long Reads, GenerationReport Report)> Draw(string cache)
        {
            var before = backend.Queue.Reads;
            var request = model.Request(Condition.Class(3), 1) with { Cache = PolicyCatalog.Parse(cache) };
            var report = (await new GenerationPipeline(model).GenerateAsync(request)).Report;
            return (backend.Queue.Reads - before, report);
        }

        var (uncached, _) = await Draw("none");
        var (reads, report) = await Draw(policy);
        Assert.InRange(uncached, 1, 3); // the latent and the picture
        Assert.Contains(report.Calls, c => c.Kind != CallKind.Computed);
        var deciding = policy.StartsWith("speca", StringComparison.Ordinal) ? report.Calls.Count(c => c.Error is not null)
            : policy.StartsWith("toca", StringComparison.Ordinal)
                ? report.Calls.Zip(report.Calls.Skip(1)).Count(c => c.First.Kind == CallKind.Computed && c.Second.Kind != CallKind.Computed) : 0;
        Assert.InRange(reads, uncached + (deciding == 0 ? 0 : 1), uncached + deciding);
    }

    [VulkanTheory]
    [MemberData(nameof(Replays))]
    public void A_saved_run_of_another_implementation_is_reproduced_with_every_decision(string run)
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        var result = Assert.Single(ReplayRunner.Run(Fixtures.Path(run), backend));
        Assert.True(result.Status == ReplayStatus.Pass, $"{result.Status}: {result.Detail}, {result.MaxRelative}");
    }
}
