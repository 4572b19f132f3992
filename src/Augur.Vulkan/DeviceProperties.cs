using System.Globalization;
using Silk.NET.Vulkan;

namespace Augur.Vulkan;

/// <summary>What a physical device has and lacks, asked before it is opened.</summary>
internal sealed unsafe class DeviceProperties
{
    public DeviceProperties(VulkanInstance instance, PhysicalDevice device)
    {
        var vk = instance.Vk;
        Device = device;
        var v13 = new PhysicalDeviceVulkan13Properties { SType = StructureType.PhysicalDeviceVulkan13Properties };
        var v12 = new PhysicalDeviceVulkan12Properties { SType = StructureType.PhysicalDeviceVulkan12Properties, PNext = &v13 };
        var v11 = new PhysicalDeviceVulkan11Properties { SType = StructureType.PhysicalDeviceVulkan11Properties, PNext = &v12 };
        var properties = new PhysicalDeviceProperties2 { SType = StructureType.PhysicalDeviceProperties2, PNext = &v11 };
        vk.GetPhysicalDeviceProperties2(device, &properties);
        (Limits, ApiVersion, Kind) = (properties.Properties.Limits, properties.Properties.ApiVersion, properties.Properties.DeviceType);
        Name = VulkanInstance.Text(properties.Properties.DeviceName);
        Driver = $"{VulkanInstance.Text(v12.DriverName)} {VulkanInstance.Text(v12.DriverInfo)}".Trim() + $", Vulkan {Version(ApiVersion)}";
        (SubgroupSize, LeastSubgroup, LargestSubgroup) = (v11.SubgroupSize, v13.MinSubgroupSize, v13.MaxSubgroupSize);
        MaxAllocation = (long)Math.Min(v11.MaxMemoryAllocationSize, v13.MaxBufferSize == 0 ? ulong.MaxValue : v13.MaxBufferSize);
        vk.GetPhysicalDeviceMemoryProperties(device, out var memory);
        Memory = memory;
        Extensions = ReadExtensions(vk, device);
        Refusal = ReadFeatures(vk, device);
        (Unit, Shapes) = Refusal is null ? FindMatrixUnit(instance, device) : (MatrixUnit.None, []);
    }

    public PhysicalDevice Device { get; }

    public string Name { get; }

    public string Driver { get; }

    public uint ApiVersion { get; }

    public PhysicalDeviceType Kind { get; }

    public PhysicalDeviceLimits Limits { get; }

    public PhysicalDeviceMemoryProperties Memory { get; }

    public uint SubgroupSize { get; }

    public uint LeastSubgroup { get; }

    public uint LargestSubgroup { get; }

    /// <summary>Bytes of one allocation, which is one buffer here.</summary>
    public long MaxAllocation { get; }

    public HashSet<string> Extensions { get; }

    /// <summary>Whether it tells how much of its memory other processes leave.</summary>
    public bool HasMemoryBudget => Extensions.Contains("VK_EXT_memory_budget");

    public bool HasBFloat16 => Extensions.Contains("VK_KHR_shader_bfloat16");

    /// <summary>Which cooperative matrices it has in the one shape that the kernels use: asked of the driver, not guessed from its name.</summary>
    public MatrixUnit Unit { get; }

    /// <summary>Every shape that it offers, for reports.</summary>
    public IReadOnlyList<string> Shapes { get; }

    /// <summary>What it lacks, as the end of a sentence; null if it can be used.</summary>
    public string? Refusal { get; }

    /// <summary>The heap that the fastest memory lies in.</summary>
    public int Heap
    {
        get
        {
            var memory = Memory;
            for (var i = 0; i < (int)memory.MemoryTypeCount; i++)
            {
                if (memory.MemoryTypes[i].PropertyFlags.HasFlag(MemoryPropertyFlags.DeviceLocalBit))
                {
                    return (int)memory.MemoryTypes[i].HeapIndex;
                }
            }

            return 0;
        }
    }

    public long HeapBytes
    {
        get
        {
            var memory = Memory;
            return (long)memory.MemoryHeaps[Heap].Size;
        }
    }

    public VulkanDeviceDescription Describe(int index) => new(index, Name, Driver, KindName(Kind), HeapBytes, Abilities(), Refusal);

    private static string KindName(PhysicalDeviceType kind) => kind switch
    {
        PhysicalDeviceType.DiscreteGpu => "discrete graphics card",
        PhysicalDeviceType.IntegratedGpu => "integrated graphics",
        PhysicalDeviceType.VirtualGpu => "virtual graphics card",
        PhysicalDeviceType.Cpu => "software driver, computes on the processor",
        _ => "device of another kind",
    };

    private static string Version(uint v) => $"{v >> 22}.{(v >> 12) & 0x3ff}.{v & 0xfff}";

