using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Augur.Cli;

/// <summary>
/// Progress of a run that counts steps: a bar with rate and remaining time on a terminal; in a pipe a plain line every tenth, and where steps are long every half minute.
/// </summary>
internal sealed class StepProgress(TextWriter writer, long total)
{
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromSeconds(30);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private long _total = total;
    private long _done;
    private long _reportedTenth;
    private TimeSpan _reportedAt;
    private ProgressTask? _task;

    /// <summary>What is being done now, in a few words.</summary>
    public string Title { get; set; } = "drawing";

    /// <summary>What is counted.</summary>
    public string Unit { get; init; } = "steps";

    /// <summary>Runs the work while showing it. Without work to show (a null writer) it is silent.</summary>
    public async Task RunAsync(Func<Task> work)
    {
        if (writer == TextWriter.Null || Terminal.On(writer) is not { } console || _total == 0)
        {
            await work();
            return;
        }

        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                _task = progress.AddTask(Markup.Escape(Printable.Line(Title)), maxValue: _total);
                await work();
            });
    }

    /// <summary>There is more to do, or less, than was thought at the beginning.</summary>
    public void Extend(long steps)
    {
        var now = Interlocked.Add(ref _total, steps);
        if (_task is { } task)
        {
            task.MaxValue = now;
        }
    }

    /// <summary>One more step of one picture; from any thread.</summary>
    public void Advance()
    {
        var done = Interlocked.Increment(ref _done);
        if (_task is { } task)
        {
            task.Description = $"{Markup.Escape(Printable.Line(Title))}, {Rate(done)}";
            task.Value = done;
            return;
        }

        var all = Volatile.Read(ref _total);
        if (writer != TextWriter.Null && IsDue(done, all))
        {
            var left = (all - done) * _clock.Elapsed.TotalSeconds / done;
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done * 100 / Math.Max(1, all)}% of {all} {Unit}, {Rate(done)}, {left:0} s left"));
        }
    }

    private bool IsDue(long done, long all)
    {
        lock (_lock)
        {
            var tenth = done * 10 / Math.Max(1, all);
            if (tenth <= _reportedTenth && _clock.Elapsed - _reportedAt < s_longestSilence)
            {
                return false;
            }

            (_reportedTenth, _reportedAt) = (Math.Max(tenth, _reportedTenth), _clock.Elapsed);
            return true;
        }
    }

    private string Rate(long done)
    {
        var rate = done / Math.Max(1e-6, _clock.Elapsed.TotalSeconds);
        return rate >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{rate:0.0} {Unit}/s") : string.Create(CultureInfo.InvariantCulture, $"{1 / rate:0.0} s for one of the {Unit}");
    }
}
