using Silk.NET.Vulkan;
using Buffer = Silk.NET.Vulkan.Buffer;

namespace Augur.Vulkan;

/// <content>Copies from and to the host, through blocks of memory that both see.</content>
internal sealed unsafe partial class VulkanQueue
{
    /// <summary>Bytes of host memory for copies.</summary>
    public long HostBytes
    {
        get
        {
            lock (_lock)
            {
                return (_staging.Count + (_stage is null ? 0 : 1)) * _stagingBytes + (_readBack?.Bytes ?? 0);
            }
        }
    }

    /// <summary>Copies host bytes to the device. The bytes are taken before the call returns; the copy happens in the order of work.</summary>
    public void Upload(ReadOnlySpan<byte> source, DeviceSpan destination, long at)
    {
        lock (_lock)
        {
            while (source.Length > 0)
            {
                var count = (int)Math.Min(source.Length, _stagingBytes);
                var (block, offset) = Stage(count);
                source[..count].CopyTo(new Span<byte>(block.Mapped + offset, count));
                Begin();
                var start = destination.Address + (ulong)at;
                Order([], [new(start, start + (ulong)count)]);
                RecordCopy(block.Buffer, destination.Block.Buffer, offset, destination.Offset + at, count);
                Count(count / 8.0, "an upload");
                source = source[count..];
                at += count;
            }
        }
    }

    /// <summary>Copies device bytes to the host after all queued work: one wait, or several where they are more than 64 MiB.</summary>
    public void Download(ReadOnlySpan<(DeviceSpan Span, long At, long Bytes)> sources, Span<byte> destination)
    {
        const long Largest = 64L << 20;
        lock (_reading)
        {
            Reads++;
            BytesRead += destination.Length;
            var (index, within) = (0, 0L);
            while (destination.Length > 0)
            {
                long taken = 0;
                ulong value;
                lock (_lock)
                {
                    var total = Math.Min(destination.Length, Largest);
                    GrowReadBack(total);
                    Begin();
                    while (taken < total)
                    {
                        var (span, at, bytes) = sources[index];
                        var count = Math.Min(bytes - within, total - taken);
                        if (count > 0)
                        {
                            var start = span.Address + (ulong)(at + within);
                            Order([new(start, start + (ulong)count)], []);
                            RecordCopy(span.Block.Buffer, _readBack!.Buffer, span.Offset + at + within, taken, count);
                        }

                        (taken, within) = (taken + count, within + count);
                        if (within == bytes)
                        {
                            (index, within) = (index + 1, 0);
                        }
                    }

                    Barrier(new MemoryBarrier2
                    {
                        SType = StructureType.MemoryBarrier2,
                        SrcStageMask = PipelineStageFlags2.CopyBit | PipelineStageFlags2.ComputeShaderBit,
                        SrcAccessMask = AccessFlags2.TransferWriteBit | AccessFlags2.ShaderWriteBit,
                        DstStageMask = PipelineStageFlags2.HostBit,
                        DstAccessMask = AccessFlags2.HostReadBit,
                    });
                    _device.Doing("a read");
                    Submit();
                    value = _lastValue;
                }

                Wait(value); // others may record meanwhile
                new ReadOnlySpan<byte>(_readBack!.Mapped, (int)taken).CopyTo(destination);
                destination = destination[(int)taken..];
            }
        }
    }

    private void RecordCopy(Buffer source, Buffer destination, long from, long to, long bytes)
    {
        var copy = new BufferCopy { SrcOffset = (ulong)from, DstOffset = (ulong)to, Size = (ulong)bytes };
        if (_shuffle is not null)
        {
            _unordered.Add(() => _vk.CmdCopyBuffer(_commands, source, destination, 1, in copy));
            return;
        }

        _vk.CmdCopyBuffer(_commands, source, destination, 1, in copy);
    }

    // Host memory of the current submission. A block is used again once the submissions that read it are complete.
    private (DeviceBlock Block, long Offset) Stage(int bytes)
    {
        var offset = (_stageUsed + 15) / 16 * 16;
        if (_stage is null || offset + bytes > _stagingBytes)
        {
            if (_stage is not null)
            {
                Submit();
            }

            if (_staging.Count > 0 && (_staging.Count >= StagingBlocks || _staging[0].Value <= Completed()))
            {
                Wait(_staging[0].Value);
                _stage = _staging[0].Block;
                _staging.RemoveAt(0);
            }
            else
            {
                _stage = HostBlock(_device, _stagingBytes, 0);
            }

            offset = 0;
        }

        Begin();
        _stageUsed = offset + bytes;
        return (_stage, offset);
    }

    private void GrowReadBack(long bytes)
    {
        if (_readBack is null || _readBack.Bytes < bytes)
        {
            _readBack?.Destroy();
            _readBack = null;
            _readBack = HostBlock(_device, Math.Max(64L << 10, bytes), MemoryPropertyFlags.HostCachedBit);
        }
    }

    /// <summary>Memory that host and device see.</summary>
    internal static DeviceBlock HostBlock(VulkanDevice device, long bytes, MemoryPropertyFlags wished)
    {
        try
        {
            device.Doing($"an allocation of {bytes} bytes of host memory");
            return new DeviceBlock(device, bytes, MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit, wished);
        }
        catch (DriverMemoryException e)
        {
            throw new BackendOutOfMemoryException($"vulkan ({device.Name}), for copies from and to the host,", bytes, 0, 0, null, e);
        }
    }
}
