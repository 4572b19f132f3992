using System.Runtime.InteropServices;
using Silk.NET.Vulkan;

namespace Augur.Vulkan;

/// <summary>
/// Computes on a graphics card through Vulkan. Calls queue work and return; only <see cref="Synchronize"/> and <see cref="Download"/> wait.
/// Numbers agree with those of the other backends to a few units in the last place (single precision; see
/// <see cref="VulkanOptions.ProductPrecision"/>), and are the same bits on one device and driver, whatever else stands in the batch.
/// </summary>
/// <remarks>Never computes on the host in the device's place: what a device cannot do is an error.</remarks>
public sealed partial class VulkanBackend : IBackend
{
    private const uint Threads = 256;

    private readonly bool _ownsDevice;
    private readonly VulkanQueue _queue;
    private readonly DeviceBlock _faults;
    private bool _disposed;

    /// <summary>Opens a backend on a device that it closes in the end.</summary>
    /// <param name="device">Number of the device, as in <see cref="VulkanDevice.List"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="PlatformNotSupportedException">There is no driver or device, or it lacks what is needed.</exception>
    /// <exception cref="ArgumentException">There is no device of that number, or an option is out of range.</exception>
    public VulkanBackend(int device = 0, VulkanOptions? options = null)
        : this(VulkanDevice.Open(device), options, ownsDevice: true)
    {
    }

    /// <summary>Opens a backend on a device, which may have others.</summary>
    /// <param name="device">Stays open when the backend is disposed.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the device has no matrix unit for the products asked for.</exception>
    public VulkanBackend(VulkanDevice device, VulkanOptions? options = null)
        : this(device, options, ownsDevice: false)
    {
    }

