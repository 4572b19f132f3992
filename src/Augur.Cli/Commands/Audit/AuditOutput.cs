using Augur.Metrics;

namespace Augur.Cli.Commands.Audit;

/// <summary>
/// An audit as <c>--json</c> prints it; the calls themselves stand in each sample's errors, thresholds and trueErrors. Correlations are over the
/// verified calls, rejected ones among them; FLOPs and seconds are the audit's own and in no other figure.
/// </summary>
internal sealed record AuditOutput(
    int Calls, int Verified, int NotFinite, double? Spearman, double? PearsonOfLogarithms, double? PearsonWithinCalls, double? MedianRatio,
    double? AcceptedAboveThreshold, double? AcceptedAboveTenth, IReadOnlyDictionary<string, double> MedianTrueErrors, long Flops, double Seconds)
{
    public static AuditOutput? Of(AuditSummary? audit) => audit is null ? null : new(
        audit.Points.Count,
        audit.Comparable,
        audit.NotFinite,
        audit.Spearman,
        audit.Pearson,
        audit.PearsonWithinCalls,
        audit.MedianRatio,
        audit.AcceptedAboveThreshold,
        audit.AcceptedAbove(AuditText.Limit),
        audit.MedianTrueErrors.ToDictionary(m => m.Mark.Word, m => m.Median),
        audit.Flops,
        audit.Time.TotalSeconds);
}
