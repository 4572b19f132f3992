using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

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
}

/// <summary>A kind of backend.</summary>
/// <param name="Name">The name by which it is chosen: <c>cpu</c>.</param>
/// <param name="Description">One sentence for a list.</param>
/// <param name="HasDevices">Whether it may be chosen with a device number, as in <c>name:0</c>.</param>
/// <param name="HasThreads">Whether a number of threads can be chosen.</param>
/// <param name="Open">Opens the backend on a device number (0 if there is only one) with the given settings.</param>
public sealed record BackendEntry(string Name, string Description, bool HasDevices, bool HasThreads, Func<int, BackendSettings, IBackend> Open);

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
            (_, settings) =>
            {
                var options = new CpuOptions { MemoryBudget = settings.MemoryBudget };
                return new CpuBackend(settings.Threads is { } threads ? options with { Threads = threads } : options);
            }),
        new(
            "reference",
            "Plain loops summed in double precision: slow, and what the others are tested against.",
            HasDevices: false,
            HasThreads: false,
            (_, settings) => new ReferenceBackend(settings.MemoryBudget)),
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
        return settings.Threads is { } threads && !entry.HasThreads
            ? throw new ArgumentException($"The device '{entry.Name}' has no threads to choose, so {threads} cannot be asked for.")
            : entry.Open(device, settings);
    }

    private static string Shown(BackendEntry entry) => entry.HasDevices ? $"{entry.Name}:N" : entry.Name;
}
