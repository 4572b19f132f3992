namespace Augur.Cli.Commands.Bench;

/// <summary>What <c>augur bench --json</c> prints: what was drawn and on what, where the files are, and a row for each policy.</summary>
internal sealed record BenchOutput(BenchHeader Run, string Table, string Csv, string Page, IReadOnlyList<BenchRowOutput> Rows,
    IReadOnlyList<string> Notes);

/// <summary>One policy: calls and cost per picture, and every metric that has a value, with its 95 % interval.</summary>
internal sealed record BenchRowOutput(
    string Policy, int Pictures, double CallsComputed, double CallsKept, double CallsRejected, double CallsPartial, double FlopsSpeedup,
        double TimeSpeedup,
    double SecondsPerPicture, long PeakCacheBytes, double WorstPsnr, IReadOnlyDictionary<string, MetricValue> Metrics, string Command)
{
    public static BenchRowOutput Of(BenchRow row, IReadOnlyList<BenchMetric> metrics, string command) => new(
        row.Policy,
        row.Pictures.Count,
        row.CallsPerPicture("CR"),
        row.CallsPerPicture("dat"),
        row.CallsPerPicture("R"),
        row.CallsPerPicture("p"),
        row.FlopsSpeedup,
        row.TimeSpeedup,
        row.SecondsPerPicture,
        row.PeakCacheBytes,
        row.WorstPsnr,
        metrics.Where(m => double.IsFinite(row.ValueOf(m).Mean)).ToDictionary(m => m.Title, row.ValueOf),
        command);
}
