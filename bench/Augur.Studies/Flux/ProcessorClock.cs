using System.Diagnostics;

namespace Augur.Studies.Flux;

/// <summary>A clock that shows this process's processor time, of all its threads: what a run costs while others use the machine.</summary>
internal sealed class ProcessorClock : TimeProvider
{
    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.Ticks;
    }
}
