using Augur.Caching;
using Augur.Metrics;
using Augur.Pipelines;

namespace Augur.Tests.Metrics;

public sealed class RunSummaryTests
{
    [Fact]
    public void Reports_add_up()
    {
        var summary = new RunSummary([Report(CallKind.Computed, CallKind.Drafted, CallKind.Accepted),
            Report(CallKind.Computed, CallKind.Rejected, CallKind.Tolerated) with { PeakCacheBytes = 9 }]);
        Assert.Equal((2, 6, 3, 4, 3), (summary.Samples, summary.Calls, summary.Computed, summary.Drafted, summary.Verified));
        Assert.Equal((1, 1, 1), (summary.Accepted, summary.Rejected, summary.Tolerated));
        Assert.Equal(1.0 / 3, summary.AcceptanceRate);
        Assert.Equal(1.5, summary.MeanDraftRun);
        Assert.Equal(20, summary.Cost.TotalFlops);
        Assert.Equal(3, summary.FlopsSpeedup);
        Assert.Equal(0.2, summary.VerificationShare);
        Assert.Equal(9, summary.PeakCacheBytes);
        Assert.Equal(["a note"], summary.Notes);
    }

    [Fact]
    public void The_marks_of_a_report_are_its_outcomes() =>
        Assert.Equal("CdaRtp", string.Concat(Report([.. Enum.GetValues<CallKind>()]).Marks.Select(m => m.Letter)));

    [Fact]
    public void There_is_no_summary_of_nothing() => Assert.Throws<ArgumentException>(() => new RunSummary([]));

    private static GenerationReport Report(params CallKind[] kinds) => new()
    {
        Policy = "speca",
        Sampler = "ddim",
        Steps = kinds.Length,
        Calls = [.. kinds.Select(kind => new CallOutcome(kind, kind is CallKind.Computed or CallKind.Drafted ? null : 0.1))],
        Cost = new RunCost { ComputeFlops = 8, VerifyFlops = 2 },
        UncachedFlops = 30,
        PeakCacheBytes = 4,
        Note = "a note",
    };
}
