namespace Augur.Vulkan;

/// <summary>What a Vulkan device says of itself.</summary>
/// <param name="Index">Its number, from 0; the fastest kinds come first.</param>
/// <param name="Name">As its driver has it.</param>
/// <param name="Driver">Name and version of the driver, and the version of Vulkan.</param>
/// <param name="Kind">Such as «discrete graphics card»; a software driver computes on the processor.</param>
/// <param name="MemoryBytes">Bytes of its own memory; of the system's where it has none.</param>
/// <param name="Abilities">What matters here: types, matrix unit, subgroups, shared memory.</param>
/// <param name="Refusal">Why it cannot be used, as the end of a sentence; null if it can.</param>
public sealed record VulkanDeviceDescription(
    int Index, string Name, string Driver, string Kind, long MemoryBytes, string Abilities, string? Refusal);
