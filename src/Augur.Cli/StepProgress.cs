using System.Diagnostics;
using System.Globalization;
using Augur.Pipelines;
using Spectre.Console;

namespace Augur.Cli;

/// <summary>
/// Progress of a run that counts steps: a bar with rate and remaining time on a terminal; in a pipe a plain line every tenth, and where steps are
/// long every half minute.
/// </summary>
internal sealed class StepProgress(TextWriter writer, long total)
{
    private static readonly TimeSpan s_longestSilence = TimeSpan.FromSeconds(30);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private long _total = total;
    private long _done;
    private long _reported;
    private long _reportedTenth;
    private TimeSpan _reportedAt;
    private ProgressTask? _task;

    /// <summary>What is being done now, in a few words.</summary>
    public string Title { get; set; } = "drawing";

    /// <summary>One of what is counted.</summary>
    public string Unit { get; init; } = "step";

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

    /// <summary>Encodes the prompts of requests, and says so; nothing for a model of classes.</summary>
    public async Task EncodeAsync(DiffusionModel model, IReadOnlyList<GenerationRequest> requests)
    {
        if (!model.TakesPrompts)
        {
            return;
        }

        var title = Title;
        Title = "encoding prompts";
        if (_task is { } task)
        {
            task.Description = Title;
        }

        var clock = Stopwatch.StartNew();
        var (count, warnings) = await Task.Run(() => model.EncodePrompts(requests));
        if (_task is null && count > 0)
        {
            await writer.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "prompt" : "prompts")} encoded in {clock.Elapsed.TotalSeconds:0.0} s"));
        }

        foreach (var warning in warnings)
        {
            await writer.WriteLineAsync(Printable.Line($"augur: {warning}"));
        }

        Title = title;
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
    public void Advance() => Advance(1);

    /// <summary>So many more; from any thread.</summary>
    public void Advance(int steps)
    {
        var done = Interlocked.Add(ref _done, steps);
        if (_task is { } task)
        {
            task.Description = $"{Markup.Escape(Printable.Line(Title))}, {Rate(done)}";
            task.Value = done;
            return;
        }

        if (writer == TextWriter.Null)
        {
            return;
        }

        var all = Volatile.Read(ref _total);
        var tenth = done * 10 / Math.Max(1, all);
        lock (_lock)
        {
            if (done > _reported && (tenth > _reportedTenth || _clock.Elapsed - _reportedAt >= s_longestSilence))
            {
                (_reported, _reportedTenth, _reportedAt) = (done, tenth, _clock.Elapsed);
                var left = (all - done) * _clock.Elapsed.TotalSeconds / done;
                writer.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{done * 100 / Math.Max(1, all)}% of {all} {Unit}s, {Rate(done)}, {left:0} s left"));
            }
        }
    }

    private string Rate(long done)
    {
        var rate = done / Math.Max(1e-6, _clock.Elapsed.TotalSeconds);
        return rate >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{rate:0.0} {Unit}s/s")
            : string.Create(CultureInfo.InvariantCulture, $"{1 / rate:0.0} s/{Unit}");
    }
}
