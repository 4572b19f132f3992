namespace Augur.Pipelines;

/// <summary>The one place where the engine takes times for reports.</summary>
/// <param name="time">The clock.</param>
internal sealed class CallClock(TimeProvider time)
{
    /// <summary>The clock, for what takes times within a call.</summary>
    public TimeProvider Time => time;

    /// <summary>A moment, to measure from.</summary>
    public long Now() => time.GetTimestamp();

    /// <summary>What has passed since a moment.</summary>
    public TimeSpan Since(long began) => time.GetElapsedTime(began, Now());
}
