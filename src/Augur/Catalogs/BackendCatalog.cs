using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Catalogs;

/// <summary>
/// The catalog of backends, by name: the processor's, and graphics cards where the program has the package Augur.Vulkan. No other code names a
/// concrete backend.
/// </summary>
public static class BackendCatalog
{
    /// <summary>Name of the default backend.</summary>
    public const string Default = "cpu";

    private const string OfPackage = "; the package Augur.Vulkan adds vulkan:N, graphics cards";

    /// <summary>All kinds of backends.</summary>
    public static IReadOnlyList<BackendEntry> All { get; } =
    [
        new(
            "cpu",
            "The processor, with the widest vector instructions it has, on all cores.",
            HasDevices: false,
            HasThreads: true,
            HasDeviceOptions: false,
            () => [Host("cpu", $"vectors: {CpuOptions.Widest}", $"{Environment.ProcessorCount} cores")],
            (_, settings) =>
            {
                var options = new CpuOptions
                {
                    MemoryBudget = settings.MemoryBudget,
                    ActivationType = settings.ActivationType ?? DType.Float32,
                    IntegerProducts = settings.IntegerProducts,
                };
                return new CpuBackend(settings.Threads is { } threads ? options with { Threads = threads } : options);
            })
        {
            HasIntegerProducts = true,
        },
        new(
            "reference",
            "Plain loops summed in double precision: slow, and what the others are tested against.",
            HasDevices: false,
            HasThreads: false,
            HasDeviceOptions: false,
            () => [Host("reference", "plain loops", "double sums")],
            (_, settings) => new ReferenceBackend(settings.MemoryBudget, settings.ActivationType ?? DType.Float32)),
        .. Referenced(),
    ];

    /// <summary>Splits <c>name</c> or <c>name:number</c> into the backend and the device number.</summary>
    /// <exception cref="ArgumentException">There is no such backend, or the device number is invalid; the message lists the backends.</exception>
    public static (BackendEntry Entry, int Device) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, number) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? (text[..colon], text[(colon + 1)..]) : (text, null);
        var entry = All.FirstOrDefault(e => e.Name == name)
            ?? throw new ArgumentException(
                $"There is no device '{text}'; it can be {string.Join(", ", All.Select(Shown))}{(All.Any(e => e.HasDevices) ? "" : OfPackage)}.");
        if (number is null)
        {
            return (entry, 0);
        }

        if (!entry.HasDevices)
        {
            throw new ArgumentException($"There is one device '{entry.Name}' only, so '{text}' is none.");
        }

        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var device) ? (entry, device)
            : throw new ArgumentException($"Of '{text}' the part behind the colon is no number of a device, which begin at 0.");
    }

    /// <summary>Opens a backend; the caller disposes it.</summary>
    /// <param name="text">Name, or name:number, as for <see cref="Parse"/>.</param>
    /// <param name="settings">Options; null: the backend's defaults.</param>
    /// <exception cref="ArgumentException">There is no such backend, or a setting does not fit it.</exception>
    public static IBackend Open(string text = Default, BackendSettings? settings = null)
    {
        var (entry, device) = Parse(text);
        settings ??= new BackendSettings();
        if (settings.Threads is { } threads && !entry.HasThreads)
        {
            throw new ArgumentException($"The device '{entry.Name}' has no threads to choose, so {threads} cannot be asked for.");
        }

        if (!entry.HasDeviceOptions && (settings.WeightBudget is not null || (settings.ProductPrecision ?? DType.Float32) != DType.Float32))
        {
            throw new ArgumentException(settings.WeightBudget is { } bytes
                ? $"The device '{entry.Name}' has no memory of its own, so that {bytes} bytes of weights cannot be its limit."
                : $"The device '{entry.Name}' multiplies in Float32, so {settings.ProductPrecision} cannot be asked for.");
        }

        if (settings.IntegerProducts && !entry.HasIntegerProducts)
        {
            throw new ArgumentException($"The device '{entry.Name}' does not multiply integers, so that Int16 products cannot be asked for.");
        }

        return entry.Open(device, settings);
    }

    // Found by name, so that a program without it carries no declarations of Vulkan; a literal, so that trimming keeps it where it is there.
    private static BackendEntry[] Referenced() =>
        Type.GetType("Augur.Vulkan.VulkanEntry, Augur.Vulkan")?.GetProperty("Entry")?.GetValue(null) is BackendEntry entry ? [entry] : [];

    private static BackendDevice Host(string choice, string kind, string abilities) =>
        new(choice, "the processor", kind, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, abilities, null);

    private static string Shown(BackendEntry entry) => entry.HasDevices ? $"{entry.Name}:N" : entry.Name;
}
