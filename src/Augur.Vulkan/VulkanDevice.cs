using Silk.NET.Core.Native;
using Silk.NET.Vulkan;

namespace Augur.Vulkan;

/// <summary>
/// An open Vulkan 1.3 device with one compute queue and the kernels compiled for it. One or more <see cref="VulkanBackend"/>s compute on it, each
/// with memory and a sequence of work of its own.
/// </summary>
public sealed unsafe class VulkanDevice : IDisposable
{
    private readonly VulkanInstance _instance;
    private readonly Lock _submitting = new();
    private uint _transferIndex;
    private string _doing = "opening the device";
    private bool _disposed;

    private VulkanDevice(VulkanInstance instance, DeviceProperties properties, MatrixUnit unit)
    {
        (_instance, Properties, Unit) = (instance, properties, unit);
        Name = $"{properties.Name}{(properties.Kind == PhysicalDeviceType.Cpu ? ", a software driver on the processor" : "")}";
        QueueFamily = ChooseQueueFamily();
        Logical = CreateDevice();
        Vk.GetDeviceQueue(Logical, QueueFamily, 0, out var queue);
        Vk.GetDeviceQueue(Logical, TransferFamily, _transferIndex, out var transfers);
        (Queue, TransferQueue) = (queue, transfers);
        Kernels = new VulkanKernels(this);
    }

    /// <summary>The device's name; that of a software driver says that it is one.</summary>
    public string Name { get; }

    internal Vk Vk => _instance.Vk;

    internal DeviceProperties Properties { get; }

    /// <summary>How products in half precision are computed here.</summary>
    internal MatrixUnit Unit { get; }

    internal Device Logical { get; }

    internal Queue Queue { get; }

    internal uint QueueFamily { get; }

    /// <summary>
    /// Where weights are copied while others are used: an engine for copies alone, or a second queue of those that compute, or else the only queue.
    /// </summary>
    internal Queue TransferQueue { get; }

    internal uint TransferFamily { get; private set; }

    internal VulkanKernels Kernels { get; }

    /// <summary>For tests: what a call of the driver is to answer instead, by the call's name; null: what it answers.</summary>
    internal Func<string, Result?>? Fault { get; set; }

    /// <summary>The devices there are, the fastest kinds first, those that cannot be used too.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no loader, driver or device; the message says what to install.</exception>
    public static IReadOnlyList<VulkanDeviceDescription> List()
    {
        using var instance = new VulkanInstance();
        return [.. instance.Devices.Select((device, i) => new DeviceProperties(instance, device).Describe(i))];
    }

    /// <summary>Opens a device; the caller disposes it, after all backends on it.</summary>
    /// <param name="index">As in <see cref="List"/>.</param>
    /// <exception cref="PlatformNotSupportedException">There is no loader, driver or device, or the device lacks what is needed.</exception>
    /// <exception cref="ArgumentException">There is no device of that number; the message lists those there are.</exception>
    public static VulkanDevice Open(int index = 0) => Open(index, null);

    internal static VulkanDevice Open(int index, MatrixUnit? unit)
    {
        var instance = new VulkanInstance();
        try
        {
            if (index < 0 || index >= instance.Devices.Count)
            {
                var names = instance.Devices.Select((device, i) => $"{i} is {instance.NameOf(device)}");
                throw new ArgumentException($"There is no Vulkan device {index}; {string.Join(", ", names)}.");
            }

            var properties = new DeviceProperties(instance, instance.Devices[index]);
            return properties.Refusal is { } refusal
                ? throw new PlatformNotSupportedException($"{properties.Name} cannot be used: it {refusal}.")
                : new VulkanDevice(instance, properties, unit ?? properties.Unit);
        }
        catch
        {
            instance.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            lock (VulkanInstance.Driver)
            {
                Kernels.Dispose();
                Vk.DestroyDevice(Logical, null);
            }

            _instance.Dispose();
        }
    }

    /// <summary>What the device is asked to do next; part of the message if it fails meanwhile.</summary>
    internal void Doing(string what) => _doing = what;

    /// <summary>Makes an exception of a failure: memory and a lost device have their own, which callers can act upon.</summary>
    internal void Check(Result result)
    {
        switch (result)
        {
            case Result.Success or Result.Timeout or Result.NotReady or Result.Incomplete:
                return;
            case Result.ErrorDeviceLost:
                throw new BackendLostException($"vulkan ({Name})", $"the driver gave it up during or shortly before {_doing}, because of a fault, or "
                    + "because one piece of work outlasted the system's limit");
            case Result.ErrorOutOfDeviceMemory or Result.ErrorOutOfHostMemory:
                throw new DriverMemoryException($"The driver of {Name} has no memory left for {_doing} ({result}).");
            default:
                throw new InvalidOperationException($"vulkan ({Name}) failed in {_doing}: the driver answered {result}.");
        }
    }

    internal void CheckCall(string call, Result result) => Check(Fault?.Invoke(call) ?? result);

    /// <summary>Hands work to the queue, which takes one caller at a time.</summary>
    internal void Submit(Queue queue, in SubmitInfo2 info)
    {
        lock (_submitting)
        {
            // What a test lets fail is not submitted: it would run on while whoever heard of the failure releases what it uses.
            Check(Fault?.Invoke("vkQueueSubmit2") ?? Vk.QueueSubmit2(queue, 1, in info, default));
        }
    }

