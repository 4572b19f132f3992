using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Augur.Bench;

/// <summary>Seconds per call: the best and the median of the rounds.</summary>
internal readonly record struct Lap(double Best, double Median)
{
    /// <summary>Rates for work of so many GFLOP, "best/median".</summary>
    public string Rate(double gigaFlops) => $"{gigaFlops / Best:F0}/{gigaFlops / Median:F0}";

    public override string ToString() => $"{Best * 1e3:F2}/{Median * 1e3:F2}";
}

/// <summary>
/// Runs contenders in turn in short slices, in an order that rotates, so that what else the machine does falls on all of them alike.
/// </summary>
internal static unsafe partial class PairedTiming
{
    private const int ThreadCpuClock = 3;

    // The peers' worker threads spin for a while after their last call and would take a core from whoever comes next.
    private static readonly TimeSpan s_untilPeersRest = TimeSpan.FromMilliseconds(60);

    public static Lap[] Run(bool oneThread, int rounds, double sliceSeconds, params ReadOnlySpan<Action> contenders)
    {
        var repeats = new int[contenders.Length];
        var laps = new List<double>[contenders.Length];
        for (var i = 0; i < contenders.Length; i++)
        {
            contenders[i]();
            contenders[i]();
            var start = Now(oneThread);
            do
            {
                contenders[i]();
                repeats[i]++;
            }
            while (Now(oneThread) - start < sliceSeconds);
            laps[i] = [];
        }

        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < contenders.Length; turn++)
            {
                var i = (turn + round) % contenders.Length;
                if (!oneThread)
                {
                    Thread.Sleep(s_untilPeersRest);
                }

                contenders[i]();
                var start = Now(oneThread);
                for (var r = 0; r < repeats[i]; r++)
                {
                    contenders[i]();
                }

                laps[i].Add((Now(oneThread) - start) / repeats[i]);
            }
        }

        return [.. laps.Select(l => new Lap(l.Min(), l.Order().ElementAt(l.Count / 2)))];
    }

    /// <summary>CPU time of this thread where only it works (immune to time slicing), wall time otherwise.</summary>
    private static double Now(bool oneThread)
    {
        if (oneThread && OperatingSystem.IsLinux())
        {
            Timespec time;
            _ = ClockGetTime(ThreadCpuClock, &time);
            return time.Seconds + (time.Nanoseconds * 1e-9);
        }

        return Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ClockGetTime(int clock, Timespec* time);

    private struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
