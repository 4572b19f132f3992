using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Augur.Cli;

/// <summary>Progress of a run that counts steps: a bar with rate and remaining time on a terminal, a plain line every tenth in a pipe.</summary>
internal sealed class StepProgress(TextWriter writer, long total)
{
    private long _total = total;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private long _done;
    private long _reported;
    private ProgressTask? _task;

    /// <summary>What is being done now, in a few words.</summary>
    public string Title { get; set; } = "drawing";

    /// <summary>Runs the work while showing it. Without work to show (a null writer) it is silent.</summary>
    public async Task RunAsync(Func<Task> work)
    {
        if (writer == TextWriter.Null || Console.IsErrorRedirected || _total == 0)
        {
            await work();
            return;
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                _task = progress.AddTask(Markup.Escape(Title), maxValue: _total);
                await work();
            });
    }

    /// <summary>There is more to do, or less, than was thought at the beginning.</summary>
    public void Extend(long steps)
    {
        var total = Interlocked.Add(ref _total, steps);
        if (_task is { } task)
        {
            task.MaxValue = total;
        }
    }

    /// <summary>One more step of one picture; from any thread.</summary>
    public void Advance()
    {
        var done = Interlocked.Increment(ref _done);
        var rate = done / Math.Max(1e-6, _clock.Elapsed.TotalSeconds);
        if (_task is { } task)
        {
            task.Description = string.Create(CultureInfo.InvariantCulture, $"{Markup.Escape(Title)}, {rate:0} steps/s");
            task.Value = done;
            return;
        }

        var total = Volatile.Read(ref _total);
        var tenth = done * 10 / total;
        if (writer != TextWriter.Null && tenth > Volatile.Read(ref _reported) && tenth > Interlocked.Exchange(ref _reported, tenth))
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{tenth * 10}% of {total} steps, {rate:0.0} steps/s, {(total - done) / rate:0} s left"));
        }
    }
}
