using Augur.Caching;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Tests.Metrics;

public sealed class AuditSummaryTests
{
    [Fact]
    public void Without_an_audit_there_is_no_summary() =>
        Assert.Null(AuditSummary.Of([Report([(CallKind.Drafted, null, 0.1)]) with { Audit = null }]));

    [Fact]
    public void Samples_without_an_audit_keep_their_number()
    {
        var audit = AuditSummary.Of([Report([]) with { Audit = null }, Report([(CallKind.Computed, null, null), (CallKind.Drafted, null, 0.1)])])!;
        var point = Assert.Single(audit.Points);
        Assert.Equal((1, 1, 1.0, "drafted", 0.1, 2), (point.Sample, point.CallIndex, point.Progress, point.Mark.Word, point.TrueError, audit.Calls));
    }

    [Fact]
    public void Costs_add_up()
    {
        var report = Report([(CallKind.Drafted, null, 0.1)]);
        var audit = AuditSummary.Of([report, report])!;
        Assert.Equal((14L, TimeSpan.FromSeconds(4)), (audit.Flops, audit.Time));
    }

    [Fact]
    public void A_verifier_that_is_a_constant_factor_off_correlates_fully()
    {
        var audit = AuditSummary.Of([Report(
            [(CallKind.Accepted, 0.001, 0.05), (CallKind.Accepted, 0.002, 0.1), (CallKind.Rejected, 0.01, 0.5), (CallKind.Drafted, null, 9)])])!;
        Assert.Equal((3, 1.0, 1.0), (audit.Comparable, Math.Round(audit.Spearman!.Value, 9), Math.Round(audit.Pearson!.Value, 9)));
        Assert.Equal(50, audit.MedianRatio!.Value, 9);
        Assert.Equal([("drafted", 9), ("accepted", 0.05), ("rejected", 0.5)], audit.MedianTrueErrors.Select(m => (m.Mark.Word, m.Median)));
    }

    [Fact]
    public void Within_calls_only_the_samples_of_the_same_call_count()
    {
        // Along the run both errors rise; at each call the sample with the larger verified error has the smaller true one.
        var audit = AuditSummary.Of([
            Report([(CallKind.Accepted, 0.001, 0.02), (CallKind.Accepted, 0.1, 2), (CallKind.Accepted, 5, 5)]),
            Report([(CallKind.Accepted, 0.002, 0.01), (CallKind.Accepted, 0.2, 1)])])!;
        Assert.True(audit.Pearson > 0.8, $"{audit.Pearson}");
        Assert.Equal(-1, audit.PearsonWithinCalls!.Value, 9);
    }

    [Fact]
    public void Accepted_drafts_are_held_against_what_was_allowed()
    {
        var audit = AuditSummary.Of([Report([
            (CallKind.Accepted, 0.1, 0.15), (CallKind.Accepted, 0.1, 0.25), (CallKind.Accepted, 0.1, 0.6), (CallKind.Accepted, 0.1, double.NaN),
                (CallKind.Rejected, 0.3, 9), (CallKind.Drafted, null, 9)])])!;
        Assert.Equal((0.75, 0.5, 1), (audit.AcceptedAboveThreshold, audit.AcceptedAbove(0.5), audit.NotFinite)); // the threshold is 0.2
        Assert.Equal(0.25, audit.MedianTrueErrors[1].Median);
    }

    [Fact]
    public void What_cannot_be_compared_is_left_out_and_nothing_is_said_of_nothing()
    {
        var audit = AuditSummary.Of([Report([
            (CallKind.Accepted, 0, 0.1), (CallKind.Accepted, double.NaN, 0.1), (CallKind.Accepted, 0.1, 0),
                (CallKind.Accepted, 0.1, double.PositiveInfinity)])])!;
        Assert.Equal((4, 0, 1), (audit.Points.Count, audit.Comparable, audit.NotFinite));
        Assert.Equal((null, null, null, null), (audit.Spearman, audit.Pearson, audit.PearsonWithinCalls, audit.MedianRatio));
        Assert.Empty(audit.BinnedMedians(8));
        Assert.Null(AuditSummary.Of([Report([(CallKind.Drafted, null, 1)])])!.AcceptedAboveThreshold);
    }

    [Fact]
    public void Binned_medians_follow_the_points_in_order()
    {
        var audit =
            AuditSummary.Of([Report([.. Enumerable.Range(1, 20).Reverse().Select(i => (CallKind.Accepted, (double?)i, (double?)(10.0 * i)))])])!;
        Assert.Equal([(3, 30), (8, 80), (13, 130), (18, 180)], audit.BinnedMedians(8));
        Assert.Equal([(10, 100)], audit.BinnedMedians(1));
    }

    private static GenerationReport Report((CallKind Kind, double? Verified, double? True)[] calls) => new()
    {
        Policy = "speca",
        Sampler = "ddim",
        Steps = calls.Length,
        Calls = [.. calls.Select(c => new CallOutcome(c.Kind, c.Verified, c.Verified is null ? null : 0.2))],
        Cost = new RunCost(),
        UncachedFlops = 0,
        PeakCacheBytes = 0,
        Audit = new AuditReport { TrueErrors = [.. calls.Select(c => c.True)], Flops = 7, Time = TimeSpan.FromSeconds(2) },
    };
}
