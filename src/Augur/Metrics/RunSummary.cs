using Augur.Pipelines;

namespace Augur.Metrics;

/// <summary>Sums and means over the reports of several samples.</summary>
public sealed record RunSummary
{
    private readonly IReadOnlyList<GenerationReport> _reports;

    /// <summary>Summarises reports.</summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public RunSummary(IReadOnlyList<GenerationReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        _reports = reports.Count > 0 ? reports : throw new ArgumentException("A summary needs at least one report.");
        Cost = reports.Aggregate(new RunCost(), (sum, report) => sum + report.Cost);
    }

    /// <summary>Number of samples.</summary>
    public int Samples => _reports.Count;

    /// <summary>Network calls of all samples; a guided call (two rows) counts once.</summary>
    public int Calls => _reports.Sum(r => r.Calls.Count);

    /// <summary>Calls computed in full, including those after a rejected draft.</summary>
    public int Computed => _reports.Sum(r => r.Computed);

    /// <summary>Calls with forecast or reused features, including partly computed ones and those whose draft was rejected.</summary>
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

    /// <summary>Share of the verified drafts that passed, 0 to 1; null if none was verified.</summary>
    public double? AcceptanceRate => Verified == 0 ? null : (double)Accepted / Verified;

    /// <summary>Mean over the samples of the mean number of consecutive calls whose draft was kept.</summary>
    public double MeanDraftRun => _reports.Average(r => r.MeanDraftRun);

    /// <summary>Cost of what was executed.</summary>
    public RunCost Cost { get; }

    /// <summary>Network FLOPs of the same runs without a caching method. One multiply-add is 2 FLOPs.</summary>
    public long UncachedFlops => _reports.Sum(r => r.UncachedFlops);

    /// <summary>FLOPs of the uncached runs over those executed.</summary>
    public double FlopsSpeedup => UncachedFlops / (double)Math.Max(1, Cost.TotalFlops);

    /// <summary>Share of the executed FLOPs that verified drafts, 0 to 1.</summary>
    public double VerificationShare => Cost.VerifyFlops / (double)Math.Max(1, Cost.TotalFlops);

    /// <summary>
    /// Estimated time of the uncached runs over the time taken, from these runs alone (see <see cref="GenerationReport.EstimatedTimeSpeedup"/>); null
    /// if no call was computed.
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

    /// <summary>Largest number of bytes that the cached features of one sample took.</summary>
    public long PeakCacheBytes => _reports.Max(r => r.PeakCacheBytes);

    /// <summary>The distinct notes of the reports.</summary>
    public IReadOnlyList<string> Notes => [.. _reports.Select(r => r.Note).OfType<string>().Distinct()];
}
