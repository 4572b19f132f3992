namespace Augur.Vulkan;

/// <summary>How a <see cref="VulkanBackend"/> computes.</summary>
public sealed record VulkanOptions
{
    /// <summary>The most bytes that tensors and weights may take together, at least 1. Default: what the device has.</summary>
    public long? MemoryBudget { get; init; }

    /// <summary>
    /// The most bytes of weights that stay on the device. Weights packed beyond that stay on the host, in their mapped file where there is one, and
    /// are copied for each use while the device computes what came before. Default: no limit, so that weights that do not fit are an error.
    /// </summary>
    public long? WeightBudget { get; init; }

    /// <summary>
    /// Type in which linear maps and attention multiply: Float32, or Float16 on the device's matrix unit. Sums are Float32 in either case. Default:
    /// Float32, which agrees with the other backends to a few units in the last place; Float16 rounds operands to 11 bits and is many times as fast.
    /// </summary>
    public DType ProductPrecision { get; init; } = DType.Float32;

    /// <summary>
    /// Type of what one operation of a layer hands to the next: Float32, Float16 or BFloat16. Halves take half the memory and half the bytes to move;
    /// sums stay Float32. Default: that of the products, for which it changes next to nothing, as they round what they read to the same 11 bits.
    /// </summary>
    public DType? ActivationType { get; init; }
}
