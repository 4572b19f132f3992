using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;
using Augur.Tests.Vulkan;
using Augur.Vulkan;

namespace Augur.Tests.Tensors;

/// <summary>A backend that the contract tests run over.</summary>
/// <param name="Name">As the failed test names it; begins with its name in the catalog of backends.</param>
/// <param name="Open">With a number of threads, where it has threads.</param>
internal sealed record BackendFactory(string Name, Func<int, IBackend> Open);

/// <summary>Every backend that is held against the plain one. A new backend is a row here, and nothing else changes in the contract tests.</summary>
internal static class BackendTable
{
    public static IReadOnlyList<BackendFactory> All { get; } =
    [
        .. from path in Enum.GetValues<CpuPath>()
           where CpuOptions.IsSupported(path)
           select new BackendFactory($"cpu {path}", threads => new CpuBackend(new CpuOptions { Path = path, Threads = threads })),
        .. VulkanForTests.IsThere ? (BackendFactory[])[new("vulkan", _ => new VulkanBackend(VulkanForTests.Device))] : [], // else VulkanTests says so
    ];

    /// <summary>The names of all rows.</summary>
    public static TheoryData<string> Names => [.. All.Select(b => b.Name)];

    /// <summary>The names of all rows, and that of the plain backend: for what is asked of it too.</summary>
    public static TheoryData<string> NamesAndReference => [.. All.Select(b => b.Name), "reference"];

    /// <summary>Numbers of threads to compare: two runs of the same, where there is nothing to choose.</summary>
    public static int[] ThreadCounts(string name) => name.StartsWith("cpu", StringComparison.Ordinal) ? [1, 2, 3] : [1, 1];

    public static IBackend Open(string name, int threads = 1) =>
        name == "reference" ? new ReferenceBackend() : All.Single(b => b.Name == name).Open(threads);
}
