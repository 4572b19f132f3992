using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>The reports of several samples in one.</summary>
public sealed record RunSummary
{
    private readonly IReadOnlyList<GenerationReport> _reports;

    /// <summary>Adds reports up.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public RunSummary(IReadOnlyList<GenerationReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        _reports = reports.Count > 0 ? reports : throw new ArgumentException("A summary needs at least one report.");
        Cost = reports.Aggregate(new RunCost(), (sum, report) => sum + report.Cost);
    }

    /// <summary>Samples.</summary>
    public int Samples => _reports.Count;

    /// <summary>Network calls of all samples; guided calls count once.</summary>
    public int Calls => _reports.Sum(r => r.Calls.Count);

    /// <summary>Calls computed in full, those of rejected drafts among them.</summary>
    public int Computed => _reports.Sum(r => r.Computed);

    /// <summary>Calls of which something was forecast or reused first, whatever became of the draft; those computed in part among them.</summary>
    public int Drafted => _reports.Sum(r => r.Drafted);

    /// <summary>Calls that were not computed in full; with <see cref="Computed"/> they are all calls.</summary>
    public int Kept => _reports.Sum(r => r.Kept);

    /// <summary>Drafts that were verified.</summary>
    public int Verified => _reports.Sum(r => r.Verified);

    /// <summary>Verified drafts that passed.</summary>
    public int Accepted => _reports.Sum(r => r.Accepted);

    /// <summary>Verified drafts that failed and were computed.</summary>
    public int Rejected => _reports.Sum(r => r.Rejected);

    /// <summary>Verified drafts that failed and were kept.</summary>
    public int Tolerated => _reports.Sum(r => r.Tolerated);

    /// <summary>Share of the verified drafts that passed, 0 to 1; null where none was verified.</summary>
    public double? AcceptanceRate => Verified == 0 ? null : (double)Accepted / Verified;

    /// <summary>Mean over the samples of the mean number of consecutive calls whose draft was kept.</summary>
    public double MeanDraftRun => _reports.Average(r => r.MeanDraftRun);

    /// <summary>What was executed.</summary>
    public RunCost Cost { get; }

    /// <summary>Network FLOPs of the same runs without a caching method. One multiply-add is 2 FLOPs.</summary>
    public long UncachedFlops => _reports.Sum(r => r.UncachedFlops);

    /// <summary>FLOPs of the uncached runs over those executed.</summary>
    public double FlopsSpeedup => UncachedFlops / (double)Math.Max(1, Cost.TotalFlops);

    /// <summary>Share of the executed FLOPs that verified drafts, 0 to 1.</summary>
    public double VerificationShare => Cost.VerifyFlops / (double)Math.Max(1, Cost.TotalFlops);

    /// <summary>
    /// Estimated time of the uncached runs over the time taken, from these runs alone (see <see cref="GenerationReport.EstimatedTimeSpeedup"/>); null
    /// where no call was computed.
    /// </summary>
    public double? EstimatedTimeSpeedup
    {
        get
        {
            var estimates = _reports.Where(r => r.EstimatedTimeSpeedup is not null).ToList();
            var taken = estimates.Sum(r => r.Cost.TotalTime.TotalSeconds);
            return taken <= 0 ? null : estimates.Sum(r => r.EstimatedTimeSpeedup!.Value * r.Cost.TotalTime.TotalSeconds) / taken;
        }
    }

    /// <summary>The most bytes that one sample's kept features took.</summary>
    public long PeakCacheBytes => _reports.Max(r => r.PeakCacheBytes);

    /// <summary>What the reports note, each note once.</summary>
    public IReadOnlyList<string> Notes => [.. _reports.Select(r => r.Note).OfType<string>().Distinct()];
}
