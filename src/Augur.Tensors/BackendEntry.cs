namespace Augur.Tensors;

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
    /// Whether linear maps with quantised weights multiply integers, for which what they read is rounded to 16 bits; only for backends with
    /// <see cref="BackendEntry.HasIntegerProducts"/>. Default: false.
    /// </summary>
    public bool IntegerProducts { get; init; }

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
    Func<IReadOnlyList<BackendDevice>> Devices, Func<int, BackendSettings, IBackend> Open)
{
    /// <summary>Whether products of integers can be chosen (<see cref="BackendSettings.IntegerProducts"/>). Default: false.</summary>
    public bool HasIntegerProducts { get; init; }
}

/// <summary>Something a backend can compute on.</summary>
/// <param name="Choice">The text by which it is chosen: <c>vulkan:0</c>.</param>
/// <param name="Name">As it calls itself.</param>
/// <param name="Kind">What it is, such as «discrete graphics card», and its driver.</param>
/// <param name="MemoryBytes">Bytes of its memory; null if unknown.</param>
/// <param name="Abilities">What matters for speed and precision.</param>
/// <param name="Refusal">Why it cannot be used, as the end of a sentence that begins with its name; null if it can.</param>
public sealed record BackendDevice(string Choice, string Name, string Kind, long? MemoryBytes, string Abilities, string? Refusal);
