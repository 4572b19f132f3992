using Augur.Catalogs;
using Augur.Pipelines;
using Augur.Tensors;
using Augur.Vulkan;
using Silk.NET.Vulkan;

namespace Augur.Tests.Vulkan;

/// <summary>Engines on a Vulkan device when something goes wrong, or when there are two of them.</summary>
public sealed class VulkanEngineTests
{
    [VulkanFact]
    public async Task Two_engines_on_one_device_draw_at_once_what_each_draws_alone()
    {
        async Task<float[]> Draw(int seed)
        {
            using var backend = new VulkanBackend(VulkanForTests.Device);
            using var model = SmallDit.Load(backend);
            await using var engine = new GenerationEngine(model);
            return (await engine.Submit(Request(model, seed)).Result).Latent;
        }

        var alone = new[] { await Draw(1), await Draw(2) };
        var together = await Task.WhenAll(Task.Run(() => Draw(1)), Task.Run(() => Draw(2)));
        Assert.Equal(alone, together);
        Assert.NotEqual(alone[0], alone[1]);
    }

    [VulkanFact]
    public async Task A_device_that_is_lost_in_a_run_ends_it_with_one_sentence_and_everything_can_be_closed()
    {
        using var device = VulkanDevice.Open();
        using var backend = new VulkanBackend(device);
        using var model = SmallDit.Load(backend);
        await using var engine = new GenerationEngine(model);
        var ticket = engine.Submit(
            [Request(model, 1)],
            step => device.Fault = step.StepIndex == 3 ? c => c == "vkQueueSubmit2" ? Result.ErrorDeviceLost : null : device.Fault,
            default)[0];
        var lost = await Assert.ThrowsAsync<BackendLostException>(() => ticket.Result);
        Assert.StartsWith($"{backend.Name} was lost: the driver gave it up during or shortly before ", lost.Message, StringComparison.Ordinal);
        Assert.Equal(lost.Message, (await Assert.ThrowsAsync<BackendLostException>(() => engine.Submit(Request(model, 2)).Result)).Message);
    }

    [VulkanFact]
    public async Task A_device_that_is_full_fails_the_run_and_not_the_next_one()
    {
        using var device = VulkanDevice.Open();
        using var backend = new VulkanBackend(device);
        using var model = SmallDit.Load(backend);
        await using var engine = new GenerationEngine(model);
        var large = Request(model, 1) with { Cache = PolicyCatalog.Parse("taylorseer(interval=3,order=3)") };
        long? inUse = null;
        for (var round = 0; round < 3; round++)
        {
            device.Fault = call => call == "vkAllocateMemory" ? Result.ErrorOutOfDeviceMemory : null;
            var full = await Assert.ThrowsAsync<BackendOutOfMemoryException>(() => engine.Submit(large).Result);
            Assert.Contains("has no memory for ", full.Message, StringComparison.Ordinal);
            device.Fault = null;
            Assert.All((await engine.Submit(large).Result).Latent, value => Assert.True(float.IsFinite(value)));
            backend.Synchronize();
            backend.Trim(); // so that the next round has to ask the device again
            inUse ??= backend.BytesInUse; // what a model keeps from its first run on is no leak
            Assert.True(
                SpinWait.SpinUntil(() => backend.BytesInUse <= inUse, TimeSpan.FromSeconds(20)),
                $"{backend.BytesInUse - inUse} bytes more stay in use");
        }
    }

    [VulkanFact]
    public async Task An_engine_that_is_closed_in_the_middle_of_a_run_leaves_no_memory_in_use()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        using (var model = SmallDit.Load(backend))
        {
            var began = new TaskCompletionSource();
            var engine = new GenerationEngine(model);
            var ticket = engine.Submit([Request(model, 1) with { Steps = 1000 }], _ => began.TrySetResult(), default)[0];
            await began.Task;
            await engine.DisposeAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => ticket.Result);
        }

        Assert.Equal(0, backend.BytesInUse);
        Assert.Equal(4, Tensor.Full(backend, [1], 4).ToArray()[0]); // and goes on
    }

    private static GenerationRequest Request(DiffusionModel model, int seed) =>
        model.Request(Condition.Class(3), seed) with { Cache = PolicyCatalog.Parse("speca(preset=paper,base=0.5)") };
}
