using Silk.NET.Vulkan;
using Buffer = Silk.NET.Vulkan.Buffer;

namespace Augur.Vulkan;

/// <summary>A buffer with memory of its own.</summary>
internal sealed unsafe class DeviceBlock
{
    private readonly VulkanDevice _device;
    private readonly DeviceMemory _memory;

    /// <exception cref="DriverMemoryException">The driver has no memory for it; nothing stays allocated.</exception>
    public DeviceBlock(VulkanDevice device, long bytes, MemoryPropertyFlags required, MemoryPropertyFlags wished = 0)
    {
        (_device, Bytes) = (device, bytes);
        var vk = device.Vk;
        if (device.Fault?.Invoke("vkAllocateMemory") is { } fault)
        {
            device.Check(fault);
        }

        var families = stackalloc uint[] { device.QueueFamily, device.TransferFamily };
        var isShared = device.TransferFamily != device.QueueFamily;
        var info = new BufferCreateInfo
        {
            SType = StructureType.BufferCreateInfo,
            Size = (ulong)bytes,
            SharingMode = isShared ? SharingMode.Concurrent : SharingMode.Exclusive,
            QueueFamilyIndexCount = isShared ? 2u : 0,
            PQueueFamilyIndices = isShared ? families : null,
            Usage = BufferUsageFlags.StorageBufferBit | BufferUsageFlags.TransferSrcBit | BufferUsageFlags.TransferDstBit
                | BufferUsageFlags.ShaderDeviceAddressBit,
        };
        device.Check(vk.CreateBuffer(device.Logical, &info, null, out var buffer));
        Buffer = buffer;
        try
        {
            vk.GetBufferMemoryRequirements(device.Logical, buffer, out var needs);
            var flags = new MemoryAllocateFlagsInfo { SType = StructureType.MemoryAllocateFlagsInfo, Flags = MemoryAllocateFlags.DeviceAddressBit };
            var allocate = new MemoryAllocateInfo
            {
                SType = StructureType.MemoryAllocateInfo,
                PNext = &flags,
                AllocationSize = needs.Size,
                MemoryTypeIndex = device.FindMemoryType(needs.MemoryTypeBits, required, wished),
            };
            device.Check(vk.AllocateMemory(device.Logical, &allocate, null, out _memory));
            device.Check(vk.BindBufferMemory(device.Logical, buffer, _memory, 0));
            if (required.HasFlag(MemoryPropertyFlags.HostVisibleBit))
            {
                void* mapped;
                device.Check(vk.MapMemory(device.Logical, _memory, 0, Vk.WholeSize, 0, &mapped));
                Mapped = (byte*)mapped;
            }
        }
        catch
        {
            Destroy();
            throw;
        }

        var address = new BufferDeviceAddressInfo { SType = StructureType.BufferDeviceAddressInfo, Buffer = buffer };
        Address = vk.GetBufferDeviceAddress(device.Logical, &address);
    }

    public Buffer Buffer { get; }

    public ulong Address { get; }

    public long Bytes { get; }

    /// <summary>Where the host sees it, if it does.</summary>
    public byte* Mapped { get; }

    public void Destroy()
    {
        _device.Vk.DestroyBuffer(_device.Logical, Buffer, null);
        _device.Vk.FreeMemory(_device.Logical, _memory, null);
    }
}
