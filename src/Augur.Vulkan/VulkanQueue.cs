using System.Runtime.InteropServices;
using Silk.NET.Vulkan;
using Buffer = Silk.NET.Vulkan.Buffer;
using Semaphore = Silk.NET.Vulkan.Semaphore;

namespace Augur.Vulkan;

/// <summary>
/// Records the work of one backend and submits it in batches. A barrier is recorded only before work that touches what unfinished work wrote, or
/// writes what unfinished work reads; independent work between two barriers overlaps. Thread-safe; the order of calls is the order of work.
/// </summary>
/// <remarks>
/// A submission is one unit for the system's watchdog, two seconds on Windows. So batches end after an estimated <see cref="SubmissionSeconds"/> on
/// the device, by a rate learned from timestamps, and a single kernel that takes longer is cut into parts.
/// </remarks>
internal sealed unsafe class VulkanQueue : IDisposable
{
    private const int OperationsPerSubmission = 128;
    private const int InFlight = 8;
    private const int StagingBlocks = 4;
    private const double FirstRate = 2e10;             // operations a second, until it is measured

    private static readonly MemoryBarrier2 s_allToAll = new()
    {
        SType = StructureType.MemoryBarrier2,
        SrcStageMask = PipelineStageFlags2.ComputeShaderBit | PipelineStageFlags2.CopyBit,
        SrcAccessMask = AccessFlags2.ShaderWriteBit | AccessFlags2.TransferWriteBit,
        DstStageMask = PipelineStageFlags2.ComputeShaderBit | PipelineStageFlags2.CopyBit,
        DstAccessMask = AccessFlags2.ShaderReadBit | AccessFlags2.ShaderWriteBit | AccessFlags2.TransferReadBit | AccessFlags2.TransferWriteBit,
    };

    private readonly VulkanDevice _device;
    private readonly Vk _vk;
    private readonly Semaphore _timeline;
    private readonly CommandPool _pool;
    private readonly QueryPool _timestamps;
    private readonly Lock _lock = new();
    private readonly Lock _reading = new();
    private readonly Queue<Submission> _submitted = new();
    private readonly Stack<(CommandBuffer Commands, uint Slot)> _idle = new();
    private readonly List<(DeviceBlock Block, ulong Value)> _staging = [];
    private readonly List<DeviceRange> _reads = [];
    private readonly List<DeviceRange> _writes = [];
    private readonly List<Action> _unordered = [];
    private readonly Random? _shuffle;
    private readonly long _stagingBytes;
    private Exception? _lost;
    private DeviceBlock? _readBack;
    private DeviceBlock? _stage;
    private long _stageUsed;
    private CommandBuffer _commands;
    private uint _slot;
    private uint _slots;
    private bool _recording;
    private int _operations;
    private double _work;
    private double _rate = FirstRate;
    private ulong _lastValue;
    private Pipeline _bound;

    /// <param name="device">The device.</param>
    /// <param name="stagingBytes">Bytes of a block through which the host's bytes pass.</param>
    /// <param name="shuffle">
    /// For tests: what stands between two barriers is recorded in a random order. A software driver runs everything in order, so that a missing
    /// barrier would show on no test machine; work whose ranges were declared wrongly then gives wrong results anywhere.
    /// </param>
    public VulkanQueue(VulkanDevice device, long stagingBytes = 16L << 20, int? shuffle = null)
    {
        (_device, _vk, _stagingBytes) = (device, device.Vk, stagingBytes);
        _shuffle = shuffle is { } seed ? new Random(seed) : null;
        var type = new SemaphoreTypeCreateInfo { SType = StructureType.SemaphoreTypeCreateInfo, SemaphoreType = SemaphoreType.Timeline };
        var semaphore = new SemaphoreCreateInfo { SType = StructureType.SemaphoreCreateInfo, PNext = &type };
        device.Check(_vk.CreateSemaphore(device.Logical, &semaphore, null, out _timeline));
        var pool = new CommandPoolCreateInfo
        {
            SType = StructureType.CommandPoolCreateInfo,
            QueueFamilyIndex = device.QueueFamily,
            Flags = CommandPoolCreateFlags.ResetCommandBufferBit,
        };
        device.Check(_vk.CreateCommandPool(device.Logical, &pool, null, out _pool));
        var queries = new QueryPoolCreateInfo
        {
            SType = StructureType.QueryPoolCreateInfo,
            QueryType = QueryType.Timestamp,
            QueryCount = 2 * (InFlight + 1),
        };
        device.Check(_vk.CreateQueryPool(device.Logical, &queries, null, out _timestamps));
    }

    /// <summary>Seconds on the device that a submission is to take at most, as far as can be foreseen.</summary>
    public double SubmissionSeconds { get; set; } = 0.05;

