using System.Diagnostics;
using Augur.Catalogs;
using Augur.Tensors;
using Augur.Vulkan;
using Silk.NET.Vulkan;

namespace Augur.Tests.Vulkan;

/// <summary>What goes wrong with graphics cards, each told in one sentence: missing, full, lost, shared, closed too early.</summary>
public sealed class VulkanFaultTests
{
    [VulkanFact]
    public void A_device_number_that_is_not_there_names_those_that_are()
    {
        var error = Assert.Throws<ArgumentException>(() => BackendCatalog.Open("vulkan:99"));
        Assert.StartsWith($"There is no Vulkan device 99; 0 is {VulkanDevice.List()[0].Name}", error.Message, StringComparison.Ordinal);
    }

    [VulkanFact]
    public void Without_a_driver_the_program_says_what_is_missing_and_computes_nothing() =>
        DrawingSays("augur: The Vulkan loader found no driver: install that of the graphics card.", "/nowhere.json");

    [IdleDriverFact]
    public void A_driver_without_a_device_is_told_from_no_driver_and_computes_nothing()
    {
        const string Message =
            "The Vulkan loader found a driver, but no device that it drives: install the driver of the graphics card that is there.";
        DrawingSays($"augur: {Message}", IdleDriverFactAttribute.Driver);
        var (code, output, _) = Run(IdleDriverFactAttribute.Driver, "devices");
        Assert.Equal(0, code);
        Assert.Contains($"none. {Message}", string.Join(' ', output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    }

    private static void DrawingSays(string sentence, string driver)
    {
        var (code, output, error) = Run(driver, "generate", "red apple", "--device", "vulkan", "--steps", "1", "--out", "nothing.png");
        Assert.Equal((1, sentence, ""), (code, error.Trim(), output));
        Assert.False(File.Exists(Path.Combine(AppContext.BaseDirectory, "nothing.png")));
    }

    private static (int Code, string Output, string Error) Run(string driver, params string[] words)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Augur.Cli.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. words])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["VK_DRIVER_FILES"] = start.Environment["VK_ICD_FILENAMES"] = driver; // the loader's own variables
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEnd(), process.StandardError.ReadToEnd());
        process.WaitForExit();
        return (process.ExitCode, output, error);
    }

    [VulkanFact]
    public void Memory_beyond_the_budget_is_an_error_and_what_was_lent_stays_good()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device, new VulkanOptions { MemoryBudget = 1 << 20 });
        using var half = Tensor.Full(backend, [128, 1024], 3);
        var error = Assert.Throws<BackendOutOfMemoryException>(() => Tensor.Zeros(backend, [1024, 1024]));
        Assert.Equal(4 << 20, error.BytesAsked);
        Assert.EndsWith("reserved, and its budget is 1048576.", error.Message, StringComparison.Ordinal);
        Assert.Equal((1 << 19, 3f), (backend.BytesAvailable, half.ToArray()[^1]));
        half.Dispose();
        using var whole = Tensor.Zeros(backend, [256, 1024]); // the block of the wrong size makes room
        Assert.Equal(1 << 20, backend.BytesReserved);
        Assert.Equal(0, whole.ToArray()[^1]);
    }

    [VulkanFact]
    public void A_device_that_is_full_is_an_error_with_its_numbers_and_goes_on_when_there_is_room()
    {
        using var device = VulkanDevice.Open();
        using var backend = new VulkanBackend(device);
        using var kept = Tensor.Full(backend, [64], 2);
        device.Fault = call => call == "vkAllocateMemory" ? Result.ErrorOutOfDeviceMemory : null;
        var error = Assert.Throws<BackendOutOfMemoryException>(() => Tensor.Zeros(backend, [1024, 1024]));
        Assert.Equal((4 << 20, 256), (error.BytesAsked, error.BytesInUse));
        Assert.Contains("has no memory for 4194304 bytes more: 256 are in use", error.Message, StringComparison.Ordinal);
        device.Fault = null;
        using var larger = Tensor.Full(backend, [1024, 1024], 1);
        Assert.Equal((2f, 1f), (kept.ToArray()[63], larger.ToArray()[^1]));
    }

    [VulkanTheory]
    [InlineData("vkQueueSubmit2")]
    [InlineData("vkWaitSemaphores")]
    public void A_lost_device_says_so_at_the_next_wait_and_ever_after_and_can_be_closed(string call)
    {
        using var device = VulkanDevice.Open();
        using var backend = new VulkanBackend(device);
        using var scope = TensorScope.Begin();
        var x = Tensor.Full(backend, [4], 2);
        device.Fault = c => c == call ? Result.ErrorDeviceLost : null;
        var y = x + x; // queued: nothing has failed yet
        var lost = Assert.Throws<BackendLostException>(() => y.ToArray());
        Assert.StartsWith($"{backend.Name} was lost: the driver gave it up during or shortly before ", lost.Message, StringComparison.Ordinal);
        device.Fault = null;
        Assert.Equal(lost.Message, Assert.Throws<BackendLostException>(() => x + y).Message);
        Assert.Equal(lost.Message, Assert.Throws<BackendLostException>(backend.Synchronize).Message);

        using var again = new VulkanBackend(device); // of a device that is really lost this would be another device
        Assert.Equal(3, Tensor.Full(again, [1], 3).ToArray()[0]);
    }

    [VulkanFact]
    public void Two_backends_on_one_device_at_once_do_not_meet()
    {
        using var first = new VulkanBackend(VulkanForTests.Device);
        using var second = new VulkanBackend(VulkanForTests.Device);
        VulkanBackend[] both = [first, second];
        float[] Run(VulkanBackend backend, int seed)
        {
            using var scope = TensorScope.Begin();
            var x = VulkanBackendTests.Values(backend, [40, 64], seed);
            using var weight = backend.Pack(VulkanBackendTests.Values(backend, [64, 64], seed + 1), null);
            for (var i = 0; i < 5; i++)
            {
                x = x.Linear(weight).LayerNorm(1e-6f);
            }

            return x.ToArray();
        }

        var alone = new[] { Run(first, 1), Run(second, 7) };
        Parallel.For(0, 8, i => Assert.Equal(alone[i % 2], Run(both[i % 2], i % 2 == 0 ? 1 : 7)));
        var other = Tensor.Full(second, [2], 1);
        Assert.Equal(
            $"Multiply: a tensor of another backend ({second.Name}) was given to {first.Name}.",
            Assert.Throws<ArgumentException>(() => Tensor.Full(first, [2], 1) * other).Message);
    }

    [VulkanFact]
    public void Devices_that_threads_open_use_and_close_at_once_do_not_meet()
    {
        var results = new float[6][];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = results.Length }, i =>
        {
            Assert.NotEmpty(VulkanDevice.List());
            using var device = VulkanDevice.Open();
            using var backend = new VulkanBackend(device);
            using var scope = TensorScope.Begin();
            var x = Tensor.From(backend, [.. Enumerable.Range(0, 64).Select(n => n / 16f)], [2, 32]);
            results[i] = (x - x.Activate(Activation.Silu)).ToArray();
        });
        Assert.All(results, r => Assert.Equal(results[0], r));
        Assert.Equal(1 - (1 / (1 + Math.Exp(-1))), results[0][16], 1e-5);
    }

    [VulkanFact]
    public void Closing_while_work_is_queued_waits_for_it_and_late_releases_are_harmless()
    {
        var backend = new VulkanBackend(VulkanForTests.Device);
        var x = VulkanBackendTests.Values(backend, [200, 200], 1).Retain();
        var weight = backend.Pack(x, null);
        var y = x.Linear(weight).Retain();
        backend.Dispose();
        backend.Dispose();
        Assert.Throws<ObjectDisposedException>(() => y.ToArray());
        Assert.Throws<ObjectDisposedException>(() => Tensor.Zeros(backend, [4]));
        Assert.Throws<ObjectDisposedException>(backend.Synchronize);
        weight.Dispose();
        x.Dispose();
        y.Dispose();
        Assert.Equal(0, backend.BytesInUse);
    }

    [VulkanFact]
    public void Memory_is_flat_over_a_thousand_short_runs()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        long reserved = 0, host = 0;
        for (var run = 0; run < 1000; run++)
        {
            using (TensorScope.Begin())
            {
                var x = Tensor.From(backend, [1f, 2, 3, 4], [2, 2]);
                Assert.Equal(2 + run, Tensor.Combine([x], [1 + run]).LayerNorm(1).ToArray().Length - 2 + run);
            }

            Assert.Equal(0, backend.BytesInUse);
            if (run == 10)
            {
                (reserved, host) = (backend.BytesReserved, backend.Queue.HostBytes);
            }
        }

        Assert.Equal((reserved, host), (backend.BytesReserved, backend.Queue.HostBytes));
        backend.Trim();
        Assert.Equal((0, 0), (backend.BytesReserved, backend.Queue.HostBytes));
    }

    [VulkanFact]
    public void An_index_that_the_device_made_and_that_points_nowhere_is_told_at_the_next_read()
    {
        using var backend = new VulkanBackend(VulkanForTests.Device);
        using var scope = TensorScope.Begin();
        var table = Tensor.From(backend, [3f, 9, 1, 7], [1, 4]).TopK(2); // 1 and 3
        var y = Tensor.Full(backend, [1, 3, 2], 5).GatherTokens(table);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => y.ToArray());
        Assert.Contains("an earlier operation had a table with an index that is not below what it indexes", error.Message, StringComparison.Ordinal);
        Assert.Equal([5, 5, 0, 0], y.ToArray());
    }

    [VulkanFact]
    public void A_budget_below_one_byte_is_refused()
    {
        foreach (var options in new VulkanOptions[] { new() { MemoryBudget = 0 }, new() { WeightBudget = 0 } })
        {
            var error = Assert.ThrowsAny<ArgumentException>(() => new VulkanBackend(VulkanForTests.Device, options));
            Assert.Contains("begins at 1 byte, not 0", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Options_that_a_backend_does_not_have_are_refused()
    {
        static string Refused(BackendSettings settings) => Assert.Throws<ArgumentException>(() => BackendCatalog.Open("cpu", settings)).Message;
        Assert.Equal("The device 'cpu' multiplies in Float32, so Float16 cannot be asked for.", Refused(new() { ProductPrecision = DType.Float16 }));
        Assert.Equal(
            "The device 'cpu' has no memory of its own, so that 7 bytes of weights cannot be its limit.", Refused(new() { WeightBudget = 7 }));
    }
}
