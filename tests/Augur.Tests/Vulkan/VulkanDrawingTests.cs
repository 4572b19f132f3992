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
        var (picture, same) = ((await Draw(model)), (await Draw(expected)));
        var submissions = (double)(backend.Queue.Submissions - before) / picture.Report.Calls.Count;
        var squares = picture.Image.Rgb.ToArray().Zip(same.Image.Rgb.ToArray(), (a, b) => (double)(a - b) * (a - b)).Average();
        Assert.True(squares < 0.01, $"a mean squared difference of {squares}: less than 68 dB"); // a few pixels may round the other way
        Assert.InRange(submissions, 1, 10);
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