    public long Submissions { get; private set; }

    public long Barriers { get; private set; }

    public long Dispatches { get; private set; }

    /// <summary>Seconds the device was busy with finished submissions, where it has timestamps.</summary>
    public double BusySeconds { get; private set; }

    /// <summary>Operations a second, as measured so far.</summary>
    public double Rate => _rate;

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

    /// <summary>Queues one kernel over a grid of workgroups; cut along the grid where it would take too long.</summary>
    /// <param name="pipeline">The kernel.</param>
    /// <param name="arguments">Its push constants.</param>
    /// <param name="grid">Workgroups in each direction; nothing happens if one is 0.</param>
    /// <param name="reads">Ranges it reads.</param>
    /// <param name="writes">Ranges it writes.</param>
    /// <param name="work">Its cost in elementary operations, roughly.</param>
    public void Dispatch<T>(VulkanPipeline pipeline, in T arguments, (uint X, uint Y, uint Z) grid, ReadOnlySpan<DeviceRange> reads,
        ReadOnlySpan<DeviceRange> writes, double work)
        where T : unmanaged
    {
        if (grid.X == 0 || grid.Y == 0 || grid.Z == 0)
        {
            return;
        }

        lock (_lock)
        {
            RequireGroups(grid);
            var limit = _rate * SubmissionSeconds;
            var along = grid.Z >= grid.Y && grid.Z >= grid.X ? 2 : grid.Y >= grid.X ? 1 : 0;
            var extent = along == 2 ? grid.Z : along == 1 ? grid.Y : grid.X;
            var parts = work > limit ? (uint)Math.Min(extent, Math.Ceiling(work / limit)) : 1;
            for (uint part = 0, first = 0; part < parts; part++)
            {
                var isFirst = part == 0 || !_recording;
                Begin();
                if (isFirst)
                {
                    Order(reads, writes); // the parts write different places, and need no barrier between them
                }

                var end = (uint)((ulong)extent * (part + 1) / parts);
                Record(pipeline, arguments, along, first, end - first, grid);
                first = end;
                Count(work / parts, pipeline.Name);
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

    /// <summary>A small table of the host's, and the kernel that reads it where the host wrote it: no copy, no barrier.</summary>
    public void DispatchWithTable<T>(VulkanPipeline pipeline, ReadOnlySpan<byte> table, Func<ulong, T> arguments, (uint X, uint Y, uint Z) grid,
        ReadOnlySpan<DeviceRange> reads, ReadOnlySpan<DeviceRange> writes, double work)
        where T : unmanaged
    {
        lock (_lock)
        {
            var (block, offset) = Stage(table.Length);
            table.CopyTo(new Span<byte>(block.Mapped + offset, table.Length));
            Order(reads, writes);
            Record(pipeline, arguments(block.Address + (ulong)offset), 0, 0, grid.X, grid);
            Count(work, pipeline.Name);
        }
    }

    /// <summary>Copies device bytes to the host after all queued work: one wait, or several where they are more than 64 MiB.</summary>
    public void Download(ReadOnlySpan<(DeviceSpan Span, long At, long Bytes)> sources, Span<byte> destination)
    {
        const long Largest = 64L << 20;
        lock (_reading)
        {
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

    /// <summary>Submits what is recorded and waits for everything.</summary>
    public void Synchronize()
    {
        lock (_reading)
        {
            ulong value;
            lock (_lock)
            {
                if (_lost is not null)
                {
                    throw _lost;
                }

                Submit();
                value = _lastValue;
            }

            Wait(value); // others may record meanwhile
            lock (_lock)
            {
                Collect();
            }
        }
    }

    /// <summary>Gives host memory back that no queued work uses.</summary>
    public void Trim()
    {
        Synchronize();
        lock (_reading)
        {
            lock (_lock)
            {
                foreach (var (block, _) in _staging)
                {
                    block.Destroy();
                }

                _staging.Clear();
                _stage?.Destroy();
                _readBack?.Destroy();
                (_stage, _readBack) = (null, null);
            }
        }
    }

    public void Dispose()
    {
        lock (_reading)
        {
            lock (_lock)
            {
                try
                {
                    Submit();
                    Wait(_lastValue);
                }
                catch (Exception e) when (e is BackendLostException or InvalidOperationException)
                {
                    // Of a lost device nothing is waited for; its objects are destroyed all the same.
                }

                foreach (var (block, _) in _staging)
                {
                    block.Destroy();
                }

                _stage?.Destroy();
                _readBack?.Destroy();
                _vk.DestroyQueryPool(_device.Logical, _timestamps, null);
                _vk.DestroyCommandPool(_device.Logical, _pool, null);
                _vk.DestroySemaphore(_device.Logical, _timeline, null);
                _lost = new ObjectDisposedException(nameof(VulkanBackend));
            }
        }
    }

    private void RequireGroups((uint X, uint Y, uint Z) grid)
    {
        var limits = _device.Properties.Limits;
        var (x, y, z) = (limits.MaxComputeWorkGroupCount[0], limits.MaxComputeWorkGroupCount[1], limits.MaxComputeWorkGroupCount[2]);
        if (grid.X > x || grid.Y > y || grid.Z > z)
        {
            throw new NotSupportedException(
                $"vulkan ({_device.Name}): {grid.X} x {grid.Y} x {grid.Z} workgroups are more than its {x} x {y} x {z}; work in smaller batches.");
        }
    }

    private void Begin()
    {
        if (_lost is not null)
        {
            throw _lost;
        }

        if (_recording)
        {
            return;
        }

        Collect();
        if (_submitted.Count >= InFlight)
        {
            Wait(_submitted.Peek().Value);
            Collect();
        }

        if (!_idle.TryPop(out var free))
        {
            var allocate = new CommandBufferAllocateInfo
            {
                SType = StructureType.CommandBufferAllocateInfo,
                CommandPool = _pool,
                Level = CommandBufferLevel.Primary,
                CommandBufferCount = 1,
            };
            CommandBuffer commands;
            _device.Check(_vk.AllocateCommandBuffers(_device.Logical, &allocate, &commands));
            free = (commands, _slots++);
        }

        (_commands, _slot) = free;
        var begin = new CommandBufferBeginInfo { SType = StructureType.CommandBufferBeginInfo, Flags = CommandBufferUsageFlags.OneTimeSubmitBit };
        _device.Check(_vk.BeginCommandBuffer(_commands, &begin));
        (_recording, _operations, _work, _bound) = (true, 0, 0, default);
        if (_device.HasTimestamps)
        {
            _vk.CmdResetQueryPool(_commands, _timestamps, 2 * _slot, 2);
            _vk.CmdWriteTimestamp2(_commands, PipelineStageFlags2.AllCommandsBit, _timestamps, 2 * _slot);
        }

        Barrier(s_allToAll); // submissions of one queue start in order but may overlap
    }

    private void Order(ReadOnlySpan<DeviceRange> reads, ReadOnlySpan<DeviceRange> writes)
    {
        if (Meet(reads, _writes) || Meet(writes, _writes) || Meet(writes, _reads))
        {
            Barrier(s_allToAll);
        }

        _reads.AddRange(reads);
        _writes.AddRange(writes);
    }

    private static bool Meet(ReadOnlySpan<DeviceRange> some, List<DeviceRange> others)
    {
        foreach (var range in some)
        {
            foreach (var other in CollectionsMarshal.AsSpan(others))
            {
                if (range.Overlaps(other))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void Barrier(MemoryBarrier2 barrier)
    {
        RecordUnordered();
        var info = new DependencyInfo { SType = StructureType.DependencyInfo, MemoryBarrierCount = 1, PMemoryBarriers = &barrier };
        _vk.CmdPipelineBarrier2(_commands, &info);
        _reads.Clear();
        _writes.Clear();
        Barriers++;
    }

    private void Record<T>(VulkanPipeline pipeline, T arguments, int along, uint first, uint count, (uint X, uint Y, uint Z) grid)
        where T : unmanaged
    {
        if (_shuffle is not null)
        {
            _unordered.Add(() => RecordNow(pipeline, arguments, along, first, count, grid));
            return;
        }

        RecordNow(pipeline, arguments, along, first, count, grid);
    }

    private void RecordNow<T>(VulkanPipeline pipeline, T arguments, int along, uint first, uint count, (uint X, uint Y, uint Z) grid)
        where T : unmanaged
    {
        if (_bound.Handle != pipeline.Handle.Handle)
        {
            _vk.CmdBindPipeline(_commands, PipelineBindPoint.Compute, pipeline.Handle);
            _bound = pipeline.Handle;
        }

        _vk.CmdPushConstants(_commands, pipeline.Layout, ShaderStageFlags.ComputeBit, 0, (uint)sizeof(T), &arguments);
        var (x, y, z) = (along == 0 ? count : grid.X, along == 1 ? count : grid.Y, along == 2 ? count : grid.Z);
        _vk.CmdDispatchBase(_commands, along == 0 ? first : 0, along == 1 ? first : 0, along == 2 ? first : 0, x, y, z);
        Dispatches++;
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

    private void RecordUnordered()
    {
        if (_shuffle is null || _unordered.Count == 0)
        {
            return;
        }

        var all = _unordered.ToArray();
        _unordered.Clear();
        _shuffle.Shuffle(all);
        foreach (var record in all)
        {
            record();
        }
    }

    private void Count(double work, string what)
    {
        _device.Doing(what);
        _work += work;
        if (++_operations >= OperationsPerSubmission || _work >= _rate * SubmissionSeconds)
        {
            Submit();
        }
    }

    private void Submit()
    {
        if (!_recording)
        {
            return;
        }

        if (_lost is not null)
        {
            throw _lost;
        }

        RecordUnordered();
        if (_device.HasTimestamps)
        {
            _vk.CmdWriteTimestamp2(_commands, PipelineStageFlags2.AllCommandsBit, _timestamps, (2 * _slot) + 1);
        }

        _device.Check(_vk.EndCommandBuffer(_commands));
        _recording = false;
        var value = _lastValue + 1;
        var commands = new CommandBufferSubmitInfo { SType = StructureType.CommandBufferSubmitInfo, CommandBuffer = _commands };
        var signal = new SemaphoreSubmitInfo
        {
            SType = StructureType.SemaphoreSubmitInfo,
            Semaphore = _timeline,
            Value = value,
            StageMask = PipelineStageFlags2.AllCommandsBit,
        };
        var info = new SubmitInfo2
        {
            SType = StructureType.SubmitInfo2,
            CommandBufferInfoCount = 1,
            PCommandBufferInfos = &commands,
            SignalSemaphoreInfoCount = 1,
            PSignalSemaphoreInfos = &signal,
        };
        Guarded(() => _device.Submit(in info));
        _lastValue = value;
        _submitted.Enqueue(new Submission(_commands, _slot, value, _work));
        if (_stage is not null)
        {
            _staging.Add((_stage, value));
            _stage = null;
        }

        Submissions++;
    }

    private ulong Completed()
    {
        ulong value = 0;
        var result = _vk.GetSemaphoreCounterValue(_device.Logical, _timeline, &value);
        Guarded(() => _device.CheckCall("vkGetSemaphoreCounterValue", result));
        return value;
    }

    private void Wait(ulong value)
    {
        var semaphore = _timeline;
        var wait = new SemaphoreWaitInfo { SType = StructureType.SemaphoreWaitInfo, SemaphoreCount = 1, PSemaphores = &semaphore, PValues = &value };
        var result = _vk.WaitSemaphores(_device.Logical, &wait, ulong.MaxValue);
        Guarded(() => _device.CheckCall("vkWaitSemaphores", result));
    }

    // A device is lost once and for all: every later call says the same.
    private void Guarded(Action call)
    {
        try
        {
            call();
        }
        catch (Exception e) when (e is BackendLostException or DriverMemoryException)
        {
            _lost ??= e is BackendLostException ? e : new BackendLostException($"vulkan ({_device.Name})", e.Message.TrimEnd('.'), e);
            throw _lost;
        }
    }

    // Takes back the command buffers of finished submissions, and learns from them how fast the device is.
    private void Collect()
    {
        if (_submitted.Count == 0)
        {
            return;
        }

        var completed = Completed();
        var times = stackalloc ulong[2];
        while (_submitted.TryPeek(out var submission) && submission.Value <= completed)
        {
            _submitted.Dequeue();
            _idle.Push((submission.Commands, submission.Slot));
            if (!_device.HasTimestamps)
            {
                continue;
            }

            var result = _vk.GetQueryPoolResults(
                _device.Logical, _timestamps, 2 * submission.Slot, 2, 2 * sizeof(ulong), times, sizeof(ulong), QueryResultFlags.Result64Bit);
            var seconds = (times[1] - times[0]) * (double)_device.Properties.Limits.TimestampPeriod * 1e-9;
            if (result == Result.Success && times[1] > times[0])
            {
                BusySeconds += seconds;
                if (submission.Work > 1e6)
                {
                    _rate = Math.Clamp((0.7 * _rate) + (0.3 * submission.Work / seconds), 1e8, 1e15);
                }
            }
        }
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
                _stage = HostBlock(_stagingBytes, 0);
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
            _readBack = HostBlock(Math.Max(64L << 10, bytes), MemoryPropertyFlags.HostCachedBit);
        }
    }

    private DeviceBlock HostBlock(long bytes, MemoryPropertyFlags wished)
    {
        try
        {
            _device.Doing($"an allocation of {bytes} bytes of host memory");
            return new DeviceBlock(_device, bytes, MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit, wished);
        }
        catch (DriverMemoryException e)
        {
            throw new BackendOutOfMemoryException($"vulkan ({_device.Name}), for copies from and to the host,", bytes, 0, 0, null, e);
        }
    }

    private readonly record struct Submission(CommandBuffer Commands, uint Slot, ulong Value, double Work);
}
