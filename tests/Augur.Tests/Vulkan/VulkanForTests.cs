using Augur.Vulkan;

namespace Augur.Tests.Vulkan;

/// <summary>
/// The Vulkan device that the tests compute on: the first there is, a software driver too. It stays open, so that each kernel is compiled once.
/// </summary>
internal static class VulkanForTests
{
    /// <summary>With any value, a machine without a usable device is a failure instead of a reason to skip.</summary>
    public const string RequireVariable = "AUGUR_REQUIRE_VULKAN";

    private static readonly Lazy<(VulkanDevice? Device, string? Reason)> s_found = new(() =>
    {
        try
        {
            return (VulkanDevice.Open(), null);
        }
        catch (PlatformNotSupportedException e)
        {
            return (null, e.Message);
        }
    });

    private static readonly Lazy<VulkanDevice> s_emulated = new(() => VulkanDevice.Open(0, MatrixUnit.Emulated));

    public static bool IsThere => s_found.Value.Device is not null;

    public static bool IsRequired => Environment.GetEnvironmentVariable(RequireVariable) is { Length: > 0 };

    public static VulkanDevice Device => s_found.Value.Device
        ?? throw new InvalidOperationException($"{RequireVariable} asks for a Vulkan device. {s_found.Value.Reason}");

    /// <summary>The same device with the kernels of matrix units, emulated.</summary>
    public static VulkanDevice Emulated => IsThere ? s_emulated.Value : Device;

    /// <summary>Why tests that need a device are skipped; null where they run.</summary>
    public static string? SkipReason => IsThere || IsRequired ? null
        : $"Not run: {s_found.Value.Reason} On Debian and Ubuntu the packages libvulkan1 and mesa-vulkan-drivers bring a software driver.";
}

/// <summary>A test that needs a Vulkan device: skipped with a sentence where there is none, unless one is required.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VulkanFactAttribute : FactAttribute
{
    public VulkanFactAttribute() => Skip = VulkanForTests.SkipReason;
}

/// <summary>A table of tests that needs a Vulkan device.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VulkanTheoryAttribute : TheoryAttribute
{
    public VulkanTheoryAttribute() => Skip = VulkanForTests.SkipReason;
}

/// <summary>A test with Mesa's driver of real cards on a machine that has none: the loader finds a driver and no device.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class IdleDriverFactAttribute : FactAttribute
{
    public const string Driver = "/usr/share/vulkan/icd.d/radeon_icd.x86_64.json";

    public IdleDriverFactAttribute() => Skip = VulkanForTests.SkipReason
        ?? (!File.Exists(Driver) ? $"Not run: {Driver} of Mesa is not there."
            : Directory.Exists("/dev/dri") ? "Not run: this machine has a device that Mesa's driver may find." : null);
}
