using Silk.NET.Vulkan;

namespace Augur.Vulkan;

/// <summary>
/// The memory of one backend: large blocks from the driver, lent in pieces, best fit, neighbours joined. A piece that is given back may be lent again
/// at once, although queued work still uses it: all work is one sequence, and the recorder puts a barrier between work on overlapping ranges.
/// Thread-safe.
/// </summary>
/// <remarks>
/// A block is as large as what is reserved already, up to 256 MiB and an eighth of the device: small uses stay small, large ones have few blocks.
/// </remarks>
internal sealed class VulkanMemory(VulkanDevice device, string name, long? budget) : IDisposable
{
    private const long Alignment = 256;
    private const long LargestBlock = 256L << 20;

    private readonly Lock _lock = new();
    private readonly List<(DeviceBlock Block, SortedList<long, long> Free)> _blocks = [];
    private long _inUse;
    private long _peak;
    private long _reserved;
    private bool _disposed;

    /// <summary>The most bytes that may be lent at once; null: no limit besides the device's.</summary>
    public long? Budget => budget;

    public long BytesInUse => Interlocked.Read(ref _inUse);

    public long PeakBytesInUse => Interlocked.Read(ref _peak);

    /// <summary>Bytes of all blocks.</summary>
    public long BytesReserved => Interlocked.Read(ref _reserved);

    /// <summary>Waits for all queued work; before blocks go back to the driver.</summary>
    public Action WaitForIdle { get; set; } = () => { };

    public void ResetPeak() => Interlocked.Exchange(ref _peak, BytesInUse);

    /// <summary>Lends a piece. If it fails, the counters do not change.</summary>
    /// <exception cref="BackendOutOfMemoryException">The budget or the device is exhausted.</exception>
    public DeviceSpan Rent(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(VulkanBackend));
            if (bytes > device.Properties.HeapBytes || (budget is { } most && Rounded(bytes) > most - _inUse))
            {
                throw OutOfMemory(bytes, null);
            }

            var size = Rounded(bytes);
            if (!TryTake(size, out var span))
            {
                Grow(bytes, size);
                TryTake(size, out span);
            }

            _inUse += size;
            _peak = Math.Max(_peak, _inUse);
            return span;
        }
    }

    public void Return(DeviceSpan span)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return; // its block is gone
            }

            _inUse -= span.Bytes;
            var free = _blocks.First(b => b.Block == span.Block).Free;
            var (start, length) = (span.Offset, span.Bytes);
            if (free.Remove(start + length, out var after))
            {
                length += after;
            }

            var before = LastBelow(free, start);
            if (before >= 0 && free.GetKeyAtIndex(before) + free.GetValueAtIndex(before) == start)
            {
                (start, length) = (free.GetKeyAtIndex(before), length + free.GetValueAtIndex(before));
                free.RemoveAt(before);
            }

            free[start] = length;
        }
    }

    /// <summary>Gives blocks of which nothing is lent back to the driver.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            var empty = _blocks.Where(b => b.Free.Count == 1 && b.Free.GetValueAtIndex(0) == b.Block.Bytes).ToArray();
            if (empty.Length > 0)
            {
                WaitForIdle();
            }

            foreach (var entry in empty)
            {
                _blocks.Remove(entry);
                _reserved -= entry.Block.Bytes;
                entry.Block.Destroy();
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            foreach (var (block, _) in _blocks)
            {
                block.Destroy();
            }

            _blocks.Clear();
            (_inUse, _reserved) = (0, 0);
        }
    }

    private static long Rounded(long bytes) => Math.Max(Alignment, (bytes + Alignment - 1) / Alignment * Alignment);

    private static int LastBelow(SortedList<long, long> free, long start)
    {
        int low = 0, high = free.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = free.GetKeyAtIndex(middle) < start ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    private bool TryTake(long bytes, out DeviceSpan span)
    {
        DeviceBlock? best = null;
        SortedList<long, long>? holes = null;
        var (at, size) = (0L, long.MaxValue);
        foreach (var (block, free) in _blocks)
        {
            for (var i = 0; i < free.Count; i++)
            {
                if (free.GetValueAtIndex(i) >= bytes && free.GetValueAtIndex(i) < size)
                {
                    (best, holes, at, size) = (block, free, free.GetKeyAtIndex(i), free.GetValueAtIndex(i));
                }
            }
        }

        if (best is null || holes is null)
        {
            span = default;
            return false;
        }

        holes.Remove(at);
        if (size > bytes)
        {
            holes[at + bytes] = size - bytes;
        }

        span = new DeviceSpan(best, at, bytes);
        return true;
    }

    // On failure: first give empty blocks back, then ask for no more than is needed.
    private void Grow(long asked, long needed)
    {
        var size = Math.Max(needed, Math.Min(Math.Min(_reserved, LargestBlock), device.Properties.HeapBytes / 8) / Alignment * Alignment);
        if (budget is { } most && _reserved + size > most)
        {
            size = needed;
            if (_reserved + size > most)
            {
                Trim();
            }
        }

        for (var attempt = 0; ; attempt++)
        {
            if (needed > device.Properties.MaxAllocation)
            {
                throw OutOfMemory(asked, new NotSupportedException(
                    $"{device.Name} lends at most {device.Properties.MaxAllocation} bytes in one piece."));
            }

            try
            {
                device.Doing($"an allocation of {size} bytes");
                var block = new DeviceBlock(device, Math.Min(size, device.Properties.MaxAllocation), MemoryPropertyFlags.DeviceLocalBit);
                _blocks.Add((block, new SortedList<long, long> { [0] = block.Bytes }));
                _reserved += block.Bytes;
                return;
            }
            catch (DriverMemoryException e)
            {
                switch (attempt)
                {
                    case 0:
                        Trim();
                        break;
                    case 1 when size > needed:
                        size = needed;
                        break;
                    default:
                        throw OutOfMemory(asked, e);
                }
            }
        }
    }

    private BackendOutOfMemoryException OutOfMemory(long bytes, Exception? cause) => new(name, bytes, _inUse, _reserved, budget, cause);
}

/// <summary>Memory of one or more tensors.</summary>
internal sealed class VulkanBuffer(VulkanBackend owner, DeviceSpan span) : TensorBuffer
{
    public override long ByteCount => span.Bytes;

    public VulkanBackend Owner => owner;

    public DeviceSpan Span => span;

    /// <summary>The indices that the host wrote here, by which they are checked without a read; null where the device wrote.</summary>
    public int[]? Indices { get; set; }

    protected override void Recycle() => owner.Memory.Return(span);
}
