using System.Runtime.InteropServices;

namespace Augur.Tensors;

/// <summary>A pool of aligned host memory in size classes: buffers that tensors return are reused. Thread-safe.</summary>
internal sealed unsafe class HostMemory(IBackend backend, long? budget) : IDisposable
{
    private const int Alignment = 64;
    private readonly Dictionary<long, Stack<HostBuffer>> _free = [];
    private readonly Lock _lock = new();
    private long _inUse;
    private long _peak;
    private long _reserved;
    private bool _disposed;

    /// <summary>The most bytes that may be lent at once; null: no limit besides the operating system's.</summary>
    public long? Budget => budget;

    /// <summary>Bytes lent now, by size class.</summary>
    public long BytesInUse => Interlocked.Read(ref _inUse);

    /// <summary>The most bytes lent at once since <see cref="ResetPeak"/>.</summary>
    public long PeakBytesInUse => Interlocked.Read(ref _peak);

    /// <summary>Bytes taken from the operating system and not given back.</summary>
    public long BytesReserved => Interlocked.Read(ref _reserved);

    /// <summary>How often memory had to come from the operating system; constant in steady state.</summary>
    public long SystemAllocations { get; private set; }

    public void ResetPeak() => Interlocked.Exchange(ref _peak, BytesInUse);

    /// <summary>Lends a buffer. If it fails, the counters do not change.</summary>
    public HostBuffer Rent(long byteCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        var size = SizeClass(byteCount);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (budget is { } most && _inUse + size > most)
            {
                throw OutOfMemory(byteCount, null);
            }

            if (_free.TryGetValue(size, out var stack) && stack.TryPop(out var buffer))
            {
                buffer.Reuse();
            }
            else
            {
                if (budget is { } limit && _reserved + size > limit)
                {
                    FreePool(); // free buffers of other sizes may be in the way
                }

                buffer = Allocate(byteCount, size);
                _reserved += size;
                SystemAllocations++;
            }

            _inUse += size;
            _peak = Math.Max(_peak, _inUse);
            return buffer;
        }
    }

    internal void Return(HostBuffer buffer)
    {
        lock (_lock)
        {
            _inUse -= buffer.ByteCount;
            if (!_disposed)
            {
                if (!_free.TryGetValue(buffer.ByteCount, out var stack))
                {
                    _free[buffer.ByteCount] = stack = new Stack<HostBuffer>();
                }

                stack.Push(buffer);
                return;
            }

            _reserved -= buffer.ByteCount;
        }

        buffer.Free();
    }

    /// <summary>Returns unused memory to the operating system.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            FreePool();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        Trim();
    }

    private void FreePool()
    {
        foreach (var buffer in _free.Values.SelectMany(s => s))
        {
            _reserved -= buffer.ByteCount;
            buffer.Free();
        }

        _free.Clear();
    }

    // If an allocation fails, free buffers are returned to the operating system before it is tried again.
    private HostBuffer Allocate(long byteCount, long size)
    {
        try
        {
            return new HostBuffer(this, NativeMemory.AlignedAlloc((nuint)size, Alignment), size);
        }
        catch (OutOfMemoryException)
        {
            FreePool();
        }

        try
        {
            return new HostBuffer(this, NativeMemory.AlignedAlloc((nuint)size, Alignment), size);
        }
        catch (OutOfMemoryException e)
        {
            throw OutOfMemory(byteCount, e);
        }
    }

    private BackendOutOfMemoryException OutOfMemory(long byteCount, Exception? cause) =>
        new(backend.Name, byteCount, _inUse, _reserved, budget, cause);

    // Four classes per power of two: at most a fifth of a buffer is unused, and similar sizes share buffers.
    private static long SizeClass(long byteCount)
    {
        if (byteCount <= 256)
        {
            return 256;
        }

        var step = (long)System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)byteCount) / 8;
        return (byteCount + step - 1) / step * step;
    }
}

/// <summary>A block of host memory.</summary>
internal sealed unsafe class HostBuffer(HostMemory owner, void* pointer, long byteCount) : TensorBuffer
{
    private void* _pointer = pointer;

    ~HostBuffer() => Free();

    public override long ByteCount { get; } = byteCount;

    public void* Pointer => _pointer;

    public void Reuse() => Renew();

    public void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null; // so that the finaliser frees nothing
    }

    protected override void Recycle() => owner.Return(this);
}
