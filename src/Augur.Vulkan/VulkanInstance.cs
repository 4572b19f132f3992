using System.Runtime.InteropServices;
using Silk.NET.Core.Loader;
using Silk.NET.Vulkan;

namespace Augur.Vulkan;

/// <summary>The connection to the Vulkan loader, and the devices behind it, the fastest kinds first.</summary>
internal sealed unsafe class VulkanInstance : IDisposable
{
    /// <summary>
    /// Held while an instance or device is opened or closed and while kernels are compiled, whatever devices ask: drivers share state of the process
    /// among devices. Mesa 22's software driver sets its own up without a lock when the first is opened, and has crashed once in a process that
    /// opened several.
    /// </summary>
    public static readonly Lock Driver = new();

    private readonly Instance _instance;
    private readonly PhysicalDevice[] _devices;

    /// <exception cref="PlatformNotSupportedException">There is no loader, no driver or no device.</exception>
    public VulkanInstance()
    {
        try
        {
            Vk = Vk.GetApi();
        }
        catch (Exception e) when (e is FileNotFoundException or DllNotFoundException or SymbolLoadingException)
        {
            throw new PlatformNotSupportedException(
                "No Vulkan loader was found (libvulkan.so.1, vulkan-1.dll): install the graphics driver, or on Linux the package libvulkan1 too.", e);
        }

        var application = new ApplicationInfo { SType = StructureType.ApplicationInfo, ApiVersion = Vk.Version13 };
        var info = new InstanceCreateInfo { SType = StructureType.InstanceCreateInfo, PApplicationInfo = &application };
        using var alone = Driver.EnterScope();
        var result = Vk.CreateInstance(&info, null, out _instance);
        if (result != Result.Success)
        {
            Vk.Dispose();
            throw new PlatformNotSupportedException(result == Result.ErrorIncompatibleDriver
                ? "The Vulkan loader found no driver: install that of the graphics card."
                : $"Vulkan could not be started: the loader says {result}.");
        }

        uint count = 0;
        Vk.EnumeratePhysicalDevices(_instance, &count, null);
        var all = new PhysicalDevice[count];
        fixed (PhysicalDevice* p = all)
        {
            Vk.EnumeratePhysicalDevices(_instance, &count, p);
        }

        if (count == 0)
        {
            Dispose();
            throw new PlatformNotSupportedException(
                "The Vulkan loader found a driver, but no device that it drives: install the driver of the graphics card that is there.");
        }

        _devices = [.. all.OrderBy(d => Rank(Vk.GetPhysicalDeviceProperties(d).DeviceType))];
    }

    public Vk Vk { get; }

    /// <summary>At least one.</summary>
    public IReadOnlyList<PhysicalDevice> Devices => _devices;

    public Instance Handle => _instance;

    /// <summary>A function that the loader knows by name only; null if it does not.</summary>
    public void* Function(string name) => (void*)Vk.GetInstanceProcAddr(_instance, name);

    public string NameOf(PhysicalDevice device)
    {
        var properties = Vk.GetPhysicalDeviceProperties(device);
        return Text(properties.DeviceName);
    }

    public void Dispose()
    {
        lock (Driver)
        {
            Vk.DestroyInstance(_instance, null);
        }

        Vk.Dispose();
    }

    internal static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "";

    private static int Rank(PhysicalDeviceType type) => type switch
    {
        PhysicalDeviceType.DiscreteGpu => 0,
        PhysicalDeviceType.IntegratedGpu => 1,
        PhysicalDeviceType.VirtualGpu => 2,
        _ => 3,
    };
}