    internal VulkanBackend(VulkanDevice device, VulkanOptions? options, bool ownsDevice, int? shuffle = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        (Device, Options, _ownsDevice) = (device, options ?? new VulkanOptions(), ownsDevice);
        try
        {
            Require(Options.MemoryBudget, "A memory budget");
            Require(Options.WeightBudget, "A budget of weights");
            UsesMatrixUnit = Options.ProductPrecision switch
            {
                DType.Float32 => false,
                DType.Float16 when device.Unit != MatrixUnit.None => true,
                DType.Float16 => throw new PlatformNotSupportedException(
                    $"{device.Properties.Name} has no matrix unit that the kernels know, so that products cannot be Float16 on it; "
                    + "Float32 is possible."),
                var other => throw new ArgumentException($"Products are Float32 or Float16, not {other}."),
            };
            var activations = (Options.ActivationType ?? Options.ProductPrecision).RequiredActivation();
            Name = $"vulkan ({device.Name}{(UsesMatrixUnit ? ", Float16 products" : "")}{activations.ActivationWords()})";
            Memory = new VulkanMemory(device, Name, Options.MemoryBudget);
            _queue = new VulkanQueue(device, shuffle: shuffle);
            Memory.WaitForIdle = _queue.Synchronize;
            _faults = new DeviceBlock(device, 256, MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit);
            FaultWord = 0;
            Capabilities = new BackendCapabilities(
                IsBatchInvariant: true,
                ProductPrecision: UsesMatrixUnit ? DType.Float16 : DType.Float32,
                ActivationType: activations,
                TotalMemory: device.Properties.HeapBytes);
        }
        catch
        {
            _queue?.Dispose();
            if (ownsDevice)
            {
                device.Dispose();
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public BackendCapabilities Capabilities { get; }

    /// <inheritdoc/>
    public bool HasIntegerWeights => false;

    /// <summary>The options it was opened with.</summary>
    public VulkanOptions Options { get; }

    /// <summary>The device.</summary>
    public VulkanDevice Device { get; }

    /// <inheritdoc/>
    public long BytesInUse => Memory.BytesInUse;

    /// <inheritdoc/>
    public long PeakBytesInUse => Memory.PeakBytesInUse;

    /// <inheritdoc/>
    /// <remarks>Without the few blocks of host memory through which copies pass.</remarks>
    public long BytesReserved => Memory.BytesReserved;

    /// <inheritdoc/>
    public long BytesAvailable => Math.Max(0, (Memory.Budget ?? Device.Properties.HeapBytes) - BytesInUse);

    internal VulkanMemory Memory { get; }

    internal VulkanQueue Queue => _queue;

    /// <summary>Whether linear maps and attention multiply halves on the matrix unit.</summary>
    internal bool UsesMatrixUnit { get; }

    private unsafe uint FaultWord
    {
        get => *(uint*)_faults.Mapped;
        set => *(uint*)_faults.Mapped = value;
    }

    /// <inheritdoc/>
    public void ResetPeak() => Memory.ResetPeak();

    /// <inheritdoc/>
    public void Trim()
    {
        TrimStreamed();
        Memory.Trim();
        _queue.Trim();
    }

    /// <inheritdoc/>
    public void Synchronize() => _queue.Synchronize();

    /// <inheritdoc/>
    public TensorBuffer Rent(long byteCount) => new VulkanBuffer(this, Memory.Rent(byteCount));

    /// <inheritdoc/>
    public void Upload(ReadOnlySpan<byte> source, Tensor destination)
    {
        var buffer = Own(destination, nameof(Upload));
        _queue.Upload(source, buffer.Span, destination.Offset * destination.Type.Size());
        if (destination.Type == DType.Int32)
        {
            buffer.Indices = destination.Offset == 0 ? MemoryMarshal.Cast<byte, int>(source).ToArray() : null;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">An earlier operation met an index outside of what it indexes.</exception>
    public void Download(ReadOnlySpan<Tensor> sources, Span<byte> destination)
    {
        var parts = new (DeviceSpan Span, long At, long Bytes)[sources.Length];
        var dense = new List<DeviceSpan>();
        try
        {
            for (var i = 0; i < parts.Length; i++)
            {
                var source = sources[i];
                var buffer = Own(source, nameof(Download));
                if (source.IsDense)
                {
                    parts[i] = (buffer.Span, source.Offset * source.Type.Size(), source.ByteCount);
                    continue;
                }

                var copy = Memory.Rent(source.ByteCount);
                dense.Add(copy);
                var x = View(source, nameof(Download));
                Move(x, x with { Address = copy.Address, Stride = x.Columns });
                parts[i] = (copy, 0, source.ByteCount);
            }

            _queue.Download([.. parts.Where(p => p.Bytes > 0)], destination);
        }
        finally
        {
            dense.ForEach(Memory.Return);
        }

        var at = 0;
        foreach (var source in sources)
        {
            if (source.Type == DType.Float64)
            {
                Join(destination.Slice(at, (int)source.ByteCount));
            }

            at += (int)source.ByteCount;
        }

        if (FaultWord != 0)
        {
            FaultWord = 0;
            throw new ArgumentOutOfRangeException(
                nameof(sources), $"{Name}: an earlier operation had a table with an index that is not below what it indexes.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        _stream?.Dispose();
        _queue.Dispose();
        _faults.Destroy();
        Memory.Dispose();
        if (_ownsDevice)
        {
            Device.Dispose();
        }
    }

    // On the device a sum is two singles, and the host wants one double.
    private static void Join(Span<byte> pairs)
    {
        var singles = MemoryMarshal.Cast<byte, float>(pairs);
        var doubles = MemoryMarshal.Cast<byte, double>(pairs);
        for (var i = 0; i < doubles.Length; i++)
        {
            doubles[i] = (double)singles[2 * i] + singles[(2 * i) + 1];
        }
    }

    private static void Require(long? budget, string what)
    {
        if (budget is < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(budget), $"{what} begins at 1 byte, not {budget}.");
        }
    }

    private VulkanBuffer Own(Tensor x, string operation) => x.Buffer is VulkanBuffer buffer && buffer.Owner == this ? buffer
        : throw new ArgumentException($"{operation}: a tensor of another backend ({x.Backend.Name}) was given to {Name}.");

    private Operand View(Tensor x, string operation)
    {
        var buffer = Own(x, operation);
        var (rows, columns) = (x.Shape.Rows, x.Shape.Columns);
        if (rows > uint.MaxValue || ((Math.Max(1, rows) - 1) * x.RowStride) + columns > uint.MaxValue)
        {
            throw new NotSupportedException($"{operation}: {x} spans more than 2^32 elements, which kernels do not count.");
        }

        var address = buffer.Span.Address + (ulong)(x.Offset * x.Type.Size());
        return new Operand(address, (uint)rows, (uint)columns, rows <= 1 ? (uint)columns : (uint)x.RowStride, x.Type);
    }

    private Operand? ViewOptional(Tensor? x, string operation) => x is null ? null : View(x, operation);

    // What the device writes, the host does not know.
    private Operand Output(Tensor y, string operation)
    {
        Own(y, operation).Indices = null;
        return View(y, operation);
    }

    private VulkanPipeline Kernel(string name, params ReadOnlySpan<uint> constants) => Device.Kernels.Get(name, 0, constants);

    private static uint RowsPerEntry(Tensor x) => (uint)Math.Max(1, x.Shape.Rows / Math.Max(1, x.Shape.Rank == 0 ? 1 : x.Shape[0]));

    private static uint Groups(ulong count, uint tile) => (uint)((count + tile - 1) / tile);

    private static (uint X, uint Y, uint Z) Elements(ulong count, uint threads = Threads) => (Math.Min(Groups(count, threads), 16384), 1, 1);

    private static uint Flag(bool value) => value ? 1u : 0;

    // Indices that the host wrote are checked here; others are checked by the kernel, which reports at the next read.
    private static void RequireBelow(Tensor table, int limit, string operation)
    {
        if (table.Buffer is not VulkanBuffer { Indices: { } indices })
        {
            return;
        }

        for (long row = 0; row < table.Shape.Rows; row++)
        {
            var first = table.Offset + (row * table.RowStride);
            for (var i = first; i < first + table.Shape.Columns; i++)
            {
                if ((uint)indices[i] >= (uint)limit)
                {
                    throw new ArgumentOutOfRangeException(nameof(table), $"{operation}: index {indices[i]} is not below {limit}.");
                }
            }
        }
    }
}