    private string Abilities()
    {
        var unit = Unit switch
        {
            MatrixUnit.Khronos => "matrix unit (KHR cooperative matrices, Float16 into Float32)",
            MatrixUnit.Nvidia => "matrix unit (NV cooperative matrices, Float16 into Float32)",
            _ => "no matrix unit",
        };
        return string.Create(CultureInfo.InvariantCulture,
            $"Float16{(HasBFloat16 ? ", BFloat16" : "")}, {unit}, subgroups of {LeastSubgroup} to {LargestSubgroup}, "
            + $"{Limits.MaxComputeSharedMemorySize >> 10} KiB shared memory");
    }

    private static HashSet<string> ReadExtensions(Vk vk, PhysicalDevice device)
    {
        uint count = 0;
        vk.EnumerateDeviceExtensionProperties(device, (byte*)null, &count, null);
        var all = new ExtensionProperties[count];
        fixed (ExtensionProperties* p = all)
        {
            vk.EnumerateDeviceExtensionProperties(device, (byte*)null, &count, p);
        }

        return [.. all.Select(e => VulkanInstance.Text(e.ExtensionName))];
    }

    private string? ReadFeatures(Vk vk, PhysicalDevice device)
    {
        if (ApiVersion < Vk.Version13)
        {
            return $"offers Vulkan {Version(ApiVersion)} where 1.3 is needed; a newer driver may have it";
        }

        var has13 = new PhysicalDeviceVulkan13Features { SType = StructureType.PhysicalDeviceVulkan13Features };
        var has12 = new PhysicalDeviceVulkan12Features { SType = StructureType.PhysicalDeviceVulkan12Features, PNext = &has13 };
        var has11 = new PhysicalDeviceVulkan11Features { SType = StructureType.PhysicalDeviceVulkan11Features, PNext = &has12 };
        var has = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = &has11 };
        vk.GetPhysicalDeviceFeatures2(device, &has);
        (bool There, string What)[] needs =
        [
            (has12.BufferDeviceAddress, "buffer device addresses"),
            (has12.TimelineSemaphore, "timeline semaphores"),
            (has12.ScalarBlockLayout, "scalar block layout"),
            (has12.ShaderFloat16 && has11.StorageBuffer16BitAccess, "half precision in shaders"),
            (has.Features.ShaderInt16, "16-bit integers in shaders"),
            (has13.Maintenance4, "maintenance4"),
            (has13.Synchronization2 && has13.SubgroupSizeControl && has13.ComputeFullSubgroups, "synchronization2 or subgroups of a stated size"),
        ];
        return needs.Where(n => !n.There).Select(n => $"lacks {n.What}; a newer driver may have it").FirstOrDefault();
    }

    private (MatrixUnit Unit, string[] Shapes) FindMatrixUnit(VulkanInstance instance, PhysicalDevice device)
    {
        if (Extensions.Contains("VK_KHR_cooperative_matrix"))
        {
            var all = Query(instance, device, "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR",
                new CooperativeMatrixPropertiesKHR { SType = StructureType.CooperativeMatrixPropertiesKhr });
            var fits = all.Any(p => p is
            {
                MSize: 16, NSize: 16, KSize: 16, AType: ComponentTypeKHR.Float16Khr, BType: ComponentTypeKHR.Float16Khr,
                CType: ComponentTypeKHR.Float32Khr, ResultType: ComponentTypeKHR.Float32Khr, Scope: ScopeKHR.SubgroupKhr,
            });
            string[] shapes = [.. all.Select(p => $"{p.MSize}x{p.NSize}x{p.KSize} {p.AType} {p.BType} into {p.ResultType}, {p.Scope}")];
            if (fits)
            {
                return (MatrixUnit.Khronos, shapes);
            }
        }

        if (Extensions.Contains("VK_NV_cooperative_matrix"))
        {
            var all = Query(instance, device, "vkGetPhysicalDeviceCooperativeMatrixPropertiesNV",
                new CooperativeMatrixPropertiesNV { SType = StructureType.CooperativeMatrixPropertiesNV });
            var fits = all.Any(p => p is
            {
                MSize: 16, NSize: 16, KSize: 16, AType: (ComponentTypeNV)ComponentTypeKHR.Float16Khr,
                CType: (ComponentTypeNV)ComponentTypeKHR.Float32Khr, DType: (ComponentTypeNV)ComponentTypeKHR.Float32Khr,
            });
            return (fits ? MatrixUnit.Nvidia : MatrixUnit.None, [.. all.Select(p => $"{p.MSize}x{p.NSize}x{p.KSize} {p.AType} into {p.DType}")]);
        }

        return (MatrixUnit.None, []);
    }

    private static T[] Query<T>(VulkanInstance instance, PhysicalDevice device, string function, T empty)
        where T : unmanaged
    {
        var query = (delegate* unmanaged<PhysicalDevice, uint*, T*, Result>)instance.Function(function);
        if (query == null)
        {
            return [];
        }

        uint count = 0;
        query(device, &count, null);
        var all = new T[count];
        Array.Fill(all, empty);
        fixed (T* p = all)
        {
            query(device, &count, p);
        }

        return all;
    }
}
