using System.Globalization;
using Augur.Tensors;
using Augur.Tensors.Cpu;
using Augur.Tensors.Reference;

namespace Augur.Catalogs;

/// <summary>How a backend is opened; what is not given is the backend's own choice.</summary>
public sealed record BackendSettings
{
    /// <summary>Threads that work together on one operation, 1 to 1024, of a backend that has threads. Default: all cores.</summary>
    public int? Threads { get; init; }

    /// <summary>
    /// The most bytes that tensors and weights may take together, at least 1. Default: what the device or the operating system gives.
    /// </summary>
    public long? MemoryBudget { get; init; }
}

/// <summary>A kind of backend.</summary>
/// <param name="Name">As it is asked for.</param>
/// <param name="Description">One sentence for a list.</param>
/// <param name="HasDevices">Whether a number says which of several devices is meant, as in <c>name:0</c>.</param>
/// <param name="HasThreads">Whether a number of threads can be chosen.</param>
/// <param name="Open">Opens it on a device (0 where there is one only).</param>
public sealed record BackendEntry(string Name, string Description, bool HasDevices, bool HasThreads, Func<int, BackendSettings, IBackend> Open);

/// <summary>The backends by name: the one place that knows which there are.</summary>
public static class BackendCatalog
{
    /// <summary>The name of the backend that is used where none is asked for.</summary>
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

    /// <summary>What a text asks for: a name, or name:number for one of several devices.</summary>
    /// <exception cref="ArgumentException">There is no such backend, or its number is none; the message says what there is.</exception>
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
    /// <param name="text">As <see cref="Parse"/> takes it.</param>
    /// <param name="settings">How; null: the backend's own choice.</param>
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
