using System.Diagnostics;
using System.Globalization;
using Augur.Tuning;

namespace Augur.Cli.Commands.Tune;

/// <summary>Says how far a search is: a line for every new best, and one every few seconds with the time that remains.</summary>
/// <param name="writer">Where to.</param>
/// <param name="every">Between lines that have no new best.</param>
/// <param name="isOfTexts">Whether texts are written; otherwise pictures are drawn.</param>
internal sealed class TuneProgress(TextWriter writer, TimeSpan every, bool isOfTexts = false)
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
            writer.WriteLine(Printable.Line(Line(progress, now, isOfTexts)));
        }
    }

    internal static string Line(SearchProgress progress, TimeSpan elapsed, bool isOfTexts = false)
    {
        const double Known = 0.02; // of the work; before that the rest is a guess
        var (unit, making, samples) = isOfTexts ? ("% the same", "writing", "texts") : ("dB", "drawing", "pictures");
        var what = progress switch
        {
            { IsNewBest: true, Best: { } best } =>
                string.Create(CultureInfo.InvariantCulture, $"{best.FlopsSpeedup:0.00}x  {best.MeanQuality:0.0} {unit}  {best.Policy}"),
            { Stage: SearchStage.Uncached } => $"{making} the {samples} without a method",
            { Stage: SearchStage.Judging } => $"judging the best on all {samples}",
            { Stage: SearchStage.HeldOut } => $"{making} {samples} that the search never saw",
            { Best: { } best } =>
                string.Create(CultureInfo.InvariantCulture, $"best so far {best.FlopsSpeedup:0.00}x  {best.MeanQuality:0.0} {unit}"),
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
