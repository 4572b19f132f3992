using System.Runtime.InteropServices;
using Silk.NET.Vulkan;
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
internal sealed unsafe partial class VulkanQueue : IDisposable
{
    private const int OperationsPerSubmission = 128;
    private const int FirstOperations = 24;            // where the device has nothing to do: it shall not wait for the host to record more
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
    private int _mostOperations;
    private double _work;
    private double _rate = FirstRate;
    private ulong _lastValue;
    private (Semaphore Timeline, ulong Value) _copies;  // for which the next submission waits
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

    /// <summary>Rises to the value of each submission that is complete.</summary>
    public Semaphore Timeline => _timeline;

    public long Submissions { get; private set; }

    /// <summary>Reads from the device, each a wait.</summary>
    public long Reads { get; private set; }

    /// <summary>Bytes that those reads brought to the host.</summary>
    public long BytesRead { get; private set; }

    public long Barriers { get; private set; }

    public long Dispatches { get; private set; }

    /// <summary>
    /// Bytes of what kernels and copies read and wrote, each once for each of them: what has to pass the device's memory or its caches.
    /// </summary>
    public long BytesTouched { get; private set; }

    /// <summary>Seconds the device was busy with finished submissions, where it has timestamps.</summary>
    public double BusySeconds { get; private set; }

    /// <summary>Operations a second, as measured so far.</summary>
    public double Rate => _rate;

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

    private void Order(ReadOnlySpan<DeviceRange> reads, ReadOnlySpan<DeviceRange> writes)
    {
        if (Meet(reads, _writes) || Meet(writes, _writes) || Meet(writes, _reads))
        {
            Barrier(s_allToAll);
        }

        _reads.AddRange(reads);
        _writes.AddRange(writes);
        foreach (var range in reads)
        {
            BytesTouched += range.Bytes;
        }

        foreach (var range in writes)
        {
            BytesTouched += range.Bytes;
        }
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
}
