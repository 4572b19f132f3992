using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Cli.Commands.Generate;

/// <summary>What a caching method did and saved, all pictures together, as <c>--json</c> prints it. FLOPs: a multiply-add is 2.</summary>
internal sealed record CachingOutput(
    int CallsComputed, int CallsKept, int CallsVerified, int CallsAccepted, int CallsRejected, int CallsTolerated,
    double? AcceptanceRate, double MeanDraftRun, FlopsOutput Flops, SecondsOutput Seconds, long PeakCacheBytes,
    double FlopsSpeedup, double? EstimatedTimeSpeedup, IReadOnlyList<string> Notes)
{
    public static CachingOutput Of(RunSummary summary) => new(
        summary.Computed,
        summary.Kept,
        summary.Verified,
        summary.Accepted,
        summary.Rejected,
        summary.Tolerated,
        summary.AcceptanceRate,
        summary.MeanDraftRun,
        new FlopsOutput(
            summary.Cost.TotalFlops, summary.UncachedFlops, summary.Cost.ComputeFlops, summary.Cost.DraftFlops, summary.Cost.ForecastFlops,
                summary.Cost.VerifyFlops, summary.VerificationShare),
        new SecondsOutput(
            summary.Cost.ComputeTime.TotalSeconds, summary.Cost.ForecastTime.TotalSeconds, summary.Cost.VerifyTime.TotalSeconds,
                summary.Cost.SamplerTime.TotalSeconds, summary.Cost.DecodeTime.TotalSeconds),
        summary.PeakCacheBytes,
        summary.FlopsSpeedup,
        summary.EstimatedTimeSpeedup,
        summary.Notes);
}

/// <summary>Network FLOPs by part. Draft is what drafted calls took outside forecasts and verification.</summary>
internal sealed record FlopsOutput(long Executed, long Uncached, long Compute, long Draft, long Forecast, long Verification,
    double VerificationShare);

/// <summary>Seconds by part, shared calls divided by rows.</summary>
internal sealed record SecondsOutput(double Compute, double Forecast, double Verify, double Sampler, double Decode);

/// <summary>
/// One picture's calls: a letter each (C computed, d drafted, a accepted, R rejected, t tolerated, p partial), where a draft was verified its error
/// and threshold, and with an audit the true error.
/// </summary>
internal sealed record SampleOutput(
    string Calls, IReadOnlyList<double?> Errors, IReadOnlyList<double?> Thresholds, IReadOnlyList<double?>? TrueErrors, long ExecutedFlops,
        double FlopsSpeedup, long PeakCacheBytes, string? Note)
{
    public static SampleOutput Of(GenerationReport report) => new(
        string.Concat(report.Marks.Select(m => m.Letter)),
        [.. report.Calls.Select(c => c.Error)],
        [.. report.Calls.Select(c => c.Threshold)],
        report.Audit?.TrueErrors,
        report.Cost.TotalFlops,
        report.FlopsSpeedup,
        report.PeakCacheBytes,
        report.Note);
}
