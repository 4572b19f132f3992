namespace Augur.Vulkan;

/// <summary>What the catalog of backends lists of this package, which it finds by this name.</summary>
public static class VulkanEntry
{
    /// <summary>Graphics cards.</summary>
    public static BackendEntry Entry { get; } = new(
        "vulkan",
        "A graphics card through Vulkan, from its driver alone; vulkan:1 is the second, and augur devices lists them.",
        HasDevices: true,
        HasThreads: false,
        HasDeviceOptions: true,
        () => [.. VulkanDevice.List().Select(d =>
            new BackendDevice($"vulkan:{d.Index}", d.Name, $"{d.Kind}; {d.Driver}", d.MemoryBytes, d.Abilities, d.Refusal))],
        (device, settings) => new VulkanBackend(device, new VulkanOptions
        {
            MemoryBudget = settings.MemoryBudget,
            WeightBudget = settings.WeightBudget,
            ProductPrecision = settings.ProductPrecision ?? DType.Float32,
            ActivationType = settings.ActivationType,
        }));
}
