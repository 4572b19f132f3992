using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;
using Augur.Vulkan;

namespace Augur.Catalogs;

/// <summary>Options for opening a backend; those that are null are left to the backend.</summary>
public sealed record BackendSettings
{
    /// <summary>Threads that share one operation, 1 to 1024; only for backends with threads. Default: one per core.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// The most bytes that tensors and weights may take together, at least 1. Default: no limit besides the memory of the device or operating system.
    /// </summary>
    public long? MemoryBudget { get; init; }

    /// <summary>
    /// The most bytes of weights that stay on the device, at least 1; those beyond are copied for each use. Only for devices with memory of their
    /// own. Default: all stay, so that weights that do not fit are an error.
    /// </summary>
    public long? WeightBudget { get; init; }

    /// <summary>
    /// Type in which products multiply, Float32 or Float16, where a backend has the choice. Default: Float32, which decides as other backends do.
    /// </summary>
    public DType? ProductPrecision { get; init; }

    /// <summary>
    /// Type of what one operation of a layer hands to the next: Float32, Float16 or BFloat16. Default: that of the products, which is Float32 unless
    /// something else was asked for.
    /// </summary>
    public DType? ActivationType { get; init; }
}

/// <summary>A kind of backend.</summary>
/// <param name="Name">The name by which it is chosen: <c>cpu</c>.</param>
/// <param name="Description">One sentence for a list.</param>
/// <param name="HasDevices">Whether it may be chosen with a device number, as in <c>name:0</c>.</param>
/// <param name="HasThreads">Whether a number of threads can be chosen.</param>
/// <param name="HasDeviceOptions">Whether a budget of weights and the precision of products can be chosen.</param>
/// <param name="Devices">Lists what it can compute on, in the order of the device numbers.</param>
/// <param name="Open">Opens the backend on a device number (0 if there is only one) with the given settings.</param>
public sealed record BackendEntry(string Name, string Description, bool HasDevices, bool HasThreads, bool HasDeviceOptions,
    Func<IReadOnlyList<BackendDevice>> Devices, Func<int, BackendSettings, IBackend> Open);

/// <summary>Something a backend can compute on.</summary>
/// <param name="Choice">The text by which it is chosen: <c>vulkan:0</c>.</param>
/// <param name="Name">As it calls itself.</param>
/// <param name="Kind">What it is, such as «discrete graphics card», and its driver.</param>
/// <param name="MemoryBytes">Bytes of its memory; null if unknown.</param>
/// <param name="Abilities">What matters for speed and precision.</param>
/// <param name="Refusal">Why it cannot be used, as the end of a sentence that begins with its name; null if it can.</param>
public sealed record BackendDevice(string Choice, string Name, string Kind, long? MemoryBytes, string Abilities, string? Refusal);

/// <summary>The catalog of backends, by name. No other code names a concrete backend.</summary>
public static class BackendCatalog
{
    /// <summary>Name of the default backend.</summary>
    public const string Default = "cpu";

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
                };
                return new CpuBackend(settings.Threads is { } threads ? options with { Threads = threads } : options);
            }),
        new(
            "reference",
            "Plain loops summed in double precision: slow, and what the others are tested against.",
            HasDevices: false,
            HasThreads: false,
            HasDeviceOptions: false,
            () => [Host("reference", "plain loops", "double sums")],
            (_, settings) => new ReferenceBackend(settings.MemoryBudget, settings.ActivationType ?? DType.Float32)),
        new(
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
            })),
    ];

    /// <summary>Splits <c>name</c> or <c>name:number</c> into the backend and the device number.</summary>
    /// <exception cref="ArgumentException">There is no such backend, or the device number is invalid; the message lists the backends.</exception>
    public static (BackendEntry Entry, int Device) Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var (name, number) = text.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0 ? (text[..colon], text[(colon + 1)..]) : (text, null);
        var entry = All.FirstOrDefault(e => e.Name == name)
            ?? throw new ArgumentException($"There is no device '{text}'; it can be {string.Join(", ", All.Select(Shown))}.");
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

        return entry.Open(device, settings);
    }

    private static BackendDevice Host(string choice, string kind, string abilities) =>
        new(choice, "the processor", kind, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, abilities, null);

    private static string Shown(BackendEntry entry) => entry.HasDevices ? $"{entry.Name}:N" : entry.Name;
}