    internal uint FindMemoryType(uint allowed, MemoryPropertyFlags required, MemoryPropertyFlags wished)
    {
        var memory = Properties.Memory;
        foreach (var flags in (ReadOnlySpan<MemoryPropertyFlags>)[required | wished, required])
        {
            for (var i = 0; i < (int)memory.MemoryTypeCount; i++)
            {
                if (((allowed >> i) & 1) != 0 && (memory.MemoryTypes[i].PropertyFlags & flags) == flags)
                {
                    return (uint)i;
                }
            }
        }

        throw new PlatformNotSupportedException($"{Name} has no memory that is {required}.");
    }

    // A compute family without graphics leaves the desktop's queue alone; any compute family will do.
    private uint ChooseQueueFamily()
    {
        uint count = 0;
        Vk.GetPhysicalDeviceQueueFamilyProperties(Properties.Device, &count, null);
        var all = new QueueFamilyProperties[count];
        fixed (QueueFamilyProperties* p = all)
        {
            Vk.GetPhysicalDeviceQueueFamilyProperties(Properties.Device, &count, p);
        }

        var at = Array.FindIndex(all, f => f.QueueFlags.HasFlag(QueueFlags.ComputeBit) && !f.QueueFlags.HasFlag(QueueFlags.GraphicsBit));
        at = at >= 0 ? at : Array.FindIndex(all, f => f.QueueFlags.HasFlag(QueueFlags.ComputeBit));
        HasTimestamps = at >= 0 && all[at].TimestampValidBits > 0 && Properties.Limits.TimestampPeriod > 0;
        if (at < 0)
        {
            throw new PlatformNotSupportedException($"{Name} has no queue that computes.");
        }

        const QueueFlags Others = QueueFlags.ComputeBit | QueueFlags.GraphicsBit;
        var copies = Array.FindIndex(all, f => f.QueueFlags.HasFlag(QueueFlags.TransferBit) && (f.QueueFlags & Others) == 0);
        TransferFamily = (uint)(copies >= 0 ? copies : at);
        _transferIndex = copies < 0 && all[at].QueueCount > 1 ? 1u : 0;
        return (uint)at;
    }

    /// <summary>Whether the queue can write down when work began and ended.</summary>
    internal bool HasTimestamps { get; private set; }

    // Only what is used is enabled: some drivers slow down under features such as robust access.
    private Device CreateDevice()
    {
        var khr = new PhysicalDeviceCooperativeMatrixFeaturesKHR
        {
            SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesKhr,
            CooperativeMatrix = true,
        };
        var nv = new PhysicalDeviceCooperativeMatrixFeaturesNV
        {
            SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesNV,
            CooperativeMatrix = true,
        };
        void* matrix = Unit switch { MatrixUnit.Khronos => &khr, MatrixUnit.Nvidia => &nv, _ => null };
        var use13 = new PhysicalDeviceVulkan13Features
        {
            SType = StructureType.PhysicalDeviceVulkan13Features,
            PNext = matrix,
            Synchronization2 = true,
            SubgroupSizeControl = true,
            ComputeFullSubgroups = true,
            Maintenance4 = true, // sizes of workgroups are constants that are given when a kernel is compiled
        };
        var use12 = new PhysicalDeviceVulkan12Features
        {
            SType = StructureType.PhysicalDeviceVulkan12Features,
            PNext = &use13,
            BufferDeviceAddress = true,
            TimelineSemaphore = true,
            ScalarBlockLayout = true,
            ShaderFloat16 = true,
            VulkanMemoryModel = matrix != null,
        };
        var use11 = new PhysicalDeviceVulkan11Features
        {
            SType = StructureType.PhysicalDeviceVulkan11Features,
            PNext = &use12,
            StorageBuffer16BitAccess = true,
        };
        var use = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = &use11 };
        use.Features.ShaderInt16 = true;
        string[] wanted = Unit switch
        {
            MatrixUnit.Khronos => ["VK_KHR_cooperative_matrix"],
            MatrixUnit.Nvidia => ["VK_NV_cooperative_matrix"],
            _ => [],
        };
        var names = (byte**)SilkMarshal.StringArrayToPtr(wanted);
        var priorities = stackalloc float[] { 1, 1 };
        var queues = stackalloc DeviceQueueCreateInfo[2];
        queues[0] = new DeviceQueueCreateInfo
        {
            SType = StructureType.DeviceQueueCreateInfo,
            QueueFamilyIndex = QueueFamily,
            QueueCount = 1 + _transferIndex,
            PQueuePriorities = priorities,
        };
        queues[1] = queues[0] with { QueueFamilyIndex = TransferFamily, QueueCount = 1 };
        var info = new DeviceCreateInfo
        {
            SType = StructureType.DeviceCreateInfo,
            PNext = &use,
            QueueCreateInfoCount = TransferFamily == QueueFamily ? 1u : 2,
            PQueueCreateInfos = queues,
            EnabledExtensionCount = (uint)wanted.Length,
            PpEnabledExtensionNames = names,
        };
        try
        {
            using var alone = VulkanInstance.Driver.EnterScope();
            Check(Vk.CreateDevice(Properties.Device, &info, null, out var device));
            return device;
        }
        finally
        {
            SilkMarshal.Free((nint)names);
        }
    }
}

/// <summary>The driver's word that memory is short; the pool makes the backend's exception of it, with its numbers.</summary>
internal sealed class DriverMemoryException(string message) : Exception(message);
