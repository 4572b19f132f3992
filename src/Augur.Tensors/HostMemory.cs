using System.Runtime.InteropServices;

namespace Augur.Tensors;

/// <summary>Aligned host memory in size classes: what a tensor gives back, the next of its size takes. Safe from any thread.</summary>
internal sealed unsafe class HostMemory : IDisposable
{
    private const int Alignment = 64;
    private readonly Dictionary<long, Stack<HostBuffer>> _free = [];
    private readonly Lock _lock = new();
    private long _inUse;
    private long _peak;
    private bool _disposed;

    /// <summary>Bytes lent now, by size class.</summary>
    public long BytesInUse => Interlocked.Read(ref _inUse);

    /// <summary>The most bytes lent at once since <see cref="ResetPeak"/>.</summary>
    public long PeakBytesInUse => Interlocked.Read(ref _peak);

    /// <summary>How often memory had to come from the operating system; constant in steady state.</summary>
    public long SystemAllocations { get; private set; }

    public void ResetPeak() => Interlocked.Exchange(ref _peak, BytesInUse);

    public HostBuffer Rent(long byteCount)
    {
        var size = SizeClass(byteCount);
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _inUse += size;
            _peak = Math.Max(_peak, _inUse);
            if (_free.TryGetValue(size, out var stack) && stack.TryPop(out var buffer))
            {
                buffer.Reuse();
                return buffer;
            }

            SystemAllocations++;
        }

        return new HostBuffer(this, NativeMemory.AlignedAlloc((nuint)size, Alignment), size);
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
        }

        buffer.Free();
    }

    /// <summary>Gives memory that nobody holds back to the operating system.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            foreach (var buffer in _free.Values.SelectMany(s => s))
            {
                buffer.Free();
            }

            _free.Clear();
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

    // Four classes per power of two: at most a fifth of a buffer is unused, and sizes that differ a little share.
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
        _pointer = null; // the finaliser, if it still comes, frees nothing
    }

    protected override void Recycle() => owner.Return(this);
}
