using Silk.NET.Vulkan;
using Semaphore = Silk.NET.Vulkan.Semaphore;

namespace Augur.Vulkan;

/// <content>Submissions: command buffers opened, handed over, waited for, taken back.</content>
internal sealed unsafe partial class VulkanQueue
{
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

    /// <summary>Submits what is recorded.</summary>
    /// <returns>The value at which all of it is complete.</returns>
    public ulong Flush()
    {
        lock (_lock)
        {
            Submit();
            return _lastValue;
        }
    }

    /// <summary>What is recorded from now on comes after a copy of <see cref="VulkanTransfers"/>.</summary>
    public void WaitFor(Semaphore copies, ulong value)
    {
        lock (_lock)
        {
            Submit();
            _copies = (copies, Math.Max(value, _copies.Value));
        }
    }

    /// <summary>A value of a timeline, to be waited for or given.</summary>
    internal static SemaphoreSubmitInfo At(Semaphore timeline, ulong value) => new()
    {
        SType = StructureType.SemaphoreSubmitInfo,
        Semaphore = timeline,
        Value = value,
        StageMask = PipelineStageFlags2.AllCommandsBit,
    };

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
                // What was submitted is waited for also after a failure: a device that is lost answers at once, any other still runs it.
                foreach (var step in (Action[])[Submit, () => Wait(_lastValue)])
                {
                    try
                    {
                        step();
                    }
                    catch (Exception e) when (e is BackendLostException or InvalidOperationException)
                    {
                        // Its objects are destroyed all the same.
                    }
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
        _mostOperations = _submitted.Count == 0 ? FirstOperations : OperationsPerSubmission;
        if (_device.HasTimestamps)
        {
            _vk.CmdResetQueryPool(_commands, _timestamps, 2 * _slot, 2);
            _vk.CmdWriteTimestamp2(_commands, PipelineStageFlags2.AllCommandsBit, _timestamps, 2 * _slot);
        }

        Barrier(s_allToAll); // submissions of one queue start in order but may overlap
    }

    private void Count(double work, string what)
    {
        _device.Doing(what);
        _work += work;
        if (++_operations >= _mostOperations || _work >= _rate * SubmissionSeconds)
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
        var (signal, wait) = (At(_timeline, value), At(_copies.Timeline, _copies.Value));
        var info = new SubmitInfo2
        {
            SType = StructureType.SubmitInfo2,
            CommandBufferInfoCount = 1,
            PCommandBufferInfos = &commands,
            WaitSemaphoreInfoCount = _copies.Value > 0 ? 1u : 0,
            PWaitSemaphoreInfos = &wait,
            SignalSemaphoreInfoCount = 1,
            PSignalSemaphoreInfos = &signal,
        };
        Guarded(() => _device.Submit(_device.Queue, in info));
        _copies = default;
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

    private readonly record struct Submission(CommandBuffer Commands, uint Slot, ulong Value, double Work);
}
