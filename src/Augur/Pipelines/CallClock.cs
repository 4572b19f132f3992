using Augur.Tensors;

namespace Augur.Pipelines;

/// <summary>The one place where the engine takes times for reports: after everything that was queued before is done.</summary>
/// <param name="time">The clock.</param>
/// <param name="backend">Where the work is queued.</param>
internal sealed class CallClock(TimeProvider time, IBackend backend)
{
    /// <summary>The clock, for what takes times within a call.</summary>
    public TimeProvider Time => time;

    /// <summary>A moment, to measure from.</summary>
    public long Now()
    {
        backend.Synchronize();
        return time.GetTimestamp();
    }

    /// <summary>What has passed since a moment.</summary>
    public TimeSpan Since(long began) => time.GetElapsedTime(began, Now());
}
