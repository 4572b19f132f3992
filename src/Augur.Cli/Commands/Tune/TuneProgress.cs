using System.Diagnostics;
using System.Globalization;
using Augur.Tuning;

namespace Augur.Cli.Commands.Tune;

/// <summary>Says how far a search is: a line for every new best, and one every few seconds with the time that remains.</summary>
/// <param name="writer">Where to.</param>
/// <param name="every">Between lines that have no new best.</param>
internal sealed class TuneProgress(TextWriter writer, TimeSpan every)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private TimeSpan _written;

    /// <summary>Since the beginning.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    public void Report(SearchProgress progress)
    {
        lock (_lock)
        {
            var now = _clock.Elapsed;
            if (!progress.IsNewBest && now - _written < every)
            {
                return;
            }

            _written = now;
            writer.WriteLine(Printable.Line(Line(progress, now)));
        }
    }

    internal static string Line(SearchProgress progress, TimeSpan elapsed)
    {
        const double Known = 0.02; // of the work; before that the rest is a guess
        var what = progress switch
        {
            { IsNewBest: true, Best: { } best } =>
                string.Create(CultureInfo.InvariantCulture, $"{best.FlopsSpeedup:0.00}x  {best.MeanPsnr:0.0} dB  {best.Policy}"),
            { Stage: SearchStage.Uncached } => "drawing the pictures without a method",
            { Stage: SearchStage.Judging } => "judging the best on all pictures",
            { Stage: SearchStage.HeldOut } => "drawing pictures that the search never saw",
            { Best: { } best } => string.Create(CultureInfo.InvariantCulture, $"best so far {best.FlopsSpeedup:0.00}x  {best.MeanPsnr:0.0} dB"),
            _ => "trying settings",
        };
        var rest = progress.Share < Known ? ""
            : string.Create(CultureInfo.InvariantCulture, $", about {Duration(elapsed * ((1 - progress.Share) / progress.Share))} left");
        return string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds,5:0} s  {progress.Tried} of {progress.Limit} tried{rest}  {what}");
    }

    private static string Duration(TimeSpan time) => time.TotalSeconds < 100
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");
}
