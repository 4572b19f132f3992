using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Augur.Vulkan;

/// <summary>
/// A linear map's weight, row after row as it came: on the device, or on the host, from where it is copied for each use. Slices share it.
/// </summary>
internal sealed class VulkanWeight : PackedLinear
{
    private StoredWeight? _stored;

    private VulkanWeight(StoredWeight stored, uint first) => (_stored, First) = (stored, first);

    /// <summary>The first output among those of the whole weight.</summary>
    public uint First { get; }

    /// <summary>How the kernels read a row: an element type, or 16 + a quantised format.</summary>
    public uint FormatCode => Format is { } format ? 16 + (uint)format : (uint)Type;

    public StoredWeight Stored => _stored ?? throw new ObjectDisposedException(
        nameof(PackedLinear), $"A weight [{Outputs}, {Inputs}] was used after its release.");

    public static VulkanWeight Of(StoredWeight stored, int outputs, int inputs, DType type, QuantizedFormat? format) =>
        new(stored, 0) { Outputs = outputs, Inputs = inputs, Type = type, Format = format };

    /// <inheritdoc/>
    public override PackedLinear Slice(int start, int count)
    {
        Stored.Share();
        return new VulkanWeight(Stored, First + (uint)start) { Outputs = count, Inputs = Inputs, Type = Type, Format = Format };
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Interlocked.Exchange(ref _stored, null)?.Release();
}

/// <summary>The bytes of a weight, its bias and its scales, held by a weight and its slices.</summary>
internal sealed unsafe class StoredWeight(VulkanBackend owner, long rowBytes)
{
    private int _holders = 1;
    private byte* _mapped;
    private byte[]? _copied;
    private IDisposable? _hold;

    public VulkanBackend Owner => owner;

    /// <summary>Bytes from one output to the next.</summary>
    public long RowBytes => rowBytes;

    /// <summary>Where it lies on the device; null if it is copied for each use.</summary>
    public DeviceSpan? Resident { get; set; }

    /// <summary>A single per output; null: 0.</summary>
    public DeviceSpan? Bias { get; set; }

    /// <summary>A single per output, of 8-bit floats only.</summary>
    public DeviceSpan? Scales { get; set; }

    /// <summary>Keeps the weight on the host.</summary>
    public void KeepOnHost(byte[] bytes) => _copied = bytes;

    /// <summary>Leaves the weight where it is until the hold is disposed, as in a mapped file; copies it where that cannot be had.</summary>
    public void KeepOnHost(QuantizedMatrix weight)
    {
        _hold = weight.Hold?.Invoke();
        if (_hold is null)
        {
            _copied = weight.Bytes.ToArray();
        }
        else
        {
            _mapped = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(weight.Bytes)); // which stays there while it is held
        }
    }

    /// <summary>Bytes of some rows on the host.</summary>
    public ReadOnlySpan<byte> Rows(uint first, int count) => _copied is not null
        ? _copied.AsSpan(checked((int)(first * rowBytes)), checked((int)(count * rowBytes)))
        : new ReadOnlySpan<byte>(_mapped + (first * rowBytes), checked((int)(count * rowBytes)));

    public void Share() => Interlocked.Increment(ref _holders);

    /// <summary>Holds it, unless it was released.</summary>
    public bool TryShare()
    {
        for (var holders = Volatile.Read(ref _holders); holders > 0; holders = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, holders + 1, holders) == holders)
            {
                return true;
            }
        }

        return false;
    }

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) != 0)
        {
            return;
        }

        owner.ReleaseWeight(this);
        foreach (var span in (ReadOnlySpan<DeviceSpan?>)[Resident, Bias, Scales])
        {
            if (span is { } piece)
            {
                owner.Memory.Return(piece);
            }
        }

        _hold?.Dispose();
        _copied = null;
    }
}
