using Silk.NET.Vulkan;
using Semaphore = Silk.NET.Vulkan.Semaphore;

namespace Augur.Vulkan;

/// <summary>
/// Copies from the host beside what is computed: on the device's own engine for copies, if it has one, otherwise in a second queue, otherwise between
/// submissions of the only queue. Not thread-safe.
/// </summary>
internal sealed unsafe class VulkanTransfers : IDisposable
{
    private const int StagingBlocks = 3;
    private const long StagingBytes = 16L << 20;

    private readonly VulkanDevice _device;
    private readonly Vk _vk;
    private readonly Semaphore _timeline;
    private readonly CommandPool _pool;
    private readonly Queue<(CommandBuffer Commands, DeviceBlock Block, ulong Value)> _submitted = new();
    private readonly Stack<CommandBuffer> _idle = new();
    private ulong _value;

    public VulkanTransfers(VulkanDevice device)
    {
        (_device, _vk) = (device, device.Vk);
        var type = new SemaphoreTypeCreateInfo { SType = StructureType.SemaphoreTypeCreateInfo, SemaphoreType = SemaphoreType.Timeline };
        var semaphore = new SemaphoreCreateInfo { SType = StructureType.SemaphoreCreateInfo, PNext = &type };
        device.Check(_vk.CreateSemaphore(device.Logical, &semaphore, null, out _timeline));
        var pool = new CommandPoolCreateInfo
        {
            SType = StructureType.CommandPoolCreateInfo,
            QueueFamilyIndex = device.TransferFamily,
            Flags = CommandPoolCreateFlags.ResetCommandBufferBit,
        };
        device.Check(_vk.CreateCommandPool(device.Logical, &pool, null, out _pool));
    }

    /// <summary>Rises to the value of each copy that is complete.</summary>
    public Semaphore Timeline => _timeline;

    /// <summary>Copies host bytes, which are taken before the call returns.</summary>
    /// <param name="source">The bytes.</param>
    /// <param name="destination">At least as large.</param>
    /// <param name="readers">The queue whose work read what lies there.</param>
    /// <param name="read">The value of its last submission that did; it was submitted.</param>
    /// <param name="written">The value of the copy that wrote there last; 0: none.</param>
    /// <returns>The value at which all of them are there.</returns>
    public ulong Upload(ReadOnlySpan<byte> source, DeviceSpan destination, VulkanQueue readers, ulong read, ulong written)
    {
        long at = 0;
        while (source.Length > 0)
        {
            var count = (int)Math.Min(source.Length, StagingBytes);
            var (commands, block) = Take();
            source[..count].CopyTo(new Span<byte>(block.Mapped, count));
            Record(commands, block, destination, at, count);
            Submit(commands, readers.Timeline, read, written);
            _submitted.Enqueue((commands, block, _value));
            source = source[count..];
            at += count;
        }

        return _value;
    }

    /// <summary>Waits until a copy is complete.</summary>
    public void Wait(ulong value)
    {
        var semaphore = _timeline;
        var wait = new SemaphoreWaitInfo { SType = StructureType.SemaphoreWaitInfo, SemaphoreCount = 1, PSemaphores = &semaphore, PValues = &value };
        _device.CheckCall("vkWaitSemaphores", _vk.WaitSemaphores(_device.Logical, &wait, ulong.MaxValue));
    }

    /// <summary>Waits for all copies, and gives their host memory back.</summary>
    public void Finish()
    {
        while (_submitted.TryPeek(out var oldest))
        {
            Wait(oldest.Value);
            _submitted.Dequeue();
            _idle.Push(oldest.Commands);
            oldest.Block.Destroy();
        }
    }

    public void Dispose()
    {
        try
        {
            Finish();
        }
        catch (Exception e) when (e is BackendLostException or DriverMemoryException)
        {
            while (_submitted.TryDequeue(out var copy)) // of a lost device nothing is waited for
            {
                copy.Block.Destroy();
            }
        }

        _vk.DestroyCommandPool(_device.Logical, _pool, null);
        _vk.DestroySemaphore(_device.Logical, _timeline, null);
    }

    // Host memory and a command buffer: new ones at first, then those of the oldest copy.
    private (CommandBuffer Commands, DeviceBlock Block) Take()
    {
        if (_submitted.Count >= StagingBlocks)
        {
            var oldest = _submitted.Peek();
            Wait(oldest.Value);
            _submitted.Dequeue();
            return (oldest.Commands, oldest.Block);
        }

        if (!_idle.TryPop(out var commands))
        {
            var allocate = new CommandBufferAllocateInfo
            {
                SType = StructureType.CommandBufferAllocateInfo,
                CommandPool = _pool,
                Level = CommandBufferLevel.Primary,
                CommandBufferCount = 1,
            };
            _device.Check(_vk.AllocateCommandBuffers(_device.Logical, &allocate, &commands));
        }

        try
        {
            return (commands, VulkanQueue.HostBlock(_device, StagingBytes, 0));
        }
        catch
        {
            _idle.Push(commands);
            throw;
        }
    }

    private void Record(CommandBuffer commands, DeviceBlock from, DeviceSpan to, long at, int bytes)
    {
        var begin = new CommandBufferBeginInfo { SType = StructureType.CommandBufferBeginInfo, Flags = CommandBufferUsageFlags.OneTimeSubmitBit };
        _device.Check(_vk.BeginCommandBuffer(commands, &begin));
        var copy = new BufferCopy { SrcOffset = 0, DstOffset = (ulong)(to.Offset + at), Size = (ulong)bytes };
        _vk.CmdCopyBuffer(commands, from.Buffer, to.Block.Buffer, 1, in copy);
        _device.Check(_vk.EndCommandBuffer(commands));
    }

    private void Submit(CommandBuffer commands, Semaphore readers, ulong read, ulong written)
    {
        var command = new CommandBufferSubmitInfo { SType = StructureType.CommandBufferSubmitInfo, CommandBuffer = commands };
        var waits = stackalloc SemaphoreSubmitInfo[] { VulkanQueue.At(readers, read), VulkanQueue.At(_timeline, written) };
        var signal = VulkanQueue.At(_timeline, _value + 1);
        var info = new SubmitInfo2
        {
            SType = StructureType.SubmitInfo2,
            CommandBufferInfoCount = 1,
            PCommandBufferInfos = &command,
            WaitSemaphoreInfoCount = 2, // for 0 nobody waits
            PWaitSemaphoreInfos = waits,
            SignalSemaphoreInfoCount = 1,
            PSignalSemaphoreInfos = &signal,
        };
        _device.Doing("a copy of weights");
        try
        {
            _device.Submit(_device.TransferQueue, in info);
        }
        catch (DriverMemoryException e)
        {
            throw new BackendLostException($"vulkan ({_device.Name})", e.Message.TrimEnd('.'), e);
        }

        _value++;
    }
}
