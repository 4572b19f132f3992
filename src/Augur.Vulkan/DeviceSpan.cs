namespace Augur.Vulkan;

/// <summary>A piece of a block. Its address is what kernels see; block and offset are what copies need.</summary>
internal readonly record struct DeviceSpan(DeviceBlock Block, long Offset, long Bytes)
{
    public ulong Address => Block.Address + (ulong)Offset;

    public DeviceRange Range => new(Address, Address + (ulong)Bytes);
}

/// <summary>A range of device memory that a piece of work reads or writes.</summary>
internal readonly record struct DeviceRange(ulong Start, ulong End)
{
    public long Bytes => (long)(End - Start);

    public bool Overlaps(DeviceRange other) => Start < other.End && other.Start < End;
}
